package org.clgrad.op;

import org.clgrad.autograd.GradMode;
import org.clgrad.autograd.Node;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** What all in-place operations share: who may be written to, and whose history that changes. */
final class InPlace {
    private InPlace() {}

    /**
     * @param sources what is written to the target
     * @throws IllegalStateException if writing would hide something from the graph, or write one element twice
     */
    static void checkWritable(String operation, Variable target, Variable... sources) {
        if (target.value().layout().mayOverlapItself()) {
            throw new IllegalStateException(
                    operation + ": unsupported operation: more than one element of the written-to"
                            + " tensor refers to a single memory location. Please clone() the tensor before performing the"
                            + " operation.");
        }
        if (!GradMode.isEnabled()) {
            return;
        }
        Variable base = target.base();
        if (base.isLeaf() && base.requiresGrad()) {
            throw new IllegalStateException(operation + ": "
                    + (target.isView() ? "a view of a leaf Variable" : "a leaf Variable")
                    + " that requires grad is being used in an in-place operation."
                    + " Update parameters inside Autograd.noGrad().");
        }
        if (!target.viewWasRecorded() && (base.requiresGrad() || Recorder.shouldRecord(sources))) {
            throw new IllegalStateException(
                    operation + ": A view was created in no_grad mode and is being modified inplace"
                            + " with grad mode enabled. Make the view outside noGrad(), or write to it inside.");
        }
        if (target.isLeaf() && target.requiresGrad()) {
            throw new IllegalStateException(
                    operation + ": a leaf Variable that requires grad is being used in an in-place operation."
                            + " Update parameters inside Autograd.noGrad().");
        }
    }

    /** The inputs, with a copy of each that shares memory with the target but not element by element. */
    static Variable[] unaliased(Variable target, Variable... inputs) {
        Variable[] safe = inputs.clone();
        for (int i = 0; i < inputs.length; i++) {
            NdArray value = inputs[i].value();
            if (value.buffer() == target.value().buffer()
                    && !value.layout().equals(target.value().layout())) {
                safe[i] = new Variable(value.copy());
            }
        }
        return safe;
    }

    /**
     * Notes that the target was written to.
     *
     * @param node the operation that did it, made before; null if it was not recorded
     */
    static void rewrite(Variable target, @Nullable Node node) {
        target.value().buffer().contentsChanged();
        if (node == null) {
            return;
        }
        if (!target.isView()) {
            target.setHistory(node, 0);
            return;
        }
        // The base is now itself with the view's part replaced. The views' own histories follow from the base's.
        Variable written = new Variable(target.value());
        written.setHistory(node, 0);
        Variable base = target.base();
        Recorder.recordOn(
                base,
                "CopySlices",
                new Variable[] {base, written},
                Recorder.vjp(g -> Comparisons.masked(outside(target, g), g)),
                Recorder.vjp(target::replayView));
    }

    /** 1 where the base is not part of the view, else 0. */
    private static Variable outside(Variable view, Variable like) {
        NdArray mask = like.value().allocateLike(like.shape());
        mask.backend().fill(mask, 1);
        Variable outside = new Variable(mask);
        try (GradMode.Guard off = GradMode.set(false)) {
            mask.backend().fill(view.replayView(outside).value(), 0);
        }
        return outside;
    }
}
