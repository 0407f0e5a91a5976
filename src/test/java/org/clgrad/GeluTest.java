package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** GELU and its derivative over all magnitudes, against those of Java in double precision. */
class GeluTest {
    private static final double[] X = arguments();

    private static double[] arguments() {
        int step = 20011;
        double[] x = new double[(int) (0x7f800000L / step) * 2];
        for (int i = 0; i < x.length; i++) {
            float size = Float.intBitsToFloat(i / 2 * step);
            x[i] = i % 2 == 0 ? size : -size;
        }
        return x;
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void everyMagnitude(Column column) {
        Column exact = new Column(Device.cpu(), DType.FLOAT64);
        double unit = column.dtype() == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
        double[] y = column.vector(X).gelu().toDoubleArray();
        double[] exactY = exact.vector(X).gelu().toDoubleArray();
        double[] slope = slope(column);
        double[] exactSlope = slope(exact);
        for (int i = 0; i < X.length; i++) {
            assertEquals(exactY[i], y[i], Math.abs(X[i]) * unit + Math.ulp(0f), "gelu " + X[i]);
            assertEquals(exactSlope[i], slope[i], unit, "the derivative of gelu at " + X[i]);
        }
    }

    private static double[] slope(Column column) {
        Tensor x = column.leaf(X, X.length);
        x.gelu().sum().backward();
        return x.grad().toDoubleArray();
    }
}
