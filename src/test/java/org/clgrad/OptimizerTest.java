package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.clgrad.optim.Adam;
import org.clgrad.optim.AdamW;
import org.clgrad.optim.Optimizer;
import org.clgrad.optim.SGD;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers go PyTorch's way, on every device; what they write is noticed. */
class OptimizerTest {
    private static final String COLUMNS = "org.clgrad.TestDevices#columns";
    private static final int STEPS = 5;

    @TestFactory
    Stream<DynamicTest> stepsAreThoseOfPyTorch() {
        return TestDevices.columns()
                .flatMap(column -> Oracle.cases("optimizers.txt").stream()
                        .flatMap(c -> Stream.of(false, true)
                                .map(strided -> dynamicTest(
                                        column + " " + c.name() + (strided ? " strided" : ""),
                                        () -> replay(column, c, strided)))));
    }

    private static void replay(Column column, Oracle.Case c, boolean strided) {
        try (Scope scope = Scope.open()) {
            List<Tensor> parameters = new ArrayList<>();
            for (int i = 0; i < c.inputs(); i++) {
                parameters.add(tensor(column, c.get("in" + i), strided).requiresGrad(true));
            }
            Optimizer optimizer = optimizer(c, parameters);
            for (int step = 0; step < STEPS; step++) {
                if (step == 3) {
                    optimizer.learningRate(optimizer.learningRate() / 2);
                }
                try (Scope inner = Scope.open()) {
                    for (int i = 0; i < parameters.size(); i++) {
                        String gradient = "g" + step + "_" + i;
                        parameters
                                .get(i)
                                .grad(c.has(gradient) ? tensor(column, c.get(gradient), strided && step > 1) : null);
                    }
                    optimizer.step();
                }
                for (int i = 0; i < parameters.size(); i++) {
                    assertClose(column, c.get("p" + step + "_" + i).values(), parameters.get(i));
                }
            }
            int state = 0;
            for (int i = 0; i < parameters.size(); i++) {
                for (Map.Entry<String, Tensor> kept :
                        optimizer.state(parameters.get(i)).entrySet()) {
                    assertClose(column, c.get("s_" + i + "_" + kept.getKey()).values(), kept.getValue());
                    state++;
                }
            }
            assertEquals(
                    c.arrays().keySet().stream().filter(s -> s.startsWith("s_")).count(), state);
        }
    }

    /** As every second element of a wider array where asked for. */
    private static Tensor tensor(Column column, Oracle.Values values, boolean strided) {
        Tensor dense = column.tensor(values.values(), values.shape());
        if (!strided) {
            return dense;
        }
        int[] wide = values.shape().clone();
        wide[0] *= 2;
        return Tensor.full(column.device(), column.dtype(), 7, wide)
                .slice(0, 0, wide[0], 2)
                .copy_(dense)
                .detach();
    }

    private static Optimizer optimizer(Oracle.Case c, List<Tensor> parameters) {
        double[] a = c.arguments();
        return switch (c.operation()) {
            case "sgd" ->
                new SGD(parameters, a[0])
                        .momentum(a[1])
                        .dampening(a[2])
                        .weightDecay(a[3])
                        .nesterov(a[4] != 0)
                        .maximize(a[5] != 0);
            case "adam" -> configured(new Adam(parameters, a[0]), a);
            case "adamw" -> configured(new AdamW(parameters, a[0]), a);
            default -> throw new AssertionError(c.operation());
        };
    }

    private static Adam configured(Adam adam, double... a) {
        return adam.betas(a[1], a[2])
                .eps(a[3])
                .weightDecay(a[4])
                .amsgrad(a[5] != 0)
                .maximize(a[6] != 0);
    }

    private static void assertClose(Column column, double[] expected, Tensor found) {
        assertArrayEquals(expected, found.toDoubleArray(), column.dtype() == DType.FLOAT32 ? 2e-6 : 1e-13);
    }

    /** More parameters than one kernel takes, of sizes around the widths of vectors and blocks. */
    @ParameterizedTest
    @MethodSource(COLUMNS)
    void manyParametersAtOnce(Column column) {
        int[] sizes = {0, 1, 2, 15, 16, 17, 63, 64, 65, 1023, 1024, 1025, 3000, 1, 40000, 7, 4096, 33, 5, 2};
        try (Scope scope = Scope.open()) {
            List<Tensor> parameters = new ArrayList<>();
            for (int size : sizes) {
                Tensor p = Tensor.arange(column.device(), column.dtype(), 0, size, 1);
                parameters.add(p.detach().requiresGrad(true));
                p.grad(null);
            }
            SGD sgd = new SGD(parameters, 0.5).momentum(0.5);
            for (int step = 0; step < 2; step++) {
                sgd.zeroGrad();
                for (Tensor p : parameters) {
                    p.mul(4).sum().backward();
                }
                sgd.step(); // velocities 4 and 6
            }
            for (int i = 0; i < sizes.length; i++) {
                double[] values = parameters.get(i).toDoubleArray();
                for (int k = 0; k < sizes[i]; k++) {
                    assertEquals(k - 5.0, values[k], "parameter " + i + ", element " + k);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void aSavedParameterThatWasUpdatedIsNoticed(Column column) {
        Tensor w = column.leaf(new double[] {1, 2, 3}, 3);
        Tensor loss = w.mul(w).sum();
        w.mul(2).sum().backward();
        new SGD(List.of(w), 0.1).step();
        Messages.assertNames(
                assertThrows(IllegalStateException.class, loss::backward),
                "modified by an inplace operation",
                "MulBackward0");
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void zeroGradForgetsOrWritesZeros(Column column) {
        Tensor w = column.leaf(new double[] {1, 2, 3}, 3);
        Tensor idle = column.leaf(new double[] {5}, 1);
        SGD sgd = new SGD(List.of(w, idle), 0.1);
        w.mul(w).sum().backward(null, false, true); // a gradient with a history
        Tensor gradient = w.grad();
        sgd.zeroGrad(false);
        assertArrayEquals(new double[3], w.grad().toDoubleArray());
        assertArrayEquals(new double[3], gradient.toDoubleArray(), "in place");
        assertTrue(!w.grad().requiresGrad(), "zeros have no history");
        assertNull(idle.grad());
        sgd.step();
        assertArrayEquals(new double[] {1, 2, 3}, w.toDoubleArray());
        sgd.zeroGrad();
        assertNull(w.grad());
        assertTrue(sgd.state(idle).isEmpty());
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void trainsWithinScopes(Column column) {
        for (int kind = 0; kind < 3; kind++) {
            Tensor w = column.leaf(new double[] {4, -3}, 2);
            List<Tensor> parameters = List.of(w);
            Optimizer optimizer = kind == 0
                    ? new SGD(parameters, 0.05).momentum(0.5)
                    : kind == 1 ? new Adam(parameters, 0.3) : new AdamW(parameters, 0.3).weightDecay(0);
            for (int step = 0; step < 150; step++) {
                try (Scope scope = Scope.open()) {
                    optimizer.zeroGrad();
                    w.sub(column.vector(1, 2)).pow(2).sum().backward();
                    optimizer.step();
                }
            }
            assertArrayEquals(new double[] {1, 2}, w.toDoubleArray(), 0.02, optimizer.getClass()::getSimpleName);
        }
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void closingGivesTheStateBack(Column column) {
        Tensor w = Tensor.ones(column.device(), column.dtype(), 5000).requiresGrad(true);
        w.sum().backward();
        // what others left to the collector must not come back while this counts
        long before = TestDevices.bytesInUse(column.device());
        Adam adam = new Adam(List.of(w), 0.5);
        adam.step();
        assertTrue(column.device().memoryStats().inUse()
                >= before + 10000L * column.dtype().bytes());
        adam.close();
        assertEquals(before, column.device().memoryStats().inUse());
        adam.close();
        adam.step();
        assertEquals(0, w.toDoubleArray()[4999], 1e-6); // both were first steps, of the learning rate
        adam.close();
    }

    /** The next one is still the first: dampening does not concern it. */
    @Test
    void aStepThatIsRefusedIsNone() {
        Tensor w = Tensor.ones(2).requiresGrad(true);
        w.grad(Tensor.ones(2));
        Tensor stretched = Tensor.ones(1).expand(3).detach().requiresGrad(true);
        stretched.grad(Tensor.ones(3));
        Optimizer sgd = new SGD(List.of(w, stretched), 0.25).momentum(0.5).dampening(0.5);
        assertThrows(IllegalStateException.class, sgd::step);
        stretched.grad(null);
        sgd.step();
        assertArrayEquals(new float[] {0.75f, 0.75f}, w.toFloatArray());
    }

    @Test
    void errorsSayWhatIsWrong() {
        Tensor w = Tensor.ones(2).requiresGrad(true);
        List<Tensor> one = List.of(w);
        Class<IllegalArgumentException> argument = IllegalArgumentException.class;
        Messages.assertNames(
                assertThrows(argument, () -> new SGD(List.of(), 1)), "SGD: optimizer got an empty parameter");
        Messages.assertNames(assertThrows(argument, () -> new Adam(one, -1)), "Adam: Invalid learning rate: -1.0");
        Messages.assertNames(
                assertThrows(argument, () -> new SGD(one, 1).learningRate(Double.NaN)), "Invalid learning rate: NaN");
        Messages.assertNames(
                assertThrows(argument, () -> new SGD(one, 1).momentum(-2)), "Invalid momentum value: -2.0");
        Messages.assertNames(
                assertThrows(argument, () -> new Adam(one, 1).betas(0.9, 1)), "Invalid beta parameter at index 1: 1.0");
        Messages.assertNames(
                assertThrows(argument, () -> new AdamW(one, 1).weightDecay(-1)), "Invalid weight_decay value: -1.0");
        Messages.assertNames(
                assertThrows(argument, () -> new SGD(one, 1).nesterov(true).step()),
                "Nesterov momentum requires a momentum and zero dampening");
        Messages.assertNames(
                assertThrows(argument, () -> new SGD(List.of(w.mul(2)), 1)),
                "can't optimize a non-leaf",
                "MulBackward0");
        Messages.assertNames(assertThrows(argument, () -> new SGD(List.of(w, w), 1)), "a parameter twice", "[2]");
        SGD sgd = new SGD(one, 1);
        sgd.step();
        Messages.assertNames(
                assertThrows(IllegalStateException.class, () -> sgd.momentum(0.5)), "momentum cannot change after");
        Messages.assertNames(assertThrows(argument, () -> sgd.state(Tensor.ones(1))), "not one of the parameters");
        Tensor stretched = Tensor.ones(1).expand(3).detach().requiresGrad(true);
        stretched.grad(Tensor.ones(3));
        assertThrows(IllegalStateException.class, () -> new SGD(List.of(stretched), 1).step());
    }
}
