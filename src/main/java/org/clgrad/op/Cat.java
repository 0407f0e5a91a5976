package org.clgrad.op;

import java.util.Arrays;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;

/**
 * Concatenation: y = [a; b; ..] along an axis; each input gets the slice of the gradient that it takes up. As in PyTorch
 * a tensor of shape [0] fits any others.
 */
public final class Cat {
    private Cat() {}

    public static Variable cat(int axis, Variable... parts) {
        if (parts.length == 0) {
            throw new IllegalArgumentException("cat: expected a non-empty list of Tensors");
        }
        Recorder.checkSameKind("cat", parts);
        Variable first = Arrays.stream(parts)
                .filter(part -> !isNothing(part))
                .findFirst()
                .orElse(parts[0]);
        int at = Shapes.axis("cat", axis, first.dim());
        int[] shape = first.shape().clone();
        int[] starts = new int[parts.length + 1];
        for (int i = 0; i < parts.length; i++) {
            starts[i + 1] = starts[i];
            if (!isNothing(parts[i])) {
                checkFits(first, parts[i], i, at);
                starts[i + 1] = Math.addExact(starts[i], parts[i].shape()[at]);
            }
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
            vjps[i] = isNothing(parts[i])
                    ? Recorder.vjp(g -> Fill.zeros(g, 0))
                    : Recorder.vjp(g -> Views.slice(g, at, start, end, 1));
        }
        return Recorder.record("CatBackward0", out, parts, vjps);
    }

    private static boolean isNothing(Variable part) {
        return part.dim() == 1 && part.shape()[0] == 0;
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
