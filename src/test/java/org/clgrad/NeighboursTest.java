package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1000,
        -1000,
        100,
        -100,
        88.8,
        -88.8,
        0,
        -0.0,
        -1,
        -2,
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
            "log(2x)", x -> x.mul(2).log());

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void makeNoDifference(Column column) {
        double[] ordinary = new double[5003]; // blocks of a thousand, of which the last is not whole
        for (int i = 0; i < ordinary.length; i++) {
            ordinary[i] = (i + 1) * 40.0 / ordinary.length;
        }
        FUNCTIONS.forEach((name, function) -> {
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

    /** The corner cases themselves, by the functions of Java. */
    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void mayBeSpecial(Column column) {
        double[] special = new double[3001];
        for (int i = 0; i < special.length; i++) {
            special[i] = i % 3 == 0 ? SPECIAL[i / 3 % SPECIAL.length] : i * 1e-3;
        }
        double[] exp = values(column, Tensor::exp, special);
        double[] log = values(column, Tensor::log, special);
        double[] log1p = values(column, Tensor::log1p, special);
        double[] tanh = values(column, Tensor::tanh, special);
        double[] sigmoid = values(column, Tensor::sigmoid, special);
        for (int i = 0; i < special.length; i++) {
            double x = column.dtype() == DType.FLOAT32 ? (float) special[i] : special[i];
            assertNear(column, Math.exp(x), exp[i], "exp", x);
            assertNear(column, Math.log(x), log[i], "log", x);
            assertNear(column, Math.log1p(x), log1p[i], "log1p", x);
            assertNear(column, Math.tanh(x), tanh[i], "tanh", x);
            assertNear(column, 1 / (1 + Math.exp(-x)), sigmoid[i], "sigmoid", x);
        }
    }

    private static void assertNear(Column column, double expected, double found, String name, double x) {
        boolean isSingle = column.dtype() == DType.FLOAT32;
        double rounded = isSingle ? (float) expected : expected;
        boolean isTiny = Math.abs(x) < (isSingle ? Float.MIN_NORMAL : Double.MIN_NORMAL); // devices may take it for 0
        if (rounded == found || Double.isNaN(rounded) && Double.isNaN(found) || isTiny) {
            return;
        }
        double eps = isSingle ? 1e-6 : 1e-14;
        double least = isSingle ? Float.MIN_NORMAL : Double.MIN_NORMAL; // below that a device may give 0
        assertEquals(rounded, found, Math.max(least, Math.abs(rounded) * eps), name + " of " + x);
    }

    private static double[] values(Column column, UnaryOperator<Tensor> function, double[] x) {
        try (Scope scope = Scope.open()) {
            return function.apply(column.vector(x)).toDoubleArray();
        }
    }
}
