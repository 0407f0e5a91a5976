package org.clgrad.backend;

import org.clgrad.array.Shapes;

/** An expression over arrays whose contents are there, or are matrix products that wait too. */
final class PendingPointwise extends Pending {
    private final Expr expr;
    private final double[] constants;
    private final boolean fused;

    /**
     * @param fused whether the expression is of several operations
     * @param inputs of shape {@code shape}, their buffers lent to this
     */
    PendingPointwise(Expr expr, boolean fused, NdArray[] inputs, double[] constants, int... shape) {
        super(inputs, shape);
        this.expr = expr;
        this.fused = fused;
        this.constants = constants;
    }

    Expr expr() {
        return expr;
    }

    double[] constants() {
        return constants;
    }

    @Override
    boolean isCostly() {
        return Fusion.isCostly(expr);
    }

    /** Computes a product among the inputs on the way, if the values are to be stored where nothing is read. */
    @Override
    void run(NdArray out) {
        for (int i = 0; i < inputs().length; i++) {
            if (inputs()[i].buffer().settleWith(this, i, out)) {
                return;
            }
        }
        runInPlace(out);
    }

    /** As {@link #run}, where {@code out} may be an input. */
    void runInPlace(NdArray out) {
        settleInputs();
        compute(inputs(), out);
    }

    /**
     * Computes the values of inputs that are there.
     *
     * @param arrays the inputs, or what stands for them
     */
    void compute(NdArray[] arrays, NdArray out) {
        Backend backend = out.backend();
        if (fused && !backend.compiles(expr, out.dtype(), functions() - 1, out.numel())) {
            Steps.run(expr, arrays, constants, out);
        } else {
            backend.runPointwise(expr, arrays, constants, out);
        }
    }

    /** Reduces the values instead of storing them, unless no input tells a backend how many there are. */
    void reduce(Reduction kind, int[] axes, NdArray out) {
        settleInputs();
        Backend backend = out.backend();
        if (inputs().length == 0 || fused && !backend.compiles(expr, out.dtype(), functions(), Shapes.numel(shape()))) {
            NdArray values = out.allocateLike(shape());
            Steps.run(expr, inputs(), constants, values);
            backend.runReduce(kind, Expr.input(0), new NdArray[] {values}, new double[0], axes, out);
            values.buffer().freeIfUnheld();
        } else {
            backend.runReduce(kind, expr, inputs(), constants, axes, out);
        }
    }

    private int functions() {
        return expr instanceof Expr.Apply apply ? apply.nodes() : 0;
    }

    /** Whether an input is a product that only this work wants: it then is best computed where the values are stored. */
    boolean endsProduct() {
        for (NdArray input : inputs()) {
            if (input.buffer().isPending() && !input.buffer().isWantedBeside(this)) {
                return true;
            }
        }
        return false;
    }

    private void settleInputs() {
        for (NdArray input : inputs()) {
            input.buffer().settle();
        }
    }
}
