package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.clgrad.nn.Reduction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tensors print as PyTorch prints them, to the last blank: src/test/python/printing.py asked it. */
class PrintingTest {

    /** @param fields name, dtype, shape, values, flag */
    private record Case(String[] fields, List<String> printed) {}

    @TestFactory
    Stream<DynamicTest> asPyTorch() {
        List<Case> cases = new ArrayList<>();
        for (String line : Oracle.lines("printing.txt")) {
            if (line.startsWith("> ")) {
                cases.get(cases.size() - 1).printed().add(line.substring(2));
            } else {
                cases.add(new Case(line.split("\\|", -1), new ArrayList<>()));
            }
        }
        return cases.stream().map(c -> dynamicTest(c.fields()[0], () -> check(c)));
    }

    private static void check(Case c) {
        DType dtype = DType.valueOf(c.fields()[1].toUpperCase(java.util.Locale.ROOT));
        assumeTrue(
                dtype != DType.FLOAT64 || Device.getDefault().describe().fp64(), "the default device has no FLOAT64");
        int[] shape = c.fields()[2].isEmpty()
                ? new int[0]
                : Arrays.stream(c.fields()[2].split(","))
                        .mapToInt(Integer::parseInt)
                        .toArray();
        try (Scope scope = Scope.open()) {
            Tensor tensor = tensor(dtype, values(c.fields()[3], shape), shape);
            String flag = c.fields()[4];
            tensor = switch (flag) {
                case "requires_grad" -> tensor.requiresGrad(true);
                case "mul" -> tensor.requiresGrad(true).mul(1);
                case "bce" ->
                    Functional.binaryCrossEntropyWithLogits(
                            tensor.requiresGrad(true), Tensor.zerosLike(tensor), Reduction.NONE);
                case "transposed" -> tensor.t();
                default -> tensor;
            };
            assertEquals(String.join("\n", c.printed()), tensor.toString());
        }
    }

    private static Tensor tensor(DType dtype, double[] values, int... shape) {
        Device device = Device.getDefault();
        return switch (dtype) {
            case FLOAT32, FLOAT64 -> new TestDevices.Column(device, dtype).tensor(values, shape);
            case INT64 ->
                Tensor.of(device, Arrays.stream(values).mapToLong(v -> (long) v).toArray(), values.length)
                        .reshape(shape);
            case BOOL -> {
                boolean[] flags = new boolean[values.length];
                for (int i = 0; i < flags.length; i++) {
                    flags[i] = values[i] != 0;
                }
                yield Tensor.of(device, flags, values.length).reshape(shape);
            }
        };
    }

    /** Numbers, or what the generators of printing.py give. */
    private static double[] values(String text, int... shape) {
        IntToDoubleFunction generator = switch (text) {
            case "range" -> j -> j;
            case "quarters" -> j -> j / 4.0 - 2;
            case "mixed" -> j -> mixed(j) / 256;
            case "big" -> j -> mixed(j) * 37.5;
            case "bits" -> j -> j % 3 == 0 ? 1 : 0;
            default -> null;
        };
        if (generator != null) {
            int n = IntStream.of(shape).reduce(1, (a, b) -> a * b);
            return IntStream.range(0, n).mapToDouble(generator).toArray();
        }
        return text.isEmpty()
                ? new double[0]
                : Arrays.stream(text.split(" ")).mapToDouble(Oracle::number).toArray();
    }

    private static double mixed(int j) {
        return (j * 7919L + 211) % 2001 - 1000;
    }

    @Test
    void theDeviceIsNamedWhereItIsNotTheDefault() {
        for (Device device : TestDevices.devices()) {
            String printed = Tensor.ones(device, DType.FLOAT32, 2).toString();
            assertEquals(
                    device == Device.getDefault() ? "tensor([1., 1.])" : "tensor([1., 1.], device='" + device + "')",
                    printed);
        }
    }

    @Test
    void aClosedTensorPrintsWithoutAnError() {
        Tensor x = Tensor.ones(2);
        x.close();
        assertEquals("tensor(closed)", x.toString());
    }
}
