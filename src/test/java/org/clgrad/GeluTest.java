package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** GELU and its derivative over all magnitudes, against those of Java in double precision. */
class GeluTest {
    private static final double[] X = Magnitudes.all();

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void everyMagnitude(Column column) {
        Column exact = new Column(Device.cpu(), DType.FLOAT64);
        double unit = column.dtype() == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
        double[] y = column.vector(X).gelu().toDoubleArray();
        double[] exactY = exact.vector(X).gelu().toDoubleArray();
        double[] slope = slope(column, X);
        double[] exactSlope = slope(exact, X);
        for (int i = 0; i < X.length; i++) {
            assertEquals(exactY[i], y[i], Math.abs(X[i]) * unit + Math.ulp(0f), "gelu " + X[i]);
            assertEquals(exactSlope[i], slope[i], unit, "the derivative of gelu at " + X[i]);
        }
    }

    /** As PyTorch has them: infinity times 0 is NaN. */
    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void beyondNumbers(Column column) {
        double[] x = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -1000, 1000};
        double nan = Double.NaN;
        double infinity = Double.POSITIVE_INFINITY;
        assertArrayEquals(
                new double[] {nan, infinity, nan, 0, 0, 1000},
                column.vector(x).gelu().toDoubleArray(),
                0);
        assertArrayEquals(new double[] {nan, nan, nan, 0.5, 0, 1}, slope(column, x), 0);
    }

    private static double[] slope(Column column, double[] at) {
        Tensor x = column.leaf(at, at.length);
        x.gelu().sum().backward();
        return x.grad().toDoubleArray();
    }
}
