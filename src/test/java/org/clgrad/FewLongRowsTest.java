package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are too few to keep a device busy, against definitions in double precision; along both axes. */
class FewLongRowsTest {
    private static final int ROWS = 3;
    private static final int LENGTH = 70_001;

    private final double[] a = values(1, -3, 3);
    private final double[] t = values(2, 0, 1);

    /** Numbers in single precision, so that they are the same in both. */
    private static double[] values(int seed, double from, double to) {
        return new Random(seed)
                .doubles((long) ROWS * LENGTH, from, to)
                .map(x -> (float) x)
                .toArray();
    }

    /** Of each element, the sum of a row of values. */
    private static double[] rowSums(double... values) {
        double[] sums = new double[ROWS];
        IntStream.range(0, values.length).forEach(i -> sums[i / LENGTH] += values[i]);
        return IntStream.range(0, values.length)
                .mapToDouble(i -> sums[i / LENGTH])
                .toArray();
    }

    private static double[] zip(double[] x, double[] y, DoubleBinaryOperator f) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> f.applyAsDouble(x[i], y[i]))
                .toArray();
    }

    private double[] probabilities() {
        double[] powers = Arrays.stream(a).map(Math::exp).toArray();
        return zip(powers, rowSums(powers), (power, sum) -> power / sum);
    }

    private static double unit(Column column) {
        return column.dtype() == DType.FLOAT32 ? 1e-5 : 1e-13;
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void softmax(Column column) {
        double[] expected = probabilities();
        Tensor x = column.tensor(a, ROWS, LENGTH);
        Tensor across = x.t().contiguous();
        assertArrayEquals(expected, x.softmax(1).toDoubleArray(), unit(column) / 10_000);
        assertArrayEquals(expected, across.softmax(0).t().toDoubleArray(), unit(column) / 10_000);
        double[] logs = Arrays.stream(expected).map(Math::log).toArray();
        assertArrayEquals(logs, x.logSoftmax(1).toDoubleArray(), 10 * unit(column));
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void crossEntropyOfProbabilities(Column column) {
        double[] p = probabilities();
        double expected = IntStream.range(0, a.length)
                        .mapToDouble(i -> -t[i] * Math.log(p[i]))
                        .sum()
                / ROWS;
        double[] gradient = zip(zip(p, rowSums(t), (q, sum) -> q * sum), t, (all, own) -> (all - own) / ROWS);
        Tensor logits = column.leaf(a, ROWS, LENGTH);
        Tensor loss = Functional.crossEntropy(logits, column.tensor(t, ROWS, LENGTH));
        assertEquals(expected, loss.item(), unit(column) * expected);
        loss.backward();
        assertArrayEquals(gradient, logits.grad().toDoubleArray(), 10 * unit(column));
    }
}
