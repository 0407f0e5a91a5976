package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.DeviceException;
import org.clgrad.backend.TuningStep;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products that are wrong on purpose, on PoCL: other devices here are simulations. */
class MatmulTunerTest {
    private static List<Backend> devices() {
        return TestDevices.backends()
                .filter(backend -> backend.describe().platform().contains("Portable"))
                .toList();
    }

    private static ClBackend withTilesOfCpus(Backend device) {
        ClBackend backend = (ClBackend) device;
        Assumptions.assumeFalse(backend.matmuls().gpu(), "the search over GPU tiles takes minutes on a CPU");
        return backend;
    }

    private static MatmulTable tune(ClBackend backend, MatmulTrial.Product product, List<TuningStep> steps) {
        MatmulTable before = backend.matmuls().tuned();
        try {
            return new MatmulTuner(backend, backend.matmuls(), product)
                    .tune(List.of(DType.FLOAT32), List.of(MatmulShape.SMALL), steps::add);
        } finally {
            backend.matmuls().use(before);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void wrongAndFailingCandidatesAreDiscardedAndNamed(Backend device) {
        ClBackend backend = withTilesOfCpus(device);
        MatmulTrial.Product right = MatmulTuner.on(backend);
        int used = backend.matmuls().tile(DType.FLOAT32, MatmulShape.SMALL).get("ROWS");
        int failing = used == 4 ? 8 : 4;
        List<TuningStep> steps = new ArrayList<>();
        MatmulTable table = tune(
                backend,
                (tile, a, b, out) -> {
                    if (tile.get("ROWS") == failing) {
                        throw new DeviceException("no such tile");
                    }
                    if (tile.get("VECTORS") == 2) {
                        backend.fill(out, 1); // fast, and wrong
                    } else {
                        right.run(tile, a, b, out);
                    }
                },
                steps);
        assertEquals(1, table.rows().size());
        MatmulTile best = table.rows().get(0).tile();
        assertTrue(best.get("ROWS") == used && best.get("VECTORS") != 2, best::toString);
        for (int i = 0; i < steps.size(); i++) {
            TuningStep step = steps.get(i);
            assertEquals(i + 1, step.number());
            assertEquals(steps.size(), step.total());
            MatmulTile tile = MatmulTile.parse(step.candidate());
            boolean fails = tile.get("ROWS") == failing;
            boolean isWrong = !fails && tile.get("VECTORS") == 2;
            assertEquals(fails || isWrong, step.discarded(), step::toString);
            assertEquals(fails, step.result().startsWith("failed: no such tile"), step::toString);
            assertEquals(isWrong, step.result().startsWith("wrong: element"), step::toString);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void anotherTileIsTakenWhereTheOneInUseFails(Backend device) {
        ClBackend backend = withTilesOfCpus(device);
        MatmulTrial.Product right = MatmulTuner.on(backend);
        MatmulTile used = backend.matmuls().tile(DType.FLOAT32, MatmulShape.SMALL);
        MatmulTable table = tune(
                backend,
                (tile, a, b, out) -> {
                    if (tile.equals(used)) {
                        throw new DeviceException("no such tile");
                    }
                    if (tile.get("ROWS") == used.get("ROWS") && tile.get("VECTORS") == used.get("VECTORS")) {
                        right.run(tile, a, b, out);
                    } else {
                        backend.fill(out, 1);
                    }
                },
                new ArrayList<>());
        assertNotEquals(used, table.rows().get(0).tile());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void nothingIsKeptWhereEveryCandidateIsWrong(Backend device) {
        ClBackend backend = (ClBackend) device;
        DeviceException e = assertThrows(
                DeviceException.class,
                () -> tune(backend, (tile, a, b, out) -> backend.fill(out, Double.NaN), new ArrayList<>()));
        assertTrue(e.getMessage().contains("SMALL"), e.getMessage());
    }
}
