package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.clgrad.array.DType;
import org.clgrad.autograd.GradMode;
import org.junit.jupiter.api.Test;

/** What is recorded, and where recording is off. */
class RecordingTest {
    private final Tensor leaf = Tensor.ones(2, 3).requiresGrad(true);
    private final Tensor constant = Tensor.ones(2, 3);

    @Test
    void aResultRequiresGradIfSomeInputDoes() {
        assertTrue(leaf.add(constant).requiresGrad());
        assertTrue(constant.add(leaf).requiresGrad());
        assertFalse(constant.add(constant).requiresGrad());
        assertNull(constant.add(constant).gradFn());
        assertTrue(constant.add(constant).isLeaf());
        assertFalse(leaf.add(1).isLeaf());
        assertTrue(leaf.isLeaf());
        assertNull(leaf.gradFn());
    }

    @Test
    void comparisonsAreNotRecorded() {
        assertFalse(leaf.gt(constant).requiresGrad());
        assertFalse(leaf.eq(0).requiresGrad());
        assertFalse(leaf.to(DType.INT64).requiresGrad());
    }

    @Test
    void onlyFloatingTensorsRequireGrad() {
        for (Tensor t : new Tensor[] {Tensor.of(new long[] {1}), Tensor.of(new boolean[] {true})}) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> t.requiresGrad(true));
            Messages.assertNames(e, "only Tensors of floating point dtype can require gradients", t.dtype());
            assertFalse(t.requiresGrad(false).requiresGrad());
        }
    }

    /** As in PyTorch: what becomes whole numbers has no gradient. */
    @Test
    void aCopyIntoWholeNumbersIsNotRecorded() {
        Tensor w = Tensor.of(new float[] {1.5f, 2.5f}).requiresGrad(true);
        Tensor whole = Tensor.zeros(w.device(), DType.INT64, 2);
        whole.copy_(w);
        try (GradMode.Guard off = Autograd.noGrad()) {
            whole = whole.slice(0, 0, 2);
        }
        whole.copy_(w);
        assertFalse(whole.requiresGrad());
        whole.to(DType.FLOAT32).sum().add(w.sum()).backward();
        assertArrayEquals(new float[] {1, 1}, w.grad().toFloatArray());
    }

    @Test
    void onlyLeavesChange() {
        Tensor result = leaf.mul(2);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> result.requiresGrad(false));
        Messages.assertNames(e, "you can only change requires_grad flags of leaf variables.", "detach()");
        assertSame(result, result.requiresGrad(true), "asking for what is so already is no error");
        assertFalse(leaf.requiresGrad(false).requiresGrad());
        assertFalse(leaf.mul(2).requiresGrad());
    }

    @Test
    void noGradNestsAndIsRestored() {
        assertTrue(Autograd.isGradEnabled());
        try (GradMode.Guard off = Autograd.noGrad()) {
            assertFalse(leaf.mul(2).requiresGrad());
            assertTrue(leaf.requiresGrad());
            try (GradMode.Guard on = Autograd.enableGrad()) {
                assertTrue(leaf.mul(2).requiresGrad());
                try (GradMode.Guard again = Autograd.noGrad()) {
                    assertFalse(Autograd.isGradEnabled());
                }
                assertTrue(Autograd.isGradEnabled());
            }
            assertFalse(Autograd.isGradEnabled());
        }
        assertTrue(leaf.mul(2).requiresGrad());
    }

    @Test
    void noGradIsRestoredAfterAnException() {
        assertThrows(IllegalArgumentException.class, () -> {
            try (GradMode.Guard off = Autograd.noGrad()) {
                leaf.add(Tensor.ones(4));
            }
        });
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void backwardRestoresTheModeItself() {
        Tensor y = leaf.mul(leaf);
        try (GradMode.Guard off = Autograd.noGrad()) {
            y.sum(); // not recorded
            y.backward(Tensor.onesLike(y));
            assertFalse(Autograd.isGradEnabled());
        }
        assertTrue(Autograd.isGradEnabled());
        assertFalse(leaf.grad().requiresGrad());
        assertThrows(IllegalStateException.class, () -> y.backward(Tensor.onesLike(y)), "freed");
        assertTrue(Autograd.isGradEnabled(), "after a failed pass too");
    }

    @Test
    void theModeBelongsToTheThread() {
        try (GradMode.Guard off = Autograd.noGrad()) {
            assertTrue(CompletableFuture.supplyAsync(Autograd::isGradEnabled).join());
            assertTrue(CompletableFuture.supplyAsync(() -> leaf.mul(2).requiresGrad())
                    .join());
        }
    }

    @Test
    void aGuardIsClosedByItsThread() {
        GradMode.Guard guard = Autograd.noGrad();
        Throwable e = CompletableFuture.supplyAsync(() -> assertThrows(IllegalStateException.class, guard::close))
                .join();
        Messages.assertNames(
                e,
                "grad mode belongs to the thread that set it",
                Thread.currentThread().getName());
        guard.close();
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void requiresGradMayBeSetInsideNoGrad() {
        try (GradMode.Guard off = Autograd.noGrad()) {
            Tensor x = Tensor.ones(2).requiresGrad(true);
            assertTrue(x.requiresGrad());
        }
    }

    @Test
    void viewsAreRecordedToo() {
        assertNotNull(leaf.reshape(6).gradFn());
        assertNotNull(leaf.t().gradFn());
        assertEquals(
                "AccumulateGrad",
                leaf.t().gradFn().nextFunctions().get(0).node().name());
    }

    @Test
    void aViewOfTheSameShapeIsAnotherTensor() {
        for (Tensor view : List.of(
                constant.reshape(2, 3),
                constant.expand(2, 3),
                constant.squeeze(0),
                constant.squeeze(),
                constant.permute(0, 1),
                constant.slice(0, 0, 2))) {
            assertTrue(view.requiresGrad(true).requiresGrad());
            assertFalse(constant.requiresGrad());
        }
        for (Tensor view : List.of(leaf.reshape(2, 3), leaf.expand(2, 3), leaf.squeeze(0), leaf.squeeze())) {
            assertFalse(view == leaf || view.isLeaf());
        }
        assertFalse(leaf.select(0, 0).t().isLeaf());
        assertTrue(leaf.contiguous().isLeaf(), "contiguous and to give the tensor itself");
    }

    @Test
    void detachForgetsTheRecordAndSharesTheMemory() {
        Tensor y = leaf.mul(3);
        Tensor z = y.detach();
        assertFalse(z.requiresGrad());
        assertTrue(z.isLeaf());
        z.fill_(7);
        assertEquals(7, y.get(0, 0).item());
        assertTrue(leaf.detach().add_(1).toDoubleArray()[0] == 2, "the leaf's memory through its detached alias");
        assertEquals(2, leaf.get(0, 0).item());
    }
}
