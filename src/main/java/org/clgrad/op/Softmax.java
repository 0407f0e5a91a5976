package org.clgrad.op;

import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.clgrad.backend.SoftmaxRows;

/**
 * Probabilities of logits along an axis, and their logarithms: {@link SoftmaxRows}.
 *
 * <p>A row of -infinity alone gives NaN, as any row with a NaN or with +infinity does.
 */
public final class Softmax {
    private static final double[] NONE = {};

    private Softmax() {}

    /** Probabilities: each row along the axis sums to one. */
    public static Variable softmax(Variable a, int axis) {
        int at = Shapes.axis("softmax", axis, a.dim());
        Variable y = new Variable(run("softmax", SoftmaxRows.SOFTMAX, at, a));
        return Recorder.recordOn(
                y, "SoftmaxBackward0", new Variable[] {a}, Recorder.vjp((g, saved) -> backward(g, saved[0], at), y));
    }

    /** Logarithms of probabilities. */
    public static Variable logSoftmax(Variable a, int axis) {
        int at = Shapes.axis("logSoftmax", axis, a.dim());
        Variable y = new Variable(run("logSoftmax", SoftmaxRows.LOG_SOFTMAX, at, a));
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
                run("softmax", SoftmaxRows.BACKWARD, axis, g, y),
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
                run("logSoftmax", SoftmaxRows.LOG_BACKWARD, axis, g, y),
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
