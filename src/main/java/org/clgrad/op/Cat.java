package org.clgrad.op;

import java.util.Arrays;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;

/** Concatenation: y = [a; b; ..] along an axis; each input gets the slice of the gradient that it takes up. */
public final class Cat {
    private Cat() {}

    public static Variable cat(int axis, Variable... parts) {
        if (parts.length == 0) {
            throw new IllegalArgumentException("cat: expected a non-empty list of Tensors");
        }
        Recorder.checkSameKind("cat", parts);
        int at = Shapes.axis("cat", axis, parts[0].dim());
        int[] shape = parts[0].shape().clone();
        int[] starts = new int[parts.length + 1];
        for (int i = 0; i < parts.length; i++) {
            checkFits(parts[0], parts[i], i, at);
            starts[i + 1] = Math.addExact(starts[i], parts[i].shape()[at]);
        }
        shape[at] = starts[parts.length];
        NdArray out = parts[0].value().allocateLike(shape);
        Recorder.Vjp[] vjps = new Recorder.Vjp[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int start = starts[i];
            int end = starts[i + 1];
            if (parts[i].value().numel() > 0) {
                out.backend().copy(parts[i].value(), out.with(out.layout().slice(at, start, end, 1)));
            }
            vjps[i] = Recorder.vjp(g -> Views.slice(g, at, start, end, 1));
        }
        return Recorder.record("CatBackward0", out, parts, vjps);
    }

    private static void checkFits(Variable first, Variable part, int i, int axis) {
        int[] expected = first.shape().clone();
        if (part.dim() == 0) {
            throw new IllegalArgumentException(
                    "cat: zero-dimensional tensor (at position " + i + ") cannot be concatenated");
        }
        if (part.dim() == first.dim()) {
            expected[axis] = part.shape()[axis];
        }
        if (!Arrays.equals(expected, part.shape())) {
            throw new IllegalArgumentException("cat: Sizes of tensors must match except in dimension " + axis + ": "
                    + Shapes.text(first.shape()) + " and " + Shapes.text(part.shape()) + " at position " + i);
        }
    }
}
