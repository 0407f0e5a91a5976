package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.clgrad.autograd.GradMode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values that were saved and then written to, and what may not be written to. */
class VersionTest {
    private static final String MODIFIED =
            "one of the variables needed for gradient computation has been modified by an inplace operation";
    private final Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
    private final Tensor k = Tensor.of(new float[] {4, 5, 6});

    @TestFactory
    Stream<DynamicTest> everyInPlaceOperationRaisesTheVersion() {
        Map<String, Consumer<Tensor>> writes = new LinkedHashMap<>();
        writes.put("add_", t -> t.add_(k.detach()));
        writes.put("add_ number", t -> t.add_(1));
        writes.put("add_ scaled", t -> t.add_(k.detach(), 2));
        writes.put("sub_", t -> t.sub_(k.detach()));
        writes.put("sub_ number", t -> t.sub_(1));
        writes.put("mul_", t -> t.mul_(k.clone()));
        writes.put("mul_ number", t -> t.mul_(2));
        writes.put("div_", t -> t.div_(k.clone()));
        writes.put("div_ number", t -> t.div_(2));
        writes.put("pow_", t -> t.pow_(2));
        writes.put("clamp_", t -> t.clamp_(0, 1));
        writes.put("zero_", Tensor::zero_);
        writes.put("fill_", t -> t.fill_(2));
        writes.put("copy_", t -> t.copy_(x));
        writes.put("in noGrad", t -> {
            try (GradMode.Guard off = Autograd.noGrad()) {
                t.add_(1);
            }
        });
        writes.put("through detach", t -> t.detach().add_(1));
        writes.put("through a view", t -> t.slice(0, 0, 1).zero_());
        return writes.entrySet().stream()
                .map(write -> dynamicTest(write.getKey(), () -> {
                    Tensor c = x.mul(1);
                    Tensor loss = c.mul(c).sum();
                    write.getValue().accept(c);
                    Messages.assertNames(
                            assertThrows(IllegalStateException.class, loss::backward),
                            MODIFIED,
                            "[3]",
                            "MulBackward0",
                            "version 1; expected version 0 instead");
                }));
    }

    @Test
    void aSavedResultThatWasWrittenTo() {
        Tensor y = x.exp();
        Tensor loss = y.sum();
        y.add_(1);
        Messages.assertNames(assertThrows(IllegalStateException.class, loss::backward), MODIFIED, "ExpBackward0");
    }

    @Test
    void aSavedConstantThatWasWrittenTo() {
        Tensor loss = x.mul(k).sum();
        k.zero_();
        Messages.assertNames(assertThrows(IllegalStateException.class, loss::backward), MODIFIED);
    }

    @Test
    void aSavedLeafThatWasUpdated() {
        Tensor loss = x.mul(x).sum();
        try (GradMode.Guard off = Autograd.noGrad()) {
            x.sub_(0.1);
        }
        Messages.assertNames(assertThrows(IllegalStateException.class, loss::backward), MODIFIED);
    }

    @Test
    void whatIsNotSavedMayBeWrittenTo() {
        Tensor c = x.mul(k);
        Tensor loss = c.add(1).sum(); // add saves nothing
        c.zero_();
        loss.backward();
        assertArrayEquals(new float[] {4, 5, 6}, x.grad().toFloatArray());
    }

    @Test
    void onlyWhatTheDerivativeNeedsIsSaved() {
        Tensor c = k.clone();
        Tensor loss = c.mul(x).sum(); // x is not saved, since c needs no gradient
        try (GradMode.Guard off = Autograd.noGrad()) {
            x.zero_();
        }
        loss.backward();
        assertArrayEquals(new float[] {4, 5, 6}, x.grad().toFloatArray());
    }

    @Test
    void leavesAreNotWrittenTo() {
        for (Consumer<Tensor> write : java.util.List.<Consumer<Tensor>>of(
                t -> t.add_(1), Tensor::zero_, t -> t.copy_(k), t -> t.mul_(k), t -> t.pow_(2))) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> write.accept(x));
            Messages.assertNames(
                    e, "a leaf Variable that requires grad is being used in an in-place operation.", "noGrad");
            Messages.assertNames(
                    assertThrows(IllegalStateException.class, () -> write.accept(x.slice(0, 0, 3))),
                    "a view of a leaf Variable that requires grad is being used in an in-place operation.");
        }
        assertArrayEquals(new float[] {1, 2, 3}, x.toFloatArray());
    }

    @Test
    void parametersAreUpdatedInsideNoGrad() {
        x.sum().backward();
        try (GradMode.Guard off = Autograd.noGrad()) {
            x.sub_(x.grad(), 0.5);
            x.slice(0, 0, 1).zero_();
        }
        assertTrue(x.isLeaf());
        assertTrue(x.requiresGrad());
        assertArrayEquals(new float[] {0, 1.5f, 2.5f}, x.toFloatArray());
    }

    private static Tensor firstTwoInNoGrad(Tensor base) {
        try (GradMode.Guard off = Autograd.noGrad()) {
            return base.slice(0, 0, 2);
        }
    }

    @Test
    void aViewMadeInNoGradIsNotWrittenToOutside() {
        Tensor base = x.mul(1);
        Tensor view = firstTwoInNoGrad(base);
        assertFalse(view.requiresGrad());
        Messages.assertNames(
                assertThrows(IllegalStateException.class, () -> view.mul_(2)),
                "A view was created in no_grad mode and is being modified inplace with grad mode enabled.");
    }

    @Test
    void aViewMadeInNoGradIsNotGivenAHistoryOutside() {
        Tensor base = k.clone();
        Tensor view = firstTwoInNoGrad(base);
        view.add_(1); // nothing that requires grad
        Messages.assertNames(
                assertThrows(IllegalStateException.class, () -> view.copy_(x.slice(0, 0, 2))),
                "copy_: A view was created in no_grad mode and is being modified inplace with grad mode enabled.",
                "noGrad");
        assertArrayEquals(new float[] {5, 6, 6}, base.toFloatArray());
    }

    /** Else the way by the view would be missing in a gradient. */
    @Test
    void aViewMadeInNoGradIsNotUsedAfterItsBaseGotAHistory() {
        Tensor base = k.clone();
        Tensor view = firstTwoInNoGrad(base);
        Tensor part = view.slice(0, 0, 1);
        assertFalse(view.requiresGrad());
        base.copy_(x);
        assertTrue(view.requiresGrad());
        for (Tensor stray : new Tensor[] {view, part}) {
            assertTrue(
                    stray.requiresGrad() && stray.isLeaf() && stray.toString().startsWith("tensor([1."));
            Messages.assertNames(
                    assertThrows(IllegalStateException.class, () -> stray.mul(2)),
                    "A view was created in no_grad mode and its base or another view of its base has been modified"
                            + " inplace with grad mode enabled",
                    "[" + stray.size(0) + "]",
                    "noGrad");
        }
        try (GradMode.Guard off = Autograd.noGrad()) {
            assertArrayEquals(new float[] {2, 4}, view.mul(2).toFloatArray());
        }
        assertArrayEquals(new float[] {2, 4}, view.detach().mul(2).toFloatArray());
    }

    /** Such as a part of a parameter that an optimizer moves. */
    @Test
    void aViewMadeInNoGradFollowsWhatIsWrittenThere() {
        Tensor view;
        try (GradMode.Guard off = Autograd.noGrad()) {
            view = x.slice(0, 0, 2);
            x.add_(1);
        }
        assertFalse(view.requiresGrad());
        view.mul(x.slice(0, 0, 2)).sum().backward();
        assertArrayEquals(new float[] {2, 3, 0}, x.grad().toFloatArray());
    }

    @Test
    void expandedTensorsAreNotWrittenTo() {
        Messages.assertNames(
                assertThrows(
                        IllegalStateException.class,
                        () -> Tensor.ones(1).expand(3).add_(1)),
                "unsupported operation: more than one element of the written-to tensor refers to a single memory"
                        + " location",
                "clone()");
    }

    @Test
    void writingAConstantIntoAConstantRecordsNothing() {
        Tensor c = Tensor.ones(3);
        c.select(0, 1).add_(2);
        assertFalse(c.requiresGrad());
        assertArrayEquals(new float[] {1, 3, 1}, c.toFloatArray());
    }

    @Test
    void aConstantBecomesDifferentiableByWhatIsWrittenIntoIt() {
        Tensor c = Tensor.zeros(2, 3);
        Tensor before = c.select(0, 1);
        Tensor other = c.select(0, 0);
        c.select(0, 0).copy_(x.mul(2));
        assertTrue(c.requiresGrad());
        assertFalse(c.isLeaf());
        assertEquals("CopySlices", c.gradFn().name());
        assertTrue(other.requiresGrad());
        assertTrue(before.requiresGrad(), "as in PyTorch: a view's history is made again from its base's");
        other.mul(other).sum().backward();
        assertArrayEquals(new float[] {8, 16, 24}, x.grad().toFloatArray());
    }

    @Test
    void aViewSavedBeforeItsBaseWasWrittenTo() {
        Tensor base = x.mul(1);
        Tensor view = base.slice(0, 0, 2);
        Tensor loss = view.mul(view).sum();
        base.slice(0, 2, 3).zero_(); // another part, but of the same memory: PyTorch refuses too
        Messages.assertNames(assertThrows(IllegalStateException.class, loss::backward), MODIFIED);
    }
}
