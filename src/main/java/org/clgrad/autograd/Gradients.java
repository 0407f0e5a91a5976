package org.clgrad.autograd;

import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** The two operations that the tape itself needs: gradients that meet are added, gradients that are shared are copied. */
final class Gradients {
    private static final Expr SUM = Expr.of(Fn.ADD, Expr.input(0), Expr.input(1));
    private static final double[] NONE = {};

    private Gradients() {}

    /** a + b; both get the sum's gradient. */
    static Variable add(Variable a, Variable b) {
        NdArray sum = a.backend().pointwise(SUM, new NdArray[] {a.value(), b.value()}, NONE, a.dtype(), a.shape());
        return record("AddBackward0", sum, a, b);
    }

    static Variable copy(Variable g) {
        return record("CloneBackward0", g.value().copy(), g);
    }

    /** sum += g. */
    static void addInto(NdArray sum, NdArray g) {
        sum.backend().pointwise(SUM, new NdArray[] {sum, g}, NONE, sum);
    }

    /** Whether the backward pass alone holds this gradient's memory, all of it and in order, so that it may be written to. */
    static boolean isExclusive(Variable g) {
        NdArray value = g.value();
        return value.buffer().holders() == 1
                && value.layout().isContiguous()
                && value.numel() == value.buffer().length();
    }

    /**
     * A gradient that is recorded as a function of {@code input}. One that does not depend on it (that of a sum is one
     * everywhere) gets a derivative of zero, so that differentiating again gives zeros rather than an error.
     */
    static Variable asFunctionOf(Variable input, Variable g) {
        if (!GradMode.isEnabled() || g.requiresGrad()) {
            return g;
        }
        Variable alias = g.detach();
        alias.setHistory(new Constant(input), 0);
        return alias;
    }

    private static Variable record(String name, NdArray value, Variable... inputs) {
        Variable result = new Variable(value);
        for (Variable input : inputs) {
            if (GradMode.isEnabled() && input.requiresGrad()) {
                result.setHistory(new PassesOn(name, inputs), 0);
                break;
            }
        }
        return result;
    }

    /** Every input gets the output's gradient. */
    private static final class PassesOn extends Node {
        PassesOn(String name, Variable... inputs) {
            super(name, inputs);
        }

        @Override
        protected @Nullable Variable[] backward(Variable g) {
            @Nullable Variable[] grads = new @Nullable Variable[edges().length];
            java.util.Arrays.fill(grads, g);
            return grads;
        }
    }

    /** Does not depend on its input. */
    private static final class Constant extends Node {
        Constant(Variable input) {
            super("ZeroBackward0", input);
        }

        @Override
        protected @Nullable Variable[] backward(Variable g) {
            NdArray zeros = g.value().allocateLike(g.shape());
            zeros.backend().fill(zeros, 0);
            return new @Nullable Variable[] {new Variable(zeros)};
        }
    }
}
