package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tile of the shipped table gives right answers. */
class ShippedTilesTest {
    static Stream<Arguments> devices() {
        return TestDevices.families();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void answersAreRight(Backend device, DType dtype) {
        ClBackend backend = (ClBackend) device;
        MatmulPrograms programs = backend.matmuls();
        MatmulTable before = programs.tuned();
        MatmulTrial trial = new MatmulTrial(backend, dtype, 1, 1, 1, 1);
        MatmulTrial.Product product = MatmulTuner.on(backend);
        int tried = 0;
        try {
            for (MatmulTile tile : tiles(dtype, programs.gpu())) {
                if (programs.fits(tile, dtype)) {
                    assertEquals("", trial.fault(product, tile), tile::toString);
                    tried++;
                }
            }
        } finally {
            programs.use(before);
        }
        assertTrue(tried > 0);
    }

    static List<MatmulTile> tiles(DType dtype, boolean gpu) {
        return MatmulPrograms.shipped().rows().stream()
                .filter(row -> row.dtype() == dtype && row.tile().gpu() == gpu)
                .map(MatmulTable.Row::tile)
                .distinct()
                .toList();
    }
}
