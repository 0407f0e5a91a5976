package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Values, gradients and second derivatives are PyTorch's, on every device. */
class PyTorchOracleTest {
    private static final List<String> FILES = List.of(
            "pointwise.txt",
            "special.txt",
            "reductions.txt",
            "shapes.txt",
            "products.txt",
            "losses.txt",
            "rows.txt",
            "inplace.txt");

    @TestFactory
    Stream<DynamicNode> cases() {
        return TestDevices.columns()
                .flatMap(column -> FILES.stream()
                        .map(file -> dynamicContainer(
                                column + " " + file,
                                Oracle.cases(file).stream().map(c -> dynamicTest(c.name(), () -> replay(column, c))))));
    }

    private static void replay(Column column, Oracle.Case c) {
        try (Scope scope = Scope.open()) {
            Tensor[] inputs = new Tensor[c.inputs()];
            List<Integer> wanted = new ArrayList<>();
            for (int i = 0; i < inputs.length; i++) {
                boolean requiresGrad = c.has("in" + i);
                Oracle.Values given = c.get((requiresGrad ? "in" : "fix") + i);
                inputs[i] = column.tensor(given.values(), given.shape()).requiresGrad(requiresGrad);
                if (requiresGrad) {
                    wanted.add(i);
                }
            }
            Tensor out = OracleOperations.apply(c, inputs);
            compare(column, "out", c.get("out"), out);
            if (wanted.isEmpty()) {
                return;
            }
            boolean second = c.has("cot" + wanted.get(0));
            List<Tensor> leaves = wanted.stream().map(i -> inputs[i]).toList();
            Oracle.Values seed = c.get("seed");
            List<Tensor> grads = Autograd.grad(
                    List.of(out), leaves, List.of(column.tensor(seed.values(), seed.shape())), false, second, true);
            Tensor total = Tensor.zeros(column.device(), column.dtype());
            for (int k = 0; k < wanted.size(); k++) {
                int i = wanted.get(k);
                Tensor grad = grads.get(k) == null ? Tensor.zerosLike(leaves.get(k)) : grads.get(k);
                compare(column, "grad" + i, c.get("grad" + i), grad);
                assertNull(leaves.get(k).grad(), "Autograd.grad leaves .grad alone");
                if (second) {
                    Oracle.Values cot = c.get("cot" + i);
                    total = total.add(
                            grad.mul(column.tensor(cot.values(), cot.shape())).sum());
                }
            }
            if (second) {
                List<Tensor> seconds = total.requiresGrad()
                        ? Autograd.grad(List.of(total), leaves, List.of(), false, false, true)
                        : java.util.Collections.nCopies(wanted.size(), null);
                for (int k = 0; k < wanted.size(); k++) {
                    int i = wanted.get(k);
                    Tensor found = seconds.get(k) == null ? Tensor.zerosLike(leaves.get(k)) : seconds.get(k);
                    compare(column, "second" + i, c.get("second" + i), found);
                }
            }
        }
    }

    private static void compare(Column column, String what, Oracle.Values expected, Tensor found) {
        assertArrayEquals(expected.shape(), found.shape(), what + ": shape");
        assertEquals(column.dtype(), found.dtype(), what + ": dtype");
        double[] values = found.toDoubleArray();
        double largest = Arrays.stream(expected.values())
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0);
        boolean single = column.dtype() == DType.FLOAT32;
        double relative = single ? 2e-5 : 1e-11;
        double absolute = (single ? 1e-6 : 1e-13) * Math.max(1, largest);
        for (int i = 0; i < values.length; i++) {
            double e = expected.values()[i];
            boolean same = e == values[i] || (Double.isNaN(e) && Double.isNaN(values[i]));
            if (!same && !(Math.abs(e - values[i]) <= absolute + relative * Math.abs(e))) {
                throw new AssertionError(
                        what + ", element " + i + ": PyTorch has " + e + ", found " + values[i] + " in "
                                + Arrays.toString(values) + " where PyTorch has " + Arrays.toString(expected.values()));
            }
        }
    }
}
