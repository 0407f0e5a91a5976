package org.clgrad.autograd;

import org.clgrad.array.Shapes;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** The end of the graph at a leaf: adds what arrives to the leaf's gradient. */
final class AccumulateGrad extends Node {
    private final Variable leaf;

    AccumulateGrad(Variable leaf) {
        super("AccumulateGrad");
        this.leaf = leaf;
    }

    /** First whenever it is ready, so that passing gradients are short-lived. */
    @Override
    long sequence() {
        return Long.MAX_VALUE;
    }

    @Override
    public Variable variable() {
        return leaf;
    }

    @Override
    protected @Nullable Variable[] backward(Variable g) {
        if (leaf.gradFn() != null) {
            throw new IllegalStateException("leaf variable has been moved into the graph interior: a tensor of shape "
                    + Shapes.text(leaf.shape()) + ", in place by " + leaf.gradFn()
                    + " after it had been used as a leaf");
        }
        if (leaf.requiresGrad()) { // still
            accumulate(leaf, g);
        }
        return new @Nullable Variable[0];
    }

    /**
     * grad += g, if anybody can ask for it. The first gradient is taken over if the backward pass alone holds it, else copied; it is no view, so
     * that it may be written to.
     */
    static void accumulate(Variable target, Variable g) {
        synchronized (target) { // backward passes of several threads may end at one leaf
            if (target.isForgotten()) {
                return;
            }
            Variable grad = target.grad();
            if (grad == null) {
                Variable own = !Gradients.isExclusive(g) ? Gradients.copy(g) : g.requiresGrad() ? g : g.detach();
                target.setGrad(Gradients.asFunctionOf(target, own));
                g.value().buffer().settle(); // else it would keep what it is computed from
            } else if (GradMode.isEnabled() // the pass is being recorded: what others refer to must not change
                    || grad.value().layout().mayOverlapItself()) { // somebody assigned an expanded one
                Variable sum = Gradients.add(grad, g);
                target.setGrad(sum);
                sum.value().buffer().settle();
            } else {
                NdArray sum = grad.value();
                Gradients.addInto(sum, g.value());
                sum.buffer().contentsChanged();
            }
        }
    }
}
