package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pointwise work at the end of a product's kernel gives the bits that it gives in a kernel of its own. */
class MatmulEpilogueTest {
    private static final int[][] SIZES = {
        {1, 20, 12, 24}, // batch, m, k, n: whole quads
        {1, 21, 10, 53},
        {3, 9, 600, 17},
        {2, 64, 33, 100},
        {1, 5, 7, 1}, // kernels for few rows and columns have no epilogue
        {1, 2, 7, 65},
        {1, 6, 2100, 5} // nor do sums in parts
    };

    static Stream<Arguments> devices() {
        return TestDevices.families();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void bitsAreTheSame(Backend backend, DType dtype) {
        Assumptions.assumeFalse("off".equals(System.getProperty("clgrad.fusion")), "fusion is off");
        for (int[] size : SIZES) {
            for (int lies = 0; lies < 4; lies++) {
                Epilogues epilogues =
                        new Epilogues(backend, dtype, lies % 2 == 0, lies < 2, size[0], size[1], size[2], size[3]);
                assertEquals("", epilogues.fault(), java.util.Arrays.toString(size) + ", case " + lies);
            }
        }
    }
}
