package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who holds memory, and until when. Sizes are such that no backend leaves the arrays uncounted where the count matters. */
class MemoryTest {
    private static final String DEVICES = "org.clgrad.TestDevices#devices";

    /** What earlier tests left to the collector must not go back in the middle of a measurement. */
    @BeforeAll
    static void settle() {
        TestDevices.devices().forEach(TestDevices::bytesInUse);
    }

    private static Tensor randn(Device device, int... shape) {
        return Tensor.randn(device, DType.FLOAT32, shape);
    }

    private static void assertGivesAllBack(Device device, Consumer<Device> program) {
        program.accept(device); // constants that a backend keeps are made by now
        long before = TestDevices.bytesInUse(device);
        program.accept(device);
        assertEquals(before, device.memoryStats().inUse(), "bytes in use");
    }

    private static void assertIsCollected(Device device, Consumer<Device> program) {
        long before = TestDevices.bytesInUse(device);
        program.accept(device);
        assertEquals(before, TestDevices.bytesInUse(device), "bytes in use");
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aClosedScopeLeavesNothing(Device device) {
        assertGivesAllBack(device, d -> {
            try (Scope scope = Scope.open()) {
                Tensor x = randn(d, 64, 80);
                x.add(1).mul(x).matmul(x.t()).sum(0).t();
                Tensor.cat(List.of(x, x), 1).max(1).toFloatArray();
                Tensor.where(x.gt(0), x, x.neg()).slice(0, 1, 3).contiguous().toFloatArray();
                x.to(DType.INT64).toString();
                x.clone().clamp_(-1, 1).copy_(x.to(DType.BOOL));
            }
        });
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aCopyIntoAnotherDeviceLeavesNothing(Device device) {
        Tensor source = Tensor.full(Device.cpu(), DType.FLOAT64, 2.5, 100, 200).t(); // not every device has doubles
        Tensor target = Tensor.zeros(device, DType.FLOAT32, 200, 100);
        for (Device side : List.of(device, Device.cpu())) {
            assertGivesAllBack(side, d -> {
                target.copy_(source);
                source.copy_(target);
            });
        }
        assertEquals(2.5f, target.toFloatArray()[19_999]);
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aTrainingStepLeavesOnlyTheGradients(Device device) {
        Tensor w = randn(device, 160, 40).requiresGrad(true);
        Tensor b = randn(device, 40).requiresGrad(true);
        Tensor x = randn(device, 80, 160);
        Tensor y = Tensor.zeros(device, DType.FLOAT32, 80, 40);
        assertGivesAllBack(device, d -> {
            try (Scope scope = Scope.open()) {
                Tensor h = x.matmul(w).add(b);
                Functional.binaryCrossEntropyWithLogits(h.tanh().mul(h).pow(2.5), y)
                        .backward();
                w.grad().toString();
            }
        });
        assertTrue(w.grad() != null);
        for (Tensor t : List.of(w, b, x, y)) {
            t.close();
        }
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void savedValuesGoWhenThePassHasUsedThem(Device device) {
        TestDevices.bytesInUse(device);
        try (Scope scope = Scope.open()) {
            Tensor x = randn(device, 10_000).requiresGrad(true);
            x.sum().backward(); // the gradient is there
            long before = device.memoryStats().inUse();
            Tensor y;
            try (Scope inner = Scope.open()) {
                Tensor t = x;
                for (int i = 0; i < 10; i++) {
                    t = t.exp().sin().neg();
                }
                y = inner.keep(t.sum());
            }
            assertTrue(device.memoryStats().inUse() >= before + 3 * 40_000, "what is costly to compute again is kept");
            y.backward();
            y.close();
            assertEquals(before, device.memoryStats().inUse());
        }
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void doubleDifferentiationLeavesNothing(Device device) {
        Tensor x = randn(device, 2000).requiresGrad(true);
        // where the second pass did not come by, saved values are left to the collector
        assertIsCollected(device, d -> {
            try (Scope scope = Scope.open()) {
                Tensor y = x.sin().mul(x).sum();
                Tensor g = Autograd.grad(List.of(y), List.of(x), List.of(), false, true, false)
                        .get(0);
                Tensor h = Autograd.grad(g.pow(2).sum(), x).get(0);
                h.sum().item();
            }
        });
        x.close();
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void gradGivesEveryResultOnce(Device device) {
        Tensor x = randn(device, 2000).requiresGrad(true);
        Tensor y = randn(device, 2000).requiresGrad(true);
        assertGivesAllBack(device, d -> {
            try (Scope scope = Scope.open()) {
                Tensor m = x.mul(y);
                Tensor loss = m.mul(m).sum();
                Autograd.grad(loss, x, m, x, loss);
                Tensor sum = x.add(y).sum(); // one gradient for two
                Autograd.grad(sum, x, y);
                Tensor other = x.mul(2).sum();
                assertThrows(IllegalStateException.class, () -> Autograd.grad(other, x, y)); // y is not used
            }
        });
        assertTrue(x.grad() == null && y.grad() == null);
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aPassThatFailsLeavesNothingOnItsWay(Device device) {
        Tensor x = randn(device, 2000).requiresGrad(true);
        Tensor k = randn(device, 2000);
        assertIsCollected(device, d -> {
            try (Scope scope = Scope.open()) {
                Tensor loss = x.mul(k).exp().add(x.sin()).sum();
                k.add_(1);
                assertThrows(IllegalStateException.class, loss::backward);
            }
            x.grad((Tensor) null);
        });
        assertEquals(2000, k.numel());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aGraphThatNeverWentBackwardIsFoundByTheCollector(Device device) {
        Tensor x = randn(device, 2000).requiresGrad(true);
        assertIsCollected(device, d -> {
            try (Scope scope = Scope.open()) {
                x.sin().mul(x).exp().sum();
            }
        });
        x.close();
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void forgettingTheGradientGivesItsMemoryBack(Device device) {
        TestDevices.bytesInUse(device);
        Tensor x = randn(device, 10_000).requiresGrad(true);
        long before = device.memoryStats().inUse();
        try (Scope scope = Scope.open()) {
            x.mul(2).sum().backward();
        }
        assertTrue(device.memoryStats().inUse() > before);
        x.grad((Tensor) null);
        assertEquals(before, device.memoryStats().inUse());
        x.close();
        assertTrue(device.memoryStats().inUse() < before);
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void theGradientOfAClosedTensorGoesWithIt(Device device) {
        Tensor w = randn(device, 2000).requiresGrad(true);
        assertGivesAllBack(device, d -> {
            Tensor late;
            try (Scope scope = Scope.open()) {
                Tensor x = randn(d, 2000).requiresGrad(true);
                Tensor product = x.mul(w).retainGrad();
                product.sin().sum().backward();
                assertTrue(x.grad() != null && product.grad() != null);
                Tensor y = randn(d, 2000).requiresGrad(true);
                late = scope.keep(x.mul(w).mul(y).sum());
                y.requiresGrad(false); // the graph has it, but it gets no gradient
            }
            late.backward(); // to a leaf that nobody can ask
            late.close();
        });
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aGradientOutlivesItsTensorWhereSomebodyHasIt(Device device) {
        Tensor x = Tensor.full(device, DType.FLOAT32, 3, 2000).requiresGrad(true);
        x.pow(2).sum().backward(null, true, true);
        Tensor gradient = x.grad().retainGrad();
        gradient.pow(2).sum().backward(null, true);
        assertEquals(2 * 6, gradient.grad().toFloatArray()[1999]);
        gradient.close();
        gradient = x.grad(); // x has it still, and with it what it retained
        assertEquals(2 * 6, gradient.grad().toFloatArray()[1999]);
        x.close();
        assertEquals(6 + 2 * 6 * 2, gradient.toFloatArray()[1999]); // the second pass went on to x
        assertEquals(2 * 6, gradient.grad().toFloatArray()[1999]);
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aViewKeepsTheMemory(Device device) {
        TestDevices.bytesInUse(device);
        Tensor x = Tensor.ones(device, DType.FLOAT32, 10_000);
        long with = device.memoryStats().inUse();
        Tensor view = x.slice(0, 10, 20);
        x.close();
        assertEquals(with, device.memoryStats().inUse());
        assertEquals(10, view.sum().item());
        view.close();
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aClosedInputIsStillThereForBackward(Device device) {
        Tensor x = Tensor.ones(device, DType.FLOAT32, 3).requiresGrad(true);
        Tensor k = Tensor.full(device, DType.FLOAT32, 5, 3);
        Tensor product = x.mul(k);
        Tensor sum = product.sum();
        k.close();
        product.close();
        for (int i = 0; i < 10; i++) {
            Tensor.zeros(device, DType.FLOAT32, 3).close(); // would get the memory of k, were it free
        }
        sum.backward();
        assertArrayEquals(new float[] {5, 5, 5}, x.grad().toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void closingTwiceAndUsingAfterClosing(Device device) {
        Tensor x = Tensor.ones(device, DType.FLOAT32, 2, 3);
        x.close();
        assertTrue(x.isClosed());
        Messages.assertNames(assertThrows(IllegalStateException.class, x::close), "close", "[2, 3]", "is closed");
        Tensor y = Tensor.ones(device, DType.FLOAT32, 2, 3);
        for (Consumer<Tensor> use : List.<Consumer<Tensor>>of(
                t -> t.add(1),
                t -> y.mul(t),
                t -> t.matmul(y),
                Tensor::sum,
                Tensor::toFloatArray,
                Tensor::shape,
                Tensor::item,
                Tensor::backward,
                Tensor::grad,
                t -> t.reshape(6),
                t -> y.add_(t),
                t -> y.copy_(t),
                Tensor::zero_,
                Tensor::detach,
                t -> Tensor.cat(List.of(y, t), 0),
                t -> Functional.mseLoss(y, t))) {
            Messages.assertNames(
                    assertThrows(IllegalStateException.class, () -> use.accept(x)), "this tensor [2, 3] is closed");
        }
        y.close();
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void keptTensorsOutliveTheirScope(Device device) {
        Tensor kept;
        Tensor inner;
        try (Scope outer = Scope.open()) {
            try (Scope scope = Scope.open()) {
                kept = outer.keep(scope.keep(Tensor.ones(device, DType.FLOAT32, 2)));
                inner = scope.keep(Tensor.ones(device, DType.FLOAT32, 2));
                Tensor closedEarly = Tensor.ones(device, DType.FLOAT32, 2);
                closedEarly.close(); // the scope does not mind
            }
            assertFalse(inner.isClosed());
        }
        assertTrue(inner.isClosed(), "kept from the inner scope only");
        assertFalse(kept.isClosed());
        kept.close();
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void scopesCloseInOrderOnceOnTheirThread(Device device) {
        Scope outer = Scope.open();
        Scope inner = Scope.open();
        Messages.assertNames(assertThrows(IllegalStateException.class, outer::close), "innermost first");
        Throwable e = CompletableFuture.supplyAsync(() -> assertThrows(IllegalStateException.class, inner::close))
                .join();
        Messages.assertNames(e, "thread");
        Tensor elsewhere = CompletableFuture.supplyAsync(() -> Tensor.ones(device, DType.FLOAT32, 1))
                .join();
        inner.close();
        Messages.assertNames(assertThrows(IllegalStateException.class, inner::close), "closed twice");
        outer.close();
        assertFalse(elsewhere.isClosed(), "a scope is its thread's");
        elsewhere.close();
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void whatNobodyClosesIsFoundByTheCollector(Device device) {
        long block = 4 << 20;
        long rounds = Math.min(200, device.memoryStats().budget() / block + 20);
        for (int i = 0; i < rounds; i++) {
            Tensor.full(device, DType.FLOAT32, i, (int) (block / 4)); // dropped
        }
        assertTrue(TestDevices.bytesInUse(device) < rounds * block);
        device.emptyCache(); // other tests need the heap
    }

    /** A sum, a view and a product with a constant need shapes alone of what they were computed from. */
    @ParameterizedTest
    @MethodSource(DEVICES)
    void graphsKeepNoOperandThatTheyDoNotSave(Device device) {
        Tensor x = randn(device, 5000).requiresGrad(true);
        Tensor ones = Tensor.ones(device, DType.FLOAT32, 50, 1);
        long before = TestDevices.bytesInUse(device);
        Tensor y = x.mul(2).reshape(100, 50).matmul(ones).sum(); // nobody holds what is in between
        Tensor z = x.mul(3).slice(0, 0, 10).mean();
        long kept = TestDevices.bytesInUse(device) - before;
        assertTrue(kept < 5000 * 4, kept + " bytes are kept");
        y.add(z).backward();
        assertEquals(2.3, x.grad().toDoubleArray()[0], 1e-6);
    }
}
