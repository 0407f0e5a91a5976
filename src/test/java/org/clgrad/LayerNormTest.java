package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.api.Test;
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
        {3, 4096},
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

    /** What a row may lie in, what there may be beside it, and what gradients come back: some are one number for all. */
    private record Kind(Input input, boolean hasWeight, boolean hasBias, Loss loss) {
        enum Input {
            DENSE,
            HALF_OF_ROWS,
            TRANSPOSED,
            ONE_ROW,
            ONE_COLUMN
        }

        enum Loss {
            WEIGHTED,
            SUM,
            SUM_OF_WEIGHTED_ROWS
        }

        private static final int ROWS = 21;
        private static final int N = 64;

        static List<Kind> all() {
            List<Kind> all = new ArrayList<>();
            for (Input input : Input.values()) {
                for (Loss loss : Loss.values()) {
                    for (int i = 0; i < 4; i++) {
                        all.add(new Kind(input, i % 2 == 0, i < 2, loss));
                    }
                }
            }
            return all;
        }

        private Tensor leaf(Column column) {
            int[] shape = switch (input) {
                case DENSE -> new int[] {ROWS, N};
                case HALF_OF_ROWS -> new int[] {ROWS, 2 * N};
                case TRANSPOSED -> new int[] {N, 2 * ROWS};
                case ONE_ROW -> new int[] {1, N};
                case ONE_COLUMN -> new int[] {ROWS, 1};
            };
            return column.tensor(values(shape[0] * shape[1], 5), shape).requiresGrad(true);
        }

        private Tensor rows(Tensor leaf) {
            return switch (input) {
                case DENSE -> leaf;
                case HALF_OF_ROWS -> leaf.slice(1, N, 2 * N);
                case TRANSPOSED -> leaf.slice(1, ROWS, 2 * ROWS).transpose(0, 1);
                case ONE_ROW, ONE_COLUMN -> leaf.expand(ROWS, N);
            };
        }

        /** The result and the gradients, by the function or by its definition. */
        double[][] run(Column column, boolean isDefinition) {
            try (Scope scope = Scope.open()) {
                return runInScope(column, isDefinition);
            }
        }

        private double[][] runInScope(Column column, boolean isDefinition) {
            Tensor leaf = leaf(column);
            Tensor x = rows(leaf);
            Tensor weight = column.tensor(values(N, 6), N).requiresGrad(true);
            Tensor number = column.tensor(new double[] {0.7}, 1).requiresGrad(true);
            Tensor bias = number.expand(N);
            Tensor y;
            if (isDefinition) {
                Tensor deviation = x.sub(x.mean(new int[] {1}, true));
                y = deviation.div(deviation
                        .mul(deviation)
                        .mean(new int[] {1}, true)
                        .add(EPS)
                        .sqrt());
                y = hasWeight ? y.mul(weight) : y;
                y = hasBias ? y.add(bias) : y;
            } else {
                y = Functional.layerNorm(x, new int[] {N}, hasWeight ? weight : null, hasBias ? bias : null, EPS);
            }
            switch (loss) {
                case WEIGHTED ->
                    y.mul(column.tensor(values(ROWS * N, 8), ROWS, N)).sum().backward();
                case SUM -> y.sum().backward();
                case SUM_OF_WEIGHTED_ROWS ->
                    y.sum(1).mul(column.tensor(values(ROWS, 9), ROWS)).sum().backward();
            }
            return new double[][] {y.toDoubleArray(), Run.grad(leaf), Run.grad(weight), Run.grad(number)};
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void whereverRowsLieAndWhateverComesBack(Column column) {
        double unit = column.dtype() == DType.FLOAT32 ? 5e-5 : 1e-12;
        for (Kind kind : Kind.all()) {
            double[][] expected = kind.run(new Column(Device.cpu(), DType.FLOAT64), true);
            double[][] actual = kind.run(column, false);
            for (int k = 0; k < expected.length; k++) {
                double tolerance = kind.input() == Kind.Input.ONE_COLUMN ? unit / Math.sqrt(EPS) : unit; // variance 0
                assertArrayEquals(expected[k], actual[k], tolerance, kind + ", " + k);
            }
        }
    }

    /** In Java, where two rows go through a loop together: their bits are those of each by itself. */
    @Test
    void doNotDependOnTheRowsBeside() {
        Column column = new Column(Device.cpu(), DType.FLOAT32);
        int n = 64;
        double[] x = values(3 * n, 1);
        Tensor[] all = outputAndGradient(column, n, x);
        for (int row = 0; row < 3; row++) {
            Tensor[] alone = outputAndGradient(column, n, Arrays.copyOfRange(x, row * n, (row + 1) * n));
            for (int i = 0; i < all.length; i++) {
                assertArrayEquals(
                        alone[i].toFloatArray(),
                        Arrays.copyOfRange(all[i].toFloatArray(), row * n, (row + 1) * n),
                        0,
                        "row " + row);
            }
        }
    }

    private static Tensor[] outputAndGradient(Column column, int n, double[] values) {
        Tensor x = column.leaf(values, values.length / n, n);
        Tensor y = Functional.layerNorm(
                x, new int[] {n}, column.tensor(values(n, 2), n), column.tensor(values(n, 3), n), EPS);
        y.mul(y).sum().backward();
        return new Tensor[] {y.reshape(values.length), x.grad().reshape(values.length)};
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void repeatBitForBit(Column column) {
        for (int n : new int[] {100, 96}) {
            double[][] first = Run.of(column, 2000, n, 7).layerNorm().grads();
            double[][] second = Run.of(column, 2000, n, 7).layerNorm().grads();
            for (int k = 0; k < 3; k++) {
                assertArrayEquals(first[k], second[k]);
            }
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
