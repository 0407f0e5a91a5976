package org.clgrad.op;

import org.clgrad.autograd.Node;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;

/** Constant tensors and the in-place operations that forget what was there. */
public final class Fill {
    private static final Expr ZERO = Expr.literal(0);

    private Fill() {}

    /** Zeros of a shape, in the memory of one number. */
    static Variable zeros(Variable like, int... shape) {
        return new Variable(like.backend()
                .pointwise(ZERO, new NdArray[0], new double[0], like.dtype())
                .expand(shape));
    }

    /** Sets every element, in place; the gradient of what was there is zero. */
    public static Variable fillInPlace(Variable target, double value) {
        InPlace.checkWritable("fill_", target);
        Node node = Recorder.node(
                value == 0 ? "ZeroBackward0" : "FillBackward0",
                new Variable[] {target},
                Recorder.vjp(g -> zeros(g, g.shape())));
        target.backend().fill(target.value(), value);
        InPlace.rewrite(target, node);
        return target;
    }
}
