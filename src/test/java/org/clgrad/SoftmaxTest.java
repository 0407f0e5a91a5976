package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Softmax, its logarithm and their gradients on rows of all lengths, against their definitions in double precision. */
class SoftmaxTest {
    private static final int[][] SHAPES = {
        {4, 1},
        {9, 16},
        {130, 10},
        {33, 48},
        {70, 128},
        {5, 600},
        {4, 1000},
        {19, 1040},
        {3, 4096},
        {3, 8192},
        {2, 70_000},
        {1, 37},
        {7, 1003},
        {3, 1025},
        {9, 5001}
    };

    /** What rows hold. */
    private enum Values {
        NEAR,
        /** Powers of most of them are too small for a float. */
        FAR,
        /** The second half of each row is -infinity. */
        MASKED;

        double[] of(int rows, int n) {
            Random random = new Random(7);
            return IntStream.range(0, rows * n)
                    .mapToDouble(i -> switch (this) {
                        case NEAR -> random.nextGaussian();
                        case FAR -> 200 * random.nextGaussian();
                        case MASKED -> i % n > n / 2 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
                    })
                    .map(x -> (float) x)
                    .toArray();
        }
    }

    /** How a matrix lies in memory. */
    private enum Lies {
        BY_ROWS,
        HALF_OF_ROWS,
        BY_COLUMNS;

        Tensor leaf(Column column, double[] x, int rows, int n) {
            Tensor matrix = column.tensor(x, rows, n);
            return switch (this) {
                case BY_ROWS -> matrix;
                case HALF_OF_ROWS -> Tensor.cat(List.of(matrix, matrix), 1).slice(1, n, 2 * n);
                case BY_COLUMNS -> matrix.t().contiguous().t();
            };
        }
    }

    private static double[] weights(int n) {
        return new Random(8).doubles(n, -1, 1).map(x -> (float) x).toArray();
    }

    private static double unit(Column column) {
        return column.dtype() == DType.FLOAT32 ? 1e-6 : 1e-14;
    }

    /** {@code exp(a - max a)} over its sum, row by row. */
    private static double[] softmax(double[] a, int n) {
        double[] y = new double[a.length];
        for (int i = 0; i < a.length; i += n) {
            double max = Arrays.stream(a, i, i + n).max().orElseThrow();
            double sum = 0;
            for (int j = i; j < i + n; j++) {
                y[j] = Math.exp(a[j] - max);
                sum += y[j];
            }
            for (int j = i; j < i + n; j++) {
                y[j] /= sum;
            }
        }
        return y;
    }

    private static double[] logSoftmax(double[] a, int n) {
        double[] y = new double[a.length];
        for (int i = 0; i < a.length; i += n) {
            double max = Arrays.stream(a, i, i + n).max().orElseThrow();
            double log = Math.log(
                    Arrays.stream(a, i, i + n).map(x -> Math.exp(x - max)).sum());
            for (int j = i; j < i + n; j++) {
                y[j] = a[j] - max - log;
            }
        }
        return y;
    }

    /** {@code y (g - sum g y)}, row by row. */
    private static double[] gradient(double[] y, double[] g, int n) {
        double[] da = new double[y.length];
        for (int i = 0; i < y.length; i += n) {
            double dot = 0;
            for (int j = i; j < i + n; j++) {
                dot += g[j] * y[j];
            }
            for (int j = i; j < i + n; j++) {
                da[j] = y[j] * (g[j] - dot);
            }
        }
        return da;
    }

    /** {@code g - softmax(a) sum g}, row by row. */
    private static double[] logGradient(double[] p, double[] g, int n) {
        double[] da = new double[p.length];
        for (int i = 0; i < p.length; i += n) {
            double sum = Arrays.stream(g, i, i + n).sum();
            for (int j = i; j < i + n; j++) {
                da[j] = g[j] - p[j] * sum;
            }
        }
        return da;
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void equalTheirDefinitions(Column column) {
        for (int[] shape : SHAPES) {
            int n = shape[1];
            for (Values values : Values.values()) {
                double[] a = values.of(shape[0], n);
                double[] g = weights(a.length);
                double[] p = softmax(a, n);
                for (Lies lies : Lies.values()) {
                    String message = shape[0] + " x " + n + ", " + values + ", " + lies;
                    Tensor grad = column.tensor(g, shape);
                    Tensor x = lies.leaf(column, a, shape[0], n).requiresGrad(true);
                    Tensor y = x.softmax(1);
                    assertArrayEquals(p, y.toDoubleArray(), unit(column), message);
                    y.backward(grad);
                    assertArrayEquals(gradient(p, g, n), x.grad().toDoubleArray(), 5 * unit(column), message);
                    Tensor z = lies.leaf(column, a, shape[0], n).requiresGrad(true);
                    Tensor logs = z.logSoftmax(1);
                    double size = values == Values.FAR ? 1000 : 10;
                    assertArrayEquals(logSoftmax(a, n), logs.toDoubleArray(), size * unit(column), message);
                    logs.backward(grad);
                    double sum = Math.sqrt(n) + 10;
                    assertArrayEquals(logGradient(p, g, n), z.grad().toDoubleArray(), sum * unit(column), message);
                }
            }
        }
    }

    /** Gradients that are one number for a whole row, as those of a sum of rows are. */
    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void oneGradientForARow(Column column) {
        for (int n : new int[] {10, 64, 1003}) {
            double[] a = Values.NEAR.of(3, n);
            double[] p = softmax(a, n);
            double[] w = {0.5, -2, 1};
            Tensor x = column.tensor(a, 3, n).requiresGrad(true);
            Tensor weights = column.tensor(w, 3);
            x.softmax(1).sum(1).mul(weights).sum().backward();
            assertArrayEquals(new double[3 * n], x.grad().toDoubleArray(), unit(column), "rows of " + n);
            Tensor z = column.tensor(a, 3, n).requiresGrad(true);
            z.logSoftmax(1).sum(1).mul(weights).sum().backward();
            double[] g = IntStream.range(0, 3 * n).mapToDouble(i -> w[i / n]).toArray();
            assertArrayEquals(logGradient(p, g, n), z.grad().toDoubleArray(), n * unit(column), "rows of " + n);
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void rowsThatHaveNoMaximumAreNaN(Column column) {
        for (int n : new int[] {10, 64, 1000, 1024, 5000}) {
            double[] a = new double[4 * n];
            Arrays.fill(a, 0, n, Double.NEGATIVE_INFINITY);
            a[n + n / 3] = Double.NaN;
            a[3 * n - 1] = Double.POSITIVE_INFINITY;
            for (Tensor y : new Tensor[] {
                column.tensor(a, 4, n).softmax(1), column.tensor(a, 4, n).logSoftmax(1)
            }) {
                double[] values = y.toDoubleArray();
                assertTrue(Arrays.stream(values, 0, 3 * n).allMatch(Double::isNaN), "rows of " + n);
                assertTrue(Arrays.stream(values, 3 * n, 4 * n).allMatch(v -> v == values[3 * n]), "rows of " + n);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void repeatBitForBit(Column column) {
        for (int n : new int[] {96, 1000, 2048}) {
            double[] a = Values.NEAR.of(300, n);
            double[] first = column.tensor(a, 300, n).softmax(1).toDoubleArray();
            assertArrayEquals(first, column.tensor(a, 300, n).softmax(1).toDoubleArray());
        }
    }
}
