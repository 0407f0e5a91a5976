package org.clgrad.op;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.clgrad.array.Broadcast;
import org.clgrad.array.Layout;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;

/**
 * Operations that look at the same memory in another way. The gradient goes back through the inverse view: transposed
 * again, reshaped again, summed where it was expanded, written into zeros where a part was taken.
 */
public final class Views {
    private Views() {}

    /** The same elements in row-major order under another shape; a view where strides allow, else of a copy. One size may be -1. */
    public static Variable reshape(Variable a, int... shape) {
        int[] target = inferred(a, shape);
        Layout layout = a.value().layout().reshape(target);
        if (layout == null) {
            return reshape(Convert.copy(a), target);
        }
        int[] before = a.shape(); // rules keep shapes, never the operand
        return view("ViewBackward0", a, layout, v -> reshape(v, target), g -> reshape(g, before));
    }

    private static int[] inferred(Variable a, int... shape) {
        Objects.requireNonNull(shape, "reshape: the shape is null");
        int[] target = shape.clone();
        long known = 1;
        int unknown = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == -1) {
                if (unknown >= 0) {
                    throw new IllegalArgumentException(
                            "reshape: only one dimension can be inferred, in " + Shapes.text(shape));
                }
                unknown = i;
            } else {
                known *= shape[i];
            }
        }
        long numel = a.value().numel();
        if (unknown >= 0 && known > 0 && numel % known == 0) {
            target[unknown] = Math.toIntExact(numel / known);
        } else if (unknown >= 0 && known == 0) {
            throw new IllegalArgumentException("reshape: cannot reshape tensor of 0 elements into shape "
                    + Shapes.text(shape) + " because the unspecified dimension size -1 can be any value");
        }
        Shapes.checked("reshape", unknown >= 0 && target[unknown] == -1 ? new int[0] : target);
        if (unknown >= 0 && target[unknown] == -1 || Shapes.numel(target) != numel) {
            throw new IllegalArgumentException("reshape: shape '" + Shapes.text(shape)
                    + "' is invalid for input of size " + numel + ", of shape " + Shapes.text(a.shape()));
        }
        return target;
    }

    /** Two axes exchanged. */
    public static Variable transpose(Variable a, int first, int second) {
        int i = Shapes.axis("transpose", first, a.dim());
        int j = Shapes.axis("transpose", second, a.dim());
        if (a.dim() == 0) {
            return view("TransposeBackward0", a, a.value().layout(), v -> transpose(v, 0, 0), g -> g);
        }
        Layout layout = a.value().layout().transpose(i, j);
        return view("TransposeBackward0", a, layout, v -> transpose(v, i, j), g -> transpose(g, i, j));
    }

    /** Axis i of the result is axis order[i] of the input. */
    public static Variable permute(Variable a, int... order) {
        int dim = a.dim();
        int[] from = new int[order.length];
        int[] back = new int[dim];
        Arrays.fill(back, -1);
        for (int i = 0; i < order.length; i++) {
            from[i] = order.length == dim ? Shapes.axis("permute", order[i], dim) : -1;
            if (from[i] < 0 || back[from[i]] >= 0) {
                break;
            }
            back[from[i]] = i;
        }
        if (order.length != dim || Arrays.stream(back).anyMatch(i -> i < 0)) {
            throw new IllegalArgumentException("permute: " + Shapes.text(order) + " is not an order of the " + dim
                    + " axes of shape " + Shapes.text(a.shape()));
        }
        return view(
                "PermuteBackward0", a, a.value().layout().permute(from), v -> permute(v, from), g -> permute(g, back));
    }

    /** Axes of size 1 stretched, and axes added in front; -1 keeps a size. */
    public static Variable expand(Variable a, int... shape) {
        Objects.requireNonNull(shape, "expand: the shape is null");
        int[] target = shape.clone();
        int added = shape.length - a.dim();
        for (int i = Math.max(added, 0); i < shape.length; i++) {
            target[i] = shape[i] == -1 ? a.shape()[i - added] : shape[i];
        }
        Shapes.checked("expand", target);
        if (!Broadcast.expands(a.shape(), target)) {
            throw new IllegalArgumentException("expand: The expanded size " + Shapes.text(target)
                    + " must match the existing size " + Shapes.text(a.shape()) + " at every axis that is not 1");
        }
        Layout layout = a.value().layout().expand(target);
        int[] from = a.shape();
        return view("ExpandBackward0", a, layout, v -> expand(v, target), g -> Sum.sumTo(g, from));
    }

    /** A new axis of size 1. */
    public static Variable unsqueeze(Variable a, int axis) {
        int at = Shapes.axis("unsqueeze", axis, a.dim() + 1);
        Layout layout = a.value().layout().unsqueeze(at);
        Shapes.checked("unsqueeze", layout.shape());
        int[] before = a.shape();
        return view("UnsqueezeBackward0", a, layout, v -> unsqueeze(v, at), g -> reshape(g, before));
    }

    /** An axis removed if its size is 1, else nothing. */
    public static Variable squeeze(Variable a, int axis) {
        int at = Shapes.axis("squeeze", axis, a.dim());
        if (a.dim() == 0 || a.shape()[at] != 1) {
            return view("SqueezeBackward1", a, a.value().layout(), v -> squeeze(v, at), g -> g);
        }
        return view("SqueezeBackward1", a, a.value().layout().squeeze(at), v -> squeeze(v, at), g -> unsqueeze(g, at));
    }

    /** Elements start, start + step, .. below end of an axis. Negative bounds count from the end; bounds outside are clipped, as in Python. */
    public static Variable slice(Variable a, int axis, int start, int end, int step) {
        if (a.dim() == 0) {
            throw new IllegalArgumentException("slice: slice() cannot be applied to a 0-dim tensor.");
        }
        if (step <= 0) {
            throw new IllegalArgumentException("slice: slice step must be positive, not " + step);
        }
        int at = Shapes.axis("slice", axis, a.dim());
        int size = a.shape()[at];
        int from = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
        int to = Math.min(Math.max(end < 0 ? end + size : end, from), size);
        int[] whole = a.shape();
        UnaryOperator<Layout> part = layout -> layout.slice(at, from, to, step);
        return view(
                "SliceBackward0",
                a,
                part.apply(a.value().layout()),
                v -> slice(v, at, from, to, step),
                g -> embed(g, whole, part, v -> slice(v, at, from, to, step)));
    }

    /** The element or sub-array at indices of the first axes. */
    public static Variable get(Variable a, int... indices) {
        int[] shape = a.shape();
        if (indices.length > shape.length) {
            throw new IndexOutOfBoundsException("get: too many indices for tensor of dimension " + shape.length + ": "
                    + indices.length + " for shape " + Shapes.text(shape));
        }
        Variable part = a;
        for (int axis = 0; axis < indices.length; axis++) {
            int index = indices[axis];
            if (index < -shape[axis] || index >= shape[axis]) {
                throw new IndexOutOfBoundsException("get: index " + index + " is out of bounds for dimension " + axis
                        + " with size " + shape[axis] + ", of shape " + Shapes.text(shape));
            }
            part = select(part, 0, index);
        }
        return part;
    }

    /** One index of an axis, which vanishes. */
    public static Variable select(Variable a, int axis, int index) {
        if (a.dim() == 0) {
            throw new IllegalArgumentException("select: select() cannot be applied to a 0-dim tensor.");
        }
        int at = Shapes.axis("select", axis, a.dim());
        int size = a.shape()[at];
        if (index < -size || index >= size) {
            throw new IndexOutOfBoundsException("select: index " + index + " out of range for tensor of size "
                    + Shapes.text(a.shape()) + " at dimension " + at);
        }
        int i = index < 0 ? index + size : index;
        int[] whole = a.shape();
        UnaryOperator<Layout> part = layout -> layout.select(at, i);
        return view(
                "SelectBackward0",
                a,
                part.apply(a.value().layout()),
                v -> select(v, at, i),
                g -> embed(g, whole, part, v -> select(v, at, i)));
    }

    /** Zeros of a shape with {@code a} in one part of it: what a gradient of a part is as a gradient of the whole. */
    private static Variable embed(Variable a, int[] shape, UnaryOperator<Layout> part, UnaryOperator<Variable> take) {
        NdArray whole = a.value().allocateLike(shape);
        whole.backend().fill(whole, 0);
        if (a.value().numel() > 0) {
            whole.backend().copy(a.value(), whole.with(part.apply(whole.layout())));
        }
        return Recorder.record("EmbedBackward0", whole, new Variable[] {a}, Recorder.vjp(take));
    }

    private static Variable view(
            String name, Variable a, Layout layout, UnaryOperator<Variable> again, UnaryOperator<Variable> inverse) {
        Variable view = Variable.viewOf(a, a.value().with(layout), again);
        return Recorder.recordOn(view, name, new Variable[] {a}, Recorder.vjp(inverse));
    }
}
