package org.clgrad.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.array.Broadcast;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * An operation that computes every element of its result from the elements at the same place of its broadcast inputs.
 *
 * <p>It is an expression, and so is each of its derivatives: over the same inputs, the result {@link #Y} and the incoming
 * gradient {@link #G}. A derivative becomes an operation of this kind in its turn, the first time it is needed; its own
 * derivatives, unless given, follow from those of the functions in it ({@link Differentiation}).
 */
final class PointwiseOp {
    /** The inputs, in expressions. */
    static final Expr A = Expr.input(0);

    static final Expr B = Expr.input(1);
    static final Expr C = Expr.input(2);
    static final Expr D = Expr.input(3);
    /** The operation's result, in the expression of a derivative. */
    static final Expr Y = Expr.input(100);
    /** The gradient that comes in, in the expression of a derivative. */
    static final Expr G = Expr.input(101);

    private static final double[] NO_CONSTANTS = {};

    /** The derivative by one input: an operation, and which symbols it takes as inputs; no operation if it is G itself, or {@link #ZERO}. */
    record Derivative(@Nullable PointwiseOp op, List<Expr> symbols) {
        static final Derivative ZERO = new Derivative(null, List.of());

        boolean uses(Expr symbol) {
            return symbols.contains(symbol);
        }
    }

    private final String stem;
    private final String nodeName;
    private final String operation;
    private final Expr forward;
    private final int arity;
    private final @Nullable Expr[] given;
    // those needed so far; any thread may put one there, and all are alike
    private final @Nullable Derivative[] derivatives;

    /**
     * @param name PyTorch's name without {@code Backward0}, such as {@code Mul}; in full where it ends in another number
     * @param forward over the inputs A, B, ..
     * @param vjps for each input its gradient, over A, B, .., Y and G; where left out they are derived
     */
    PointwiseOp(String name, int arity, Expr forward, @Nullable Expr... vjps) {
        int end = name.indexOf("Backward");
        this.stem = end < 0 ? name : name.substring(0, end);
        this.nodeName = Character.isDigit(name.charAt(name.length() - 1)) ? name : name + "Backward0";
        this.operation = Recorder.operationName(stem);
        this.forward = forward;
        this.arity = arity;
        this.given = Arrays.copyOf(vjps, arity);
        this.derivatives = new @Nullable Derivative[arity];
    }

    /** Name of the node that records it, such as {@code MulBackward0}. */
    String nodeName() {
        return nodeName;
    }

    Expr forward() {
        return forward;
    }

    /** The derivative by input {@code i} as it was given, or null. */
    @Nullable
    Expr given(int i) {
        return given[i];
    }

    Variable apply(Variable... inputs) {
        return apply(NO_CONSTANTS, inputs);
    }

    /** The result as a new variable, recorded if grad mode is on and an input requires grad. */
    Variable apply(double[] constants, Variable... inputs) {
        Variable result = new Variable(compute(constants, inputs));
        if (Recorder.shouldRecord(inputs)) {
            PointwiseNode node = new PointwiseNode(this, constants, false, inputs);
            result.setHistory(node, 0);
            node.saveOutput(result);
        }
        return result;
    }

    /** The result without a record, as a new array. */
    NdArray compute(double[] constants, Variable... inputs) {
        check(inputs);
        int[] shape = inputs[0].shape();
        for (int i = 1; i < inputs.length; i++) {
            if (!Arrays.equals(shape, inputs[i].shape())) {
                shape = Broadcast.shape(operation, shape, inputs[i].shape());
            }
        }
        NdArray first = inputs[0].value();
        return first.backend().pointwise(forward, expanded(inputs, shape), constants, first.dtype(), shape);
    }

    /** Writes the result into the first input, whose history this operation becomes. */
    Variable applyInPlace(double[] constants, Variable... inputs) {
        check(inputs);
        Variable target = inputs[0];
        InPlace.checkWritable(operation + "_", target, inputs);
        for (Variable input : inputs) {
            if (!Broadcast.expands(input.shape(), target.shape())) {
                throw new IllegalArgumentException(operation + "_: output with shape "
                        + Arrays.toString(target.shape()) + " doesn't match the broadcast shape "
                        + Arrays.toString(Broadcast.shape(operation + "_", target.shape(), input.shape())));
            }
        }
        PointwiseNode node = Recorder.shouldRecord(inputs) ? new PointwiseNode(this, constants, true, inputs) : null;
        NdArray out = target.value();
        out.backend().pointwise(forward, expanded(InPlace.unaliased(target, inputs), out.shape()), constants, out);
        InPlace.rewrite(target, node);
        if (node != null) {
            node.saveOutput(target);
        }
        return target;
    }

    private static NdArray[] expanded(Variable[] inputs, int... shape) {
        NdArray[] arrays = new NdArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            arrays[i] = inputs[i].value().expand(shape);
        }
        return arrays;
    }

    private void check(Variable[] inputs) {
        for (Variable input : inputs) {
            Recorder.checkFloating(operation, input);
        }
        Recorder.checkSameKind(operation, inputs);
    }

    /** The derivative by input {@code i}. */
    Derivative derivative(int i) {
        Derivative derivative = derivatives[i];
        if (derivative == null) {
            Expr vjp = given[i] != null ? given[i] : Differentiation.vjp(forward, Expr.input(i));
            derivative = Expr.isLiteral(vjp, 0) ? Derivative.ZERO : derivative(vjp);
            derivatives[i] = derivative;
        }
        return derivative;
    }

    private Derivative derivative(Expr vjp) {
        if (vjp.equals(G)) {
            return new Derivative(null, List.of(G));
        }
        List<Expr> symbols = new ArrayList<>();
        collect(vjp, symbols);
        Expr renumbered = Differentiation.substitute(vjp, s -> Expr.input(symbols.indexOf(s)));
        return new Derivative(new PointwiseOp(stem + "Backward", symbols.size(), renumbered), symbols);
    }

    private static void collect(Expr e, List<Expr> symbols) {
        if (e instanceof Expr.Apply apply) {
            apply.args().forEach(arg -> collect(arg, symbols));
        } else if (e instanceof Expr.Input && !symbols.contains(e)) {
            symbols.add(e);
        }
    }

    /**
     * The gradient of input {@code i} for an incoming gradient.
     *
     * @param values the value of a symbol that {@link #derivative} uses
     * @return of the result's shape, not yet summed over broadcast axes; null where it is zero
     */
    @Nullable
    Variable gradient(int i, double[] constants, Variable g, java.util.function.Function<Expr, Variable> values) {
        Derivative derivative = derivative(i);
        if (derivative.op() == null) {
            return derivative == Derivative.ZERO ? null : g;
        }
        Variable[] inputs = new Variable[derivative.symbols().size()];
        for (int k = 0; k < inputs.length; k++) {
            Expr symbol = derivative.symbols().get(k);
            inputs[k] = symbol.equals(G) ? g : values.apply(symbol);
        }
        return derivative.op().apply(constants, inputs);
    }
}
