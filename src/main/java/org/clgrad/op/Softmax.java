package org.clgrad.op;

import static org.clgrad.backend.Expr.div;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.backend.Expr.sub;
import static org.clgrad.backend.RowProgram.KEPT;
import static org.clgrad.backend.RowProgram.max;
import static org.clgrad.backend.RowProgram.scalar;
import static org.clgrad.backend.RowProgram.sum;

import java.util.List;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;

/**
 * Probabilities of logits along an axis, and their logarithms.
 *
 * <pre>
 * y = exp(a - max a) / sum exp(a - max a)          da = y (g - sum g y)
 * y = a - max a - log sum exp(a - max a)           da = g - exp(y) sum g
 * </pre>
 *
 * <p>A row of -infinity alone gives NaN, as any row with a NaN or with +infinity does.
 */
public final class Softmax {
    private static final double[] NONE = {};
    private static final Expr A = input(0);
    private static final Expr G = input(0);
    private static final Expr Y = input(1);
    private static final Expr POWER = of(Fn.EXP, sub(A, scalar(0)));

    private static final RowProgram SOFTMAX =
            new RowProgram(List.of(max(A), sum(POWER).keep()), div(KEPT, scalar(1)), List.of());
    private static final RowProgram LOG_SOFTMAX = new RowProgram(
            List.of(max(A), sum(POWER).then(of(Fn.LOG, scalar(1)))), sub(sub(A, scalar(0)), scalar(1)), List.of());
    private static final RowProgram BACKWARD =
            new RowProgram(List.of(sum(mul(G, Y))), mul(Y, sub(G, scalar(0))), List.of());
    private static final RowProgram LOG_BACKWARD =
            new RowProgram(List.of(sum(G)), sub(G, mul(of(Fn.EXP, Y), scalar(0))), List.of());

    private Softmax() {}

    /** Probabilities: each row along the axis sums to one. */
    public static Variable softmax(Variable a, int axis) {
        int at = Shapes.axis("softmax", axis, a.dim());
        Variable y = new Variable(run("softmax", SOFTMAX, at, a));
        return Recorder.recordOn(
                y, "SoftmaxBackward0", new Variable[] {a}, Recorder.vjp((g, saved) -> backward(g, saved[0], at), y));
    }

    /** Logarithms of probabilities. */
    public static Variable logSoftmax(Variable a, int axis) {
        int at = Shapes.axis("logSoftmax", axis, a.dim());
        Variable y = new Variable(run("logSoftmax", LOG_SOFTMAX, at, a));
        return Recorder.recordOn(
                y,
                "LogSoftmaxBackward0",
                new Variable[] {a},
                Recorder.vjp((g, saved) -> logBackward(g, saved[0], at), y));
    }

    /** {@code r = y (g - sum g y)}; for an incoming h, {@code dg = y (h - sum h y)}, {@code dy = h (g - sum g y) - g sum h y}. */
    private static Variable backward(Variable g, Variable y, int axis) {
        return Recorder.record(
                "SoftmaxBackwardDataBackward0",
                run("softmax", BACKWARD, axis, g, y),
                new Variable[] {g, y},
                Recorder.vjp((h, saved) -> backward(h, saved[0], axis), y),
                Recorder.vjp(
                        (h, saved) -> Arithmetic.sub(
                                Arithmetic.mul(h, Arithmetic.sub(saved[0], dot(saved[0], saved[1], axis))),
                                Arithmetic.mul(saved[0], dot(h, saved[1], axis))),
                        g,
                        y));
    }

    /** {@code r = g - exp(y) sum g}; for an incoming h, {@code dg = h - sum h exp(y)}, {@code dy = -h exp(y) sum g}. */
    private static Variable logBackward(Variable g, Variable y, int axis) {
        return Recorder.record(
                "LogSoftmaxBackwardDataBackward0",
                run("logSoftmax", LOG_BACKWARD, axis, g, y),
                new Variable[] {g, y},
                Recorder.vjp((h, saved) -> Arithmetic.sub(h, dot(h, Exponentials.exp(saved[0]), axis)), y),
                Recorder.vjp(
                        (h, saved) -> Arithmetic.neg(
                                Arithmetic.mul(Arithmetic.mul(h, Exponentials.exp(saved[1])), total(saved[0], axis))),
                        g,
                        y));
    }

    private static Variable dot(Variable a, Variable b, int axis) {
        return total(Arithmetic.mul(a, b), axis);
    }

    private static Variable total(Variable a, int axis) {
        return Sum.sum(a, new int[] {axis}, true);
    }

    private static NdArray run(String operation, RowProgram program, int axis, Variable... inputs) {
        NdArray[] arrays = new NdArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            Recorder.checkFloating(operation, inputs[i]);
            arrays[i] = inputs[i].value();
        }
        return Rows.along(axis, inputs[0].shape()).run(program, arrays, NONE);
    }
}
