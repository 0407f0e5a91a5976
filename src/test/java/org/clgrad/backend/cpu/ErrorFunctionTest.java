package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorFunctionTest {
    /** Arguments, and the values of Python's math.erf. */
    private static final double[][] KNOWN = {
        {0, 0},
        {1e-300, 1.1283791670955126e-300},
        {1e-8, 1.1283791670955126e-08},
        {0.1, 0.1124629160182849},
        {0.5, 0.5204998778130465},
        {0.9999999, 0.842700751438961},
        {1, 0.8427007929497149},
        {1.25, 0.9229001282564582},
        {2, 0.9953222650189527},
        {3, 0.9999779095030014},
        {4.5, 0.9999999998033839},
        {5.8, 0.9999999999999998},
        {6, 1},
        {40, 1},
        {Double.POSITIVE_INFINITY, 1}
    };

    @Test
    void knownValues() {
        for (double[] row : KNOWN) {
            assertEquals(row[1], ErrorFunction.erf(row[0]), 2 * Math.ulp(row[1]), "erf " + row[0]);
            assertEquals(-row[1], ErrorFunction.erf(-row[0]), 2 * Math.ulp(row[1]), "erf " + -row[0]);
        }
        assertTrue(Double.isNaN(ErrorFunction.erf(Double.NaN)));
        assertEquals(Double.NEGATIVE_INFINITY, 1 / ErrorFunction.erf(-0.0), "the sign of zero");
    }

    /** Every float in steps through all magnitudes, within 2 units in the last place. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void floats(CpuBackend backend) {
        int step = 20011;
        double[] x = new double[(int) (0x7f800000L / step) * 2];
        for (int i = 0; i < x.length; i++) {
            float size = Float.intBitsToFloat(i / 2 * step);
            x[i] = i % 2 == 0 ? size : -size;
        }
        double[] y = PointwiseTest.run(
                backend, DType.FLOAT32, Expr.of(Fn.ERF, Expr.input(0)), new double[][] {x}, new double[0]);
        for (int i = 0; i < x.length; i++) {
            double exact = ErrorFunction.erf(x[i]);
            assertEquals(exact, y[i], 2 * Math.ulp((float) exact), "erf " + x[i]);
        }
    }
}
