package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.AdamUpdate;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.SoftmaxRows;
import org.junit.jupiter.api.Test;

/** Steps of Adam, whatever loops a backend has for them: to the bit those of plain loops, one function after the other. */
class UpdatesTest {
    private static final int[] SIZES = {1, 5, 16, 100, 1_000, 70_001};
    private static final double[] CONSTANTS = {0.9, 0.1, 0.999, 0.001, 3, 1e-3, -0.02, 0.97};

    /** The arrays of all groups after two steps. */
    private static List<double[]> steps(CpuBackend backend, DType dtype, List<Expr> results) {
        List<NdArray[]> groups = new ArrayList<>();
        for (int n : SIZES) {
            NdArray[] arrays = new NdArray[results.size() + 1];
            for (int i = 0; i < arrays.length; i++) {
                arrays[i] = CpuTesting.random(backend, dtype, n + i, n);
            }
            NdArray squares = arrays[2];
            backend.runPointwise(
                    Expr.mul(Expr.input(0), Expr.input(0)), new NdArray[] {squares}, new double[0], squares);
            groups.add(arrays);
        }
        for (int step = 0; step < 2; step++) {
            backend.update(results, groups.toArray(NdArray[][]::new), CONSTANTS);
        }
        return groups.stream().flatMap(Arrays::stream).map(CpuTesting::values).toList();
    }

    @Test
    void theVectorApiHasLoopsOfItsOwn() {
        Flavour flavour = Flavour.detect();
        boolean isVector = flavour.absence() == null;
        for (AdamUpdate.Decay decay : List.of(AdamUpdate.Decay.NONE, AdamUpdate.Decay.DECOUPLED)) {
            assertEquals(isVector, flavour.float32().moments(AdamUpdate.results(decay, false, false)) != null);
        }
        assertEquals(isVector, flavour.float32().rows(SoftmaxRows.SOFTMAX) != null);
    }

    @Test
    void adamIsThatOfPlainLoops() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            for (AdamUpdate.Decay decay : AdamUpdate.Decay.values()) {
                for (int options = 0; options < 4; options++) {
                    List<Expr> results = AdamUpdate.results(decay, options % 2 == 1, options >= 2);
                    List<double[]> expected = steps(CpuTesting.PLAIN, dtype, results);
                    List<double[]> actual = steps(CpuTesting.VECTOR, dtype, results);
                    for (int i = 0; i < expected.size(); i++) {
                        assertArrayEquals(expected.get(i), actual.get(i), dtype + " " + decay + " " + options);
                    }
                }
            }
        }
    }
}
