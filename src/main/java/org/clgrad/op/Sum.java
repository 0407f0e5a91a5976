package org.clgrad.op;

import org.clgrad.array.Broadcast;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;

/**
 * Sums and means over axes.
 *
 * <pre>
 * y = sum a     da = g, expanded
 * y = mean a    da = g / n, expanded
 * </pre>
 */
public final class Sum {
    private Sum() {}

    /** Sum over axes; none given means all. */
    public static Variable sum(Variable a, int[] axes, boolean keepDim) {
        int[] shape = a.shape(); // rules keep shapes, never the operand
        int[] sorted = Shapes.axes("sum", axes, a.dim());
        Recorder.checkFloating("sum", a);
        NdArray total = total(a.value(), sorted).reshape(Shapes.reduced(shape, sorted, keepDim));
        return Recorder.record(
                axes.length == 0 ? "SumBackward0" : "SumBackward1",
                total,
                new Variable[] {a},
                Recorder.vjp(g -> spread(g, shape, sorted)));
    }

    /** Mean over axes; none given means all. The mean of nothing is NaN. */
    public static Variable mean(Variable a, int[] axes, boolean keepDim) {
        int[] shape = a.shape(); // rules keep shapes, never the operand
        int[] sorted = Shapes.axes("mean", axes, a.dim());
        Recorder.checkFloating("mean", a);
        NdArray total = total(a.value(), sorted).reshape(Shapes.reduced(shape, sorted, keepDim));
        double n = 1;
        for (int axis : sorted) {
            n *= shape[axis];
        }
        double count = n;
        NdArray mean = Scaling.divide(total, count);
        total.buffer().freeIfUnheld();
        return Recorder.record(
                axes.length == 0 ? "MeanBackward0" : "MeanBackward1",
                mean,
                new Variable[] {a},
                Recorder.vjp(g -> spread(Arithmetic.div(g, count), shape, sorted)));
    }

    /** Undoes broadcasting: sums over the axes along which {@code shape} was stretched to {@code a}'s. */
    static Variable sumTo(Variable a, int... shape) {
        int[] axes = Broadcast.stretchedAxes(shape, a.shape());
        if (axes.length == 0) {
            return a;
        }
        return Views.reshape(sum(a, axes, true), shape);
    }

    /** A gradient of the reduced shape, back over the axes that were reduced. */
    static Variable spread(Variable g, int[] shape, int[] axes) {
        return Views.expand(Views.reshape(g, Shapes.reduced(shape, axes, true)), shape);
    }

    /** Sum over sorted axes, which become 1; zeros for no elements. */
    static NdArray total(NdArray a, int[] axes) {
        NdArray out = a.allocateLike(Shapes.reduced(a.shape(), axes, true));
        if (a.numel() == 0) {
            out.backend().fill(out, 0);
        } else {
            out.backend().reduce(Reduction.SUM, a, axes, out);
        }
        return out;
    }
}
