package org.clgrad.backend;

/**
 * Pointwise work that was asked for and is not done: an expression over arrays whose contents are there. It has their
 * buffers on loan until {@link #end}.
 */
final class Pending {
    private final Expr expr;
    private final NdArray[] inputs;
    private final double[] constants;
    private final int[] shape;
    private final boolean fused;
    private int uses;

    /**
     * @param fused whether the expression is of several operations
     * @param inputs of shape {@code shape}, their buffers lent to this
     */
    Pending(Expr expr, boolean fused, NdArray[] inputs, double[] constants, int... shape) {
        this.expr = expr;
        this.fused = fused;
        this.inputs = inputs;
        this.constants = constants;
        this.shape = shape;
    }

    Expr expr() {
        return expr;
    }

    NdArray[] inputs() {
        return inputs;
    }

    double[] constants() {
        return constants;
    }

    int[] shape() {
        return shape;
    }

    /** How many other expressions have taken this one in. */
    int uses() {
        return uses;
    }

    void used() {
        uses++;
    }

    void run(NdArray out) {
        if (fused && !out.backend().compiles(expr, out.dtype())) {
            Steps.run(expr, inputs, constants, out);
        } else {
            out.backend().runPointwise(expr, inputs, constants, out);
        }
    }

    /** Reduces the values instead of storing them. */
    void reduce(Reduction kind, int[] axes, NdArray out) {
        Backend backend = out.backend();
        if (fused && !backend.compiles(expr, out.dtype())) {
            NdArray values = out.allocateLike(shape);
            Steps.run(expr, inputs, constants, values);
            backend.runReduce(kind, Expr.input(0), new NdArray[] {values}, new double[0], axes, out);
            values.buffer().freeIfUnheld();
        } else {
            backend.runReduce(kind, expr, inputs, constants, axes, out);
        }
    }

    /** Reads {@code to} in place of {@code from}; returns whether there was anything to change. */
    boolean redirect(Buffer from, Buffer to) {
        boolean changed = false;
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].buffer() == from) {
                to.lend();
                inputs[i] = new NdArray(to, inputs[i].layout());
                from.giveBack();
                changed = true;
            }
        }
        return changed;
    }

    void end() {
        for (NdArray input : inputs) {
            input.buffer().giveBack();
        }
    }
}
