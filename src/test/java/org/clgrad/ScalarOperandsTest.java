package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums, differences and products with numbers have the bits of separately rounded operations, whatever loops compute them. */
class ScalarOperandsTest {
    private static final double[] X = {
        0,
        -0.0,
        1,
        -1,
        0.1,
        -0.1,
        3.3,
        -7.7,
        1e30,
        -1e30,
        1e-30,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };
    private static final double S = 0.3f;
    private static final double T = -1.7f;

    /** An expression, and what it is with each operation rounded. */
    private record Case(UnaryOperator<Tensor> of, DoubleUnaryOperator exactly) {}

    private static List<Case> cases(DoubleUnaryOperator round) {
        DoubleBinaryOperator add = (a, b) -> round.applyAsDouble(a + b);
        DoubleBinaryOperator mul = (a, b) -> round.applyAsDouble(a * b);
        return List.of(
                new Case(x -> x.add(S), x -> add.applyAsDouble(x, S)),
                new Case(x -> x.add(0), x -> add.applyAsDouble(x, 0)),
                new Case(x -> x.sub(S), x -> add.applyAsDouble(x, -S)),
                new Case(x -> x.sub(0), x -> add.applyAsDouble(x, -0.0)),
                new Case(x -> x.rsub(S), x -> add.applyAsDouble(S, -x)),
                new Case(x -> x.rsub(0), x -> add.applyAsDouble(0, -x)),
                new Case(x -> x.mul(S), x -> mul.applyAsDouble(x, S)),
                new Case(x -> x.mul(-0.0), x -> mul.applyAsDouble(x, -0.0)),
                new Case(x -> x.mul(S).add(T), x -> add.applyAsDouble(mul.applyAsDouble(x, S), T)),
                new Case(x -> x.mul(S).sub(T), x -> add.applyAsDouble(mul.applyAsDouble(x, S), -T)),
                new Case(x -> x.mul(S).rsub(T), x -> add.applyAsDouble(T, -mul.applyAsDouble(x, S))),
                new Case(x -> x.mul(0).rsub(0), x -> add.applyAsDouble(0, -mul.applyAsDouble(x, 0))),
                new Case(x -> x.mul(S).mul(T), x -> mul.applyAsDouble(mul.applyAsDouble(x, S), T)),
                new Case(x -> x.add(S).mul(T), x -> mul.applyAsDouble(add.applyAsDouble(x, S), T)),
                new Case(x -> x.mul(x).add(S), x -> add.applyAsDouble(mul.applyAsDouble(x, x), S)),
                new Case(x -> x.mul(S).add(x), x -> add.applyAsDouble(mul.applyAsDouble(x, S), x)),
                new Case(x -> x.rsub(S).mul(x), x -> mul.applyAsDouble(add.applyAsDouble(S, -x), x)),
                new Case(
                        x -> x.mul(S).add(T).mul(x.mul(S)),
                        x -> mul.applyAsDouble(
                                add.applyAsDouble(mul.applyAsDouble(x, S), T), mul.applyAsDouble(x, S))));
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void areExact(Column column) {
        DoubleUnaryOperator round = column.dtype() == DType.FLOAT32 ? x -> (float) x : x -> x;
        double[] x =
                new double[3001]; // as many as are worth deferring, in several blocks, of which the last is not whole
        for (int i = 0; i < x.length; i++) {
            x[i] = round.applyAsDouble(X[i % X.length]);
        }
        List<Case> cases = cases(round);
        for (int k = 0; k < cases.size(); k++) {
            double[] exact = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                exact[i] = cases.get(k).exactly.applyAsDouble(x[i]);
            }
            double[] found = cases.get(k).of.apply(column.vector(x)).toDoubleArray();
            assertArrayEquals(exact, found, "case " + k); // by their bits, but all NaNs are one
        }
    }
}
