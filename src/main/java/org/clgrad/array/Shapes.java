package org.clgrad.array;

import java.util.Arrays;
import java.util.Objects;

/** Arithmetic on shapes and axes, and the one place where their errors are worded. */
public final class Shapes {
    /** More dimensions than any program needs; kernels and layouts rely on a bound. */
    public static final int MAX_DIM = 16;

    private Shapes() {}

    /** Number of elements, 1 for a 0-d shape. */
    public static long numel(int... shape) {
        long n = 1;
        for (int size : shape) {
            n *= size;
        }
        return n;
    }

    /** Checks the sizes that a caller asks for: none negative, the product within a long, at most {@link #MAX_DIM}. */
    public static int[] checked(String operation, int... shape) {
        Objects.requireNonNull(shape, () -> operation + ": the shape is null");
        if (shape.length > MAX_DIM) {
            throw new IllegalArgumentException(
                    operation + ": " + shape.length + " dimensions, at most " + MAX_DIM + " are supported");
        }
        boolean empty = false;
        for (int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException(operation + ": negative size in shape " + text(shape));
            }
            empty |= size == 0;
        }
        if (!empty) {
            long n = 1;
            for (int size : shape) {
                if (n > Long.MAX_VALUE / 16 / size) {
                    throw new IllegalArgumentException(
                            operation + ": shape " + text(shape) + " has more elements than can be addressed");
                }
                n *= size;
            }
        }
        return shape.clone();
    }

    /** The axis counted from the front; negative axes count from the back as in PyTorch. */
    public static int axis(String operation, int axis, int dim) {
        int bound = Math.max(dim, 1);
        if (axis < -bound || axis >= bound) {
            throw new IndexOutOfBoundsException(operation + ": Dimension out of range (expected to be in range of ["
                    + -bound + ", " + (bound - 1) + "], but got " + axis + ")");
        }
        return axis < 0 ? axis + bound : axis;
    }

    /** Axes counted from the front, sorted; none given means all of them. */
    public static int[] axes(String operation, int[] axes, int dim) {
        Objects.requireNonNull(axes, () -> operation + ": the axes are null");
        boolean[] chosen = new boolean[dim];
        Arrays.fill(chosen, axes.length == 0);
        for (int a : axes) {
            int axis = axis(operation, a, dim);
            if (axis < dim) { // a 0-d tensor accepts axis 0 and -1, which reduce nothing
                if (chosen[axis]) {
                    throw new IllegalArgumentException(operation + ": axis " + axis + " appears multiple times");
                }
                chosen[axis] = true;
            }
        }
        int[] sorted = new int[dim];
        int n = 0;
        for (int i = 0; i < dim; i++) {
            if (chosen[i]) {
                sorted[n++] = i;
            }
        }
        return Arrays.copyOf(sorted, n);
    }

    /** The shape left after reducing sorted axes: they become 1 with {@code keepDim}, else they vanish. */
    public static int[] reduced(int[] shape, int[] axes, boolean keepDim) {
        int[] kept = shape.clone();
        for (int axis : axes) {
            kept[axis] = keepDim ? 1 : -1;
        }
        if (keepDim) {
            return kept;
        }
        int n = 0;
        for (int size : kept) {
            if (size >= 0) {
                kept[n++] = size;
            }
        }
        return Arrays.copyOf(kept, n);
    }

    /** All axes: 0, 1, .. dim - 1. */
    public static int[] axes(int dim) {
        int[] axes = new int[dim];
        for (int i = 0; i < dim; i++) {
            axes[i] = i;
        }
        return axes;
    }

    /** Shape as PyTorch writes a list: {@code [2, 3]}. */
    public static String text(int... shape) {
        return Arrays.toString(shape);
    }
}
