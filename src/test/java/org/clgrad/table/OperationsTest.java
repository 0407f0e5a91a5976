package org.clgrad.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clgrad.Autograd;
import org.clgrad.Device;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.TestDevices;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every row on every device and dtype: values, gradients, second gradients, however the inputs lie in memory. */
class OperationsTest {
    private static final int LARGEST_CHECKED = 40; // elements; differences cost two calls for each

    /** How an input lies in memory. */
    private enum Arrangement {
        CONTIGUOUS,
        TRANSPOSED,
        SLICED
    }

    @TestFactory
    Stream<DynamicNode> everyRowOnEveryDevice() {
        return TestDevices.columns().flatMap(column -> {
            Device device = column.device();
            long before = TestDevices.bytesInUse(device);
            Stream<DynamicNode> rows = Operations.rows().stream()
                    .map(row ->
                            DynamicTest.dynamicTest(column + " " + row, () -> checkRow(row, device, column.dtype())));
            DynamicNode nothingLeft = DynamicTest.dynamicTest(
                    column + " leaves no memory", () -> assertEquals(before, TestDevices.bytesInUse(device)));
            return Stream.concat(rows, Stream.of(nothingLeft));
        });
    }

    @Test
    void everyOperationHasARow() {
        Set<String> tested = Operations.rows().stream().map(Row::covers).collect(Collectors.toCollection(TreeSet::new));
        Set<String> missing = new TreeSet<>();
        Class<?>[] families = Tensor.class.getInterfaces();
        for (Class<?> family : families) {
            Stream.of(family.getDeclaredMethods())
                    .filter(m -> m.getReturnType() == Tensor.class && Modifier.isPublic(m.getModifiers()))
                    .forEach(m -> missing.add(m.getName()));
        }
        Stream.of(Functional.class.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .forEach(m -> missing.add(m.getName()));
        missing.addAll(List.of("cat", "where", "to", "clone"));
        assertTrue(missing.size() > 50, "the families should be found by reflection, got " + missing);
        missing.removeAll(tested);
        assertTrue(missing.isEmpty(), "operations without a row: " + missing);
    }

    private static void checkRow(Row row, Device device, DType dtype) {
        try (Scope scope = Scope.open()) {
            for (int[][] shapes : row.shapes()) {
                HostTensor[] inputs = row.inputs(shapes);
                HostTensor expected = row.reference().apply(inputs);
                for (Arrangement arrangement : Arrangement.values()) {
                    String context = arrangement + " " + Arrays.deepToString(shapes);
                    Tensor[] tensors = tensors(device, dtype, arrangement, inputs);
                    Tensor result = row.call().apply(tensors);
                    assertArrayEquals(expected.shape(), result.shape(), context);
                    assertClose(expected.data(), result.toDoubleArray(), dtype, context);
                    Tensor again = row.call().apply(tensors);
                    assertArrayEquals(result.toDoubleArray(), again.toDoubleArray(), context + ": the same bits again");
                    if (device != Device.cpu()) {
                        Tensor onJava = row.call().apply(tensors(Device.cpu(), dtype, arrangement, inputs));
                        assertClose(onJava.toDoubleArray(), result.toDoubleArray(), dtype, context + " and Java");
                    }
                }
                long elements =
                        Arrays.stream(inputs).mapToLong(x -> x.data().length).sum();
                if (elements <= LARGEST_CHECKED) {
                    for (Arrangement arrangement : Arrangement.values()) {
                        Tensor[] tensors = tensors(device, dtype, arrangement, inputs);
                        Autograd.gradCheck(row.call(), tensors);
                        if (arrangement != Arrangement.SLICED) {
                            Autograd.gradGradCheck(row.call(), tensors);
                        }
                    }
                }
            }
        }
    }

    private static Tensor[] tensors(Device device, DType dtype, Arrangement arrangement, HostTensor... inputs) {
        List<Tensor> tensors = new ArrayList<>();
        for (HostTensor input : inputs) {
            tensors.add(arrange(device, dtype, arrangement, input).requiresGrad(true));
        }
        return tensors.toArray(Tensor[]::new);
    }

    private static Tensor arrange(Device device, DType dtype, Arrangement arrangement, HostTensor input) {
        Tensor typed = upload(device, dtype, input).reshape(input.shape());
        if (input.shape().length < 2 || arrangement == Arrangement.CONTIGUOUS) {
            return typed.detach();
        }
        int last = input.shape().length - 1;
        if (arrangement == Arrangement.TRANSPOSED) {
            return typed.transpose(0, last).contiguous().transpose(0, last).detach();
        }
        int[] wide = input.shape().clone();
        wide[last] = 2 * wide[last] + 3;
        Tensor roomy = Tensor.full(device, dtype, 77, wide);
        Tensor part = roomy.slice(last, 3, wide[last], 2);
        return part.copy_(typed).detach();
    }

    private static Tensor upload(Device device, DType dtype, HostTensor input) {
        if (dtype == DType.FLOAT64) {
            return Tensor.of(device, input.data());
        }
        float[] floats = new float[input.data().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) input.data()[i];
        }
        return Tensor.of(device, floats);
    }

    private static void assertClose(double[] expected, double[] actual, DType dtype, String context) {
        double tolerance = dtype == DType.FLOAT32 ? 2e-5 : 1e-12;
        assertEquals(expected.length, actual.length, context);
        for (int i = 0; i < expected.length; i++) {
            double allowed = tolerance * (1 + Math.abs(expected[i]));
            if (!(Math.abs(expected[i] - actual[i]) <= allowed)) {
                throw new AssertionError(
                        context + ", element " + i + ": expected " + expected[i] + " but was " + actual[i]);
            }
        }
    }
}
