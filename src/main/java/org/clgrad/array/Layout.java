package org.clgrad.array;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of an array lie in its buffer: element {@code (i, j, ..)} is at
 * {@code offset + i * strides[0] + j * strides[1] + ..}, counted in elements. The arrays must not be changed.
 */
public record Layout(int[] shape, long[] strides, long offset) {

    /** Row-major, without gaps, from the buffer's start. */
    public static Layout contiguous(int... shape) {
        return new Layout(shape, denseStrides(shape), 0);
    }

    public int dim() {
        return shape.length;
    }

    public long numel() {
        return Shapes.numel(shape);
    }

    /** Whether the elements lie in row-major order without gaps, from {@link #offset} on. */
    public boolean isContiguous() {
        boolean dense = true;
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            dense &= shape[i] == 1 || strides[i] == expected;
            expected *= shape[i];
        }
        return dense || expected == 0;
    }

    /** Whether all indices meet in one element. */
    public boolean isOneElement() {
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] > 1 && strides[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** One past the largest element position that is addressed; 0 for an empty layout. */
    public long end() {
        if (numel() == 0) {
            return 0;
        }
        long last = offset;
        for (int i = 0; i < shape.length; i++) {
            last += (shape[i] - 1) * strides[i];
        }
        return last + 1;
    }

    /** Whether two indices may meet in one element. Strides are never negative, so sorted strides decide; a false alarm is possible, a miss is not. */
    public boolean mayOverlapItself() {
        if (isContiguous()) {
            return false;
        }
        int[] order = java.util.stream.IntStream.range(0, shape.length)
                .filter(i -> shape[i] > 1)
                .boxed()
                .sorted(java.util.Comparator.comparingLong(i -> strides[i]))
                .mapToInt(i -> i)
                .toArray();
        long reach = 0;
        for (int i : order) {
            if (strides[i] <= reach) {
                return true;
            }
            reach += (shape[i] - 1) * strides[i];
        }
        return false;
    }

    public Layout transpose(int first, int second) {
        int[] order = Shapes.axes(dim());
        order[first] = second;
        order[second] = first;
        return permute(order);
    }

    /** The same in a buffer that has {@code elements} more in front. */
    public Layout shifted(long elements) {
        return new Layout(shape, strides, offset + elements);
    }

    /** Axis {@code i} of the result is axis {@code order[i]} of this. */
    public Layout permute(int... order) {
        int[] newShape = new int[order.length];
        long[] newStrides = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            newShape[i] = shape[order[i]];
            newStrides[i] = strides[order[i]];
        }
        return new Layout(newShape, newStrides, offset);
    }

    /** Elements {@code start, start + step, ..} below {@code end} of one axis; the bounds must be within it. */
    public Layout slice(int axis, int start, int end, int step) {
        int[] newShape = shape.clone();
        long[] newStrides = strides.clone();
        newShape[axis] = end <= start ? 0 : (end - start - 1) / step + 1;
        newStrides[axis] *= step;
        return new Layout(newShape, newStrides, offset + start * strides[axis]);
    }

    /** One index of one axis, which vanishes. */
    public Layout select(int axis, int index) {
        return new Layout(without(shape, axis), without(strides, axis), offset + index * strides[axis]);
    }

    /** Stretches axes of size 1, and adds axes in front; the shapes must fit. Stretched axes have stride 0. */
    public Layout expand(int... target) {
        int added = target.length - shape.length;
        long[] newStrides = new long[target.length];
        for (int i = 0; i < shape.length; i++) {
            newStrides[added + i] = shape[i] == 1 && target[added + i] != 1 ? 0 : strides[i];
        }
        return new Layout(target, newStrides, offset);
    }

    /** A new axis of size 1 before {@code axis}. */
    public Layout unsqueeze(int axis) {
        int[] newShape = new int[shape.length + 1];
        long[] newStrides = new long[shape.length + 1];
        for (int i = 0, j = 0; i < newShape.length; i++) {
            newShape[i] = i == axis ? 1 : shape[j];
            newStrides[i] = i == axis ? (axis < dim() ? shape[axis] * strides[axis] : 1) : strides[j];
            j += i == axis ? 0 : 1;
        }
        return new Layout(newShape, newStrides, offset);
    }

    /** Removes an axis of size 1. */
    public Layout squeeze(int axis) {
        return select(axis, 0);
    }

    /** The same elements in the same order under another shape, or null where strides cannot express it without a copy. */
    public @Nullable Layout reshape(int... target) {
        if (numel() == 0 || isContiguous()) {
            return new Layout(target, denseStrides(target), offset);
        }
        long[] newStrides = new long[target.length];
        int to = target.length - 1;
        long chunkStride = strides[dim() - 1];
        long have = 1; // elements of the current run of mergeable axes
        long want = 1; // elements of the target's axes laid over that run
        for (int from = dim() - 1; from >= 0; from--) {
            have *= shape[from];
            boolean runEnds = from == 0 || (shape[from - 1] != 1 && strides[from - 1] != have * chunkStride);
            if (runEnds) {
                while (to >= 0 && (want < have || target[to] == 1)) {
                    newStrides[to] = want * chunkStride;
                    want *= target[to--];
                }
                if (want != have) {
                    return null;
                }
                if (from > 0) {
                    chunkStride = strides[from - 1];
                    have = want = 1;
                }
            }
        }
        return to == -1 ? new Layout(target, newStrides, offset) : null;
    }

    private static long[] denseStrides(int... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(shape[i], 1);
        }
        return strides;
    }

    private static int[] without(int[] values, int at) {
        int[] rest = new int[values.length - 1];
        System.arraycopy(values, 0, rest, 0, at);
        System.arraycopy(values, at + 1, rest, at, rest.length - at);
        return rest;
    }

    private static long[] without(long[] values, int at) {
        long[] rest = new long[values.length - 1];
        System.arraycopy(values, 0, rest, 0, at);
        System.arraycopy(values, at + 1, rest, at, rest.length - at);
        return rest;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Layout that
                && offset == that.offset
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(strides, that.strides);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(offset) + 31 * (Arrays.hashCode(shape) + 31 * Arrays.hashCode(strides));
    }

    @Override
    public String toString() {
        return Arrays.toString(shape) + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
