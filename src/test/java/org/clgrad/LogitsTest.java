package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.clgrad.nn.Reduction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Binary cross entropy with logits and its derivative over all magnitudes, against formulas in double precision. */
class LogitsTest {
    private static final double[] X = Magnitudes.all();

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void everyMagnitude(Column column) {
        double unit = column.dtype() == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
        double lost =
                column.device() == Device.cpu() ? 2 * unit : 6 * unit; // a device's exp may be 3 off, and its log1p 2
        for (double y : new double[] {0, 1, 0.25}) {
            double[] targets = new double[X.length];
            Arrays.fill(targets, y);
            double[] losses = losses(column, X, targets);
            double[] slopes = slopes(column, X, targets);
            for (int i = 0; i < X.length; i++) {
                double x = X[i];
                double z = Math.exp(-Math.abs(x));
                double loss = (1 - y) * x + Math.max(-x, 0) + Math.log1p(z);
                double rounded =
                        y == 0.25 ? Math.abs(x) * unit : 0; // else one of the first two terms is 0, or both cancel
                assertClose(loss, losses[i], rounded + lost * loss, "loss", x, y);
                double sigmoid = (x < 0 ? z : 1) / (1 + z);
                assertClose(sigmoid - y, slopes[i], lost * (sigmoid + y), "derivative", x, y);
            }
        }
    }

    private static void assertClose(double expected, double actual, double error, String what, double x, double y) {
        assertEquals(expected, actual, error + Float.MIN_NORMAL, () -> what + " of " + x + " and " + y);
    }

    /** As PyTorch has them: 0 times infinity is NaN, and so is a sum of both infinities. */
    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void beyondNumbers(Column column) {
        double nan = Double.NaN;
        double infinity = Double.POSITIVE_INFINITY;
        double[] x = {nan, infinity, infinity, -infinity, -infinity, 1000, -1000, 1};
        double[] y = {0, 0, 1, 0, 1, 0, 0, nan};
        double[] losses = {nan, infinity, nan, nan, nan, 1000, 0, nan};
        assertArrayEquals(losses, losses(column, x, y), 0);
        assertArrayEquals(new double[] {nan, 1, 0, 0, -1, 1, 0, nan}, slopes(column, x, y), 0);
    }

    private static double[] losses(Column column, double[] x, double[] y) {
        return Functional.binaryCrossEntropyWithLogits(column.vector(x), column.vector(y), Reduction.NONE)
                .toDoubleArray();
    }

    private static double[] slopes(Column column, double[] x, double[] y) {
        Tensor logits = column.leaf(x, x.length);
        Functional.binaryCrossEntropyWithLogits(logits, column.vector(y), Reduction.SUM)
                .backward();
        return logits.grad().toDoubleArray();
    }
}
