package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.clgrad.TestDevices.Column;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Odd functions keep the sign of zero, as PyTorch's do. */
class SignedZerosTest {
    private static final Map<String, UnaryOperator<Tensor>> FUNCTIONS = Map.of(
            "erf", Tensor::erf, "log1p", Tensor::log1p, "sin", Tensor::sin, "sqrt", Tensor::sqrt, "tanh", Tensor::tanh);

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void areKept(Column column) {
        double[] zeros = new double[37]; // vectors, and some more
        Arrays.fill(zeros, -0.0);
        FUNCTIONS.forEach((name, function) ->
                assertArrayEquals(zeros, function.apply(column.vector(zeros)).toDoubleArray(), name));
        assertArrayEquals(new double[37], column.vector(zeros).neg().toDoubleArray(), "neg");
    }
}
