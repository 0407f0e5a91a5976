package org.clgrad.op;

import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;

/**
 * The largest and the smallest element over axes.
 *
 * <pre>
 * y = max a    da = g / k where a equals y, which k elements do, else 0
 * </pre>
 *
 * <p>So ties share the gradient evenly, as in PyTorch's amax, amin and the max and min of a whole tensor.
 */
public final class Extremum {
    private Extremum() {}

    /** Largest element over axes; none given means all. NaN if there is one. */
    public static Variable max(Variable a, int[] axes, boolean keepDim) {
        return extremum("max", Reduction.MAX, axes.length == 0 ? "MaxBackward1" : "AmaxBackward0", a, axes, keepDim);
    }

    /** Smallest element over axes; none given means all. NaN if there is one. */
    public static Variable min(Variable a, int[] axes, boolean keepDim) {
        return extremum("min", Reduction.MIN, axes.length == 0 ? "MinBackward1" : "AminBackward0", a, axes, keepDim);
    }

    private static Variable extremum(
            String operation, Reduction kind, String name, Variable a, int[] axes, boolean keepDim) {
        Recorder.checkFloating(operation, a);
        int[] sorted = Shapes.axes(operation, axes, a.dim());
        for (int axis : sorted) {
            if (a.shape()[axis] == 0) {
                throw new IllegalArgumentException(
                        operation + ": cannot reduce axis " + axis + " of size 0 of a tensor of shape "
                                + Shapes.text(a.shape()) + ": there is no element to choose");
            }
        }
        int[] kept = Shapes.reduced(a.shape(), sorted, true);
        NdArray out = a.value().allocateLike(kept);
        if (out.numel() > 0) {
            out.backend().reduce(kind, a.value(), sorted, out);
        }
        Variable result = new Variable(out.reshape(Shapes.reduced(a.shape(), sorted, keepDim)));
        return Recorder.recordOn(
                result,
                name,
                new Variable[] {a},
                Recorder.vjp(
                        (g, saved) -> {
                            Variable input = saved[0];
                            Variable chosen = Views.reshape(saved[1], kept);
                            Variable mask = Convert.to(Comparisons.compare(Fn.EQ, input, chosen), input.dtype());
                            if (axes.length
                                    == 0) { // as in PyTorch, a NaN of the whole is chosen; over axes it makes NaN
                                Variable isNaN = Comparisons.compare(Fn.NE, input, input);
                                mask = Arithmetic.add(mask, Convert.to(isNaN, input.dtype()));
                            }
                            Variable share = Arithmetic.div(Views.reshape(g, kept), Sum.sum(mask, sorted, true));
                            return Arithmetic.mul(mask, share);
                        },
                        a,
                        result));
    }
}
