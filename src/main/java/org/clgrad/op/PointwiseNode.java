package org.clgrad.op;

import java.util.Arrays;
import org.clgrad.autograd.Node;
import org.clgrad.autograd.SavedVariable;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.jspecify.annotations.Nullable;

/** The record of a pointwise operation. It saves the inputs that the derivatives in question use, and no others. */
final class PointwiseNode extends Node {
    private final PointwiseOp op;
    private final double[] constants;
    private final int[][] shapes;
    private final @Nullable SavedVariable[] inputs;
    private @Nullable SavedVariable output;

    /** @param overwrites whether the operation writes to its first input, of which a copy is saved then */
    PointwiseNode(PointwiseOp op, double[] constants, boolean overwrites, Variable... inputs) {
        super(op.nodeName(), inputs);
        this.op = op;
        this.constants = constants;
        this.shapes = new int[inputs.length][];
        Arrays.setAll(shapes, i -> inputs[i].shape());
        this.inputs = new @Nullable SavedVariable[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            if (uses(Expr.input(i))) {
                this.inputs[i] = save(
                        overwrites && i == 0
                                ? inputs[i].withValue(inputs[i].value().copy())
                                : inputs[i]);
            }
        }
    }

    /** Keeps the result, if a derivative uses it. */
    void saveOutput(Variable result) {
        if (uses(PointwiseOp.Y)) {
            output = save(result);
        }
    }

    private boolean uses(Expr symbol) {
        for (int i = 0; i < shapes.length; i++) {
            if (needsInputGrad(i) && op.derivative(i).uses(symbol)) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected @Nullable Variable[] backward(Variable g) {
        @Nullable Variable[] grads = new @Nullable Variable[shapes.length];
        for (int i = 0; i < grads.length; i++) {
            if (needsInputGrad(i)) {
                Variable wide = op.gradient(i, constants, g, this::saved);
                grads[i] = wide == null ? Fill.zeros(g, shapes[i]) : Sum.sumTo(wide, shapes[i]);
            }
        }
        return grads;
    }

    private Variable saved(Expr symbol) {
        SavedVariable saved = symbol.equals(PointwiseOp.Y) ? output : inputs[((Expr.Input) symbol).index()];
        if (saved == null) {
            throw new AssertionError(name() + " did not save " + symbol);
        }
        return saved.get();
    }
}
