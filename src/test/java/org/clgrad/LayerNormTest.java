package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradients of layer normalization, which sum over rows in parts, against its definition in double precision. */
class LayerNormTest {
    private static final double EPS = 1e-5;
    private static final int[][] SHAPES = {
        {1, 5},
        {130, 1},
        {1000, 37},
        {3000, 256},
        {40, 600},
        {300, 2000},
        {2, 70_000},
        {9, 66_000},
        {1, 64},
        {33, 48},
        {19, 1040},
        {3, 8192}
    };

    /** Leaves and what came of them. */
    private record Run(Tensor x, Tensor weight, Tensor bias) {
        static Run of(Column column, int rows, int n, int wanted) {
            return new Run(
                    column.tensor(values(rows * n, 1), rows, n).requiresGrad((wanted & 1) != 0),
                    column.tensor(values(n, 2), n).requiresGrad((wanted & 2) != 0),
                    column.tensor(values(n, 3), n).requiresGrad((wanted & 4) != 0));
        }

        Run backward(Tensor y) {
            Column column = new Column(x.device(), x.dtype());
            y.mul(column.tensor(values((int) y.numel(), 4), y.shape())).sum().backward();
            return this;
        }

        Run layerNorm() {
            return backward(Functional.layerNorm(x, weight.shape(), weight, bias, EPS));
        }

        Run definition() {
            Tensor deviation = x.sub(x.mean(new int[] {1}, true));
            Tensor variance = deviation.mul(deviation).mean(new int[] {1}, true);
            return backward(deviation.div(variance.add(EPS).sqrt()).mul(weight).add(bias));
        }

        double[][] grads() {
            return new double[][] {grad(x), grad(weight), grad(bias)};
        }

        private static double[] grad(Tensor leaf) {
            return leaf.grad() == null ? new double[0] : leaf.grad().toDoubleArray();
        }
    }

    /** Numbers in single precision, so that they are the same in both. */
    private static double[] values(int n, int seed) {
        java.util.Random random = new java.util.Random(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void equalTheDefinition(Column column) {
        for (int[] shape : SHAPES) {
            double[][] expected = Run.of(new Column(Device.cpu(), DType.FLOAT64), shape[0], shape[1], 7)
                    .definition()
                    .grads();
            double[][] actual =
                    Run.of(column, shape[0], shape[1], 7).layerNorm().grads();
            double unit = column.dtype() == DType.FLOAT32 ? 1e-6 : 1e-14;
            for (int k = 0; k < 3; k++) {
                double tolerance = unit * (k == 0 ? 30 : shape[0] + 30);
                assertArrayEquals(expected[k], actual[k], tolerance, shape[0] + " x " + shape[1] + ", gradient " + k);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void anySubsetOfThemIsTheSame(Column column) {
        for (int[] shape : new int[][] {{300, 37}, {300, 256}, {30, 1000}, {2, 70_000}}) {
            double[][] all = Run.of(column, shape[0], shape[1], 7).layerNorm().grads();
            for (int wanted = 1; wanted < 7; wanted++) {
                Run some = Run.of(column, shape[0], shape[1], wanted).layerNorm();
                double[][] grads = some.grads();
                for (int k = 0; k < 3; k++) {
                    boolean isWanted = (wanted & 1 << k) != 0;
                    assertArrayEquals(
                            isWanted ? all[k] : new double[0],
                            grads[k],
                            column.dtype() == DType.FLOAT32 ? 1e-4 : 1e-12,
                            "gradient " + k + " of " + wanted);
                }
            }
        }
    }

    /** Half of each row of a wider array, and the transpose of one, by what there is beside it. */
    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void ofViewsAndWithoutWeightOrBias(Column column) {
        for (boolean isTransposed : new boolean[] {false, true}) {
            for (int kind = 0; kind < 4; kind++) {
                double[][] expected = ofView(new Column(Device.cpu(), DType.FLOAT64), isTransposed, kind, false);
                double[][] actual = ofView(column, isTransposed, kind, true);
                String text = (isTransposed ? "transposed, " : "") + "kind " + kind;
                for (int k = 0; k < expected.length; k++) {
                    assertArrayEquals(expected[k], actual[k], column.dtype() == DType.FLOAT32 ? 3e-5 : 1e-12, text);
                }
            }
        }
    }

    /** @param kind 1 with a weight, 2 with a bias */
    private static double[][] ofView(Column column, boolean isTransposed, int kind, boolean isFunction) {
        int rows = 21;
        int n = 64;
        Tensor wide = column.tensor(
                        values(rows * 2 * n, 5), isTransposed ? new int[] {n, 2 * rows} : new int[] {rows, 2 * n})
                .requiresGrad(true);
        Tensor x = isTransposed ? wide.slice(1, rows, 2 * rows).transpose(0, 1) : wide.slice(1, n, 2 * n);
        Tensor weight = (kind & 1) == 0 ? null : column.tensor(values(n, 6), n).requiresGrad(true);
        Tensor bias = (kind & 2) == 0 ? null : column.tensor(values(n, 7), n).requiresGrad(true);
        Tensor y;
        if (isFunction) {
            y = Functional.layerNorm(x, new int[] {n}, weight, bias, EPS);
        } else {
            Tensor deviation = x.sub(x.mean(new int[] {1}, true));
            y = deviation.div(
                    deviation.mul(deviation).mean(new int[] {1}, true).add(EPS).sqrt());
            y = weight == null ? y : y.mul(weight);
            y = bias == null ? y : y.add(bias);
        }
        y.mul(column.tensor(values(rows * n, 8), rows, n)).sum().backward();
        return new double[][] {
            y.toDoubleArray(),
            wide.grad().toDoubleArray(),
            weight == null ? new double[0] : weight.grad().toDoubleArray(),
            bias == null ? new double[0] : bias.grad().toDoubleArray()
        };
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void repeatBitForBit(Column column) {
        double[][] first = Run.of(column, 2000, 100, 7).layerNorm().grads();
        double[][] second = Run.of(column, 2000, 100, 7).layerNorm().grads();
        for (int k = 0; k < 3; k++) {
            assertArrayEquals(first[k], second[k]);
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void ofNoRowsAreZero(Column column) {
        Run run = Run.of(column, 0, 4, 6).layerNorm();
        assertNull(run.x().grad());
        assertArrayEquals(new double[4], run.weight().grad().toDoubleArray());
        assertArrayEquals(new double[4], run.bias().grad().toDoubleArray());
        assertEquals(0, Run.of(column, 0, 4, 7).layerNorm().x().grad().numel());
    }
}
