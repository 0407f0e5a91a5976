package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a function makes of an element does not depend on the elements beside it, though loops are chosen by what they meet. */
class NeighboursTest {
    private static final double[] SPECIAL = {
        Double.NaN,
        Float.intBitsToFloat(0xffc00000), // NaN with a sign
        Float.intBitsToFloat(0x7fc00123), // and one whose low bits are set
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1000,
        88.3,
        -1000,
        100,
        -100,
        -87.4,
        -103.9,
        -104,
        -150,
        88.8,
        -88.8,
        0,
        -0.0,
        -1,
        -2,
        1e-39,
        1e-40,
        1e30,
        -1e30
    };

    private static final Map<String, UnaryOperator<Tensor>> FUNCTIONS = Map.of(
            "exp", Tensor::exp,
            "log", Tensor::log,
            "log1p", Tensor::log1p,
            "tanh", Tensor::tanh,
            "sigmoid", Tensor::sigmoid,
            "exp(-x)", x -> x.neg().exp(),
            "|log(2x)|", x -> x.mul(2).log().abs());

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void makeNoDifference(Column column) {
        FUNCTIONS.forEach((name, function) -> {
            double[] ordinary = new double[5003]; // blocks of a thousand, of which the last is not whole
            double from = name.startsWith("log1p") ? -0.999 : name.contains("log") ? 1e-37 : -87;
            for (int i = 0; i < ordinary.length; i++) {
                ordinary[i] = from + i * (86.99 - from) / ordinary.length;
            }
            double[] expected = values(column, function, ordinary);
            for (double special : SPECIAL) {
                double[] mixed = ordinary.clone();
                List<Integer> places = List.of(0, 1500, 5000);
                places.forEach(place -> mixed[place] = special);
                double[] found = values(column, function, mixed);
                places.forEach(place -> found[place] = expected[place]);
                for (int i = 0; i < found.length; i++) {
                    assertEquals(expected[i], found[i], name + " of " + ordinary[i] + " beside " + special);
                }
            }
        });
    }

    /** The corner cases, of one kind at a time, beside ordinary numbers: what Java's own functions say. */
    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void mayBeSpecial(Column column) {
        for (double special : SPECIAL) {
            double x = column.dtype() == DType.FLOAT32 ? (float) special : special;
            double[] mixed = new double[3001];
            Arrays.fill(mixed, 0.5);
            mixed[1300] = x;
            assertNear(column, Math.exp(x), values(column, Tensor::exp, mixed)[1300], "exp", x);
            assertNear(column, Math.log(x), values(column, Tensor::log, mixed)[1300], "log", x);
            assertNear(column, Math.log1p(x), values(column, Tensor::log1p, mixed)[1300], "log1p", x);
            assertNear(column, Math.tanh(x), values(column, Tensor::tanh, mixed)[1300], "tanh", x);
            double sigmoid = x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
            assertNear(column, sigmoid, values(column, Tensor::sigmoid, mixed)[1300], "sigmoid", x);
        }
    }

    /** Devices may take numbers below the normal ones for 0, and give 0 for them. */
    private static void assertNear(Column column, double expected, double found, String name, double x) {
        boolean isSingle = column.dtype() == DType.FLOAT32;
        double rounded = isSingle ? (float) expected : expected;
        double leastNormal = isSingle ? Float.MIN_NORMAL : Double.MIN_NORMAL;
        boolean isFlushed = x != 0 && Math.abs(x) < leastNormal || Math.abs(rounded) < leastNormal && found == 0;
        if (!isFlushed && rounded != found) {
            double ulp = isSingle ? Math.ulp((float) rounded) : Math.ulp(rounded);
            double delta = Double.isFinite(rounded) ? 8 * ulp : 0;
            assertEquals(rounded, found, delta, name + " of " + x);
        }
    }

    private static double[] values(Column column, UnaryOperator<Tensor> function, double[] x) {
        try (Scope scope = Scope.open()) {
            return function.apply(column.vector(x)).toDoubleArray();
        }
    }
}
