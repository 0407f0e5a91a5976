package org.clgrad.array;

import java.util.Arrays;

/** Broadcasting: shapes are aligned at the right, and a size of 1 stretches. The rules are NumPy's and PyTorch's. */
public final class Broadcast {
    private static final int[] NONE = {};

    private Broadcast() {}

    /** The common shape of two operands. */
    public static int[] shape(String operation, int[] a, int[] b) {
        int dim = Math.max(a.length, b.length);
        int[] out = new int[dim];
        for (int i = 0; i < dim; i++) {
            int sizeA = sizeAt(a, i, dim);
            int sizeB = sizeAt(b, i, dim);
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1) {
                throw new IllegalArgumentException(operation + ": " + Shapes.text(a) + " and " + Shapes.text(b)
                        + ": The size of tensor a (" + sizeA + ") must match the size of tensor b (" + sizeB
                        + ") at non-singleton dimension " + i);
            }
            out[i] = sizeA == 1 ? sizeB : sizeA;
        }
        return out;
    }

    /** Whether {@code from} can be expanded to {@code to}. */
    public static boolean expands(int[] from, int[] to) {
        for (int i = 0; i < from.length; i++) {
            int target = to.length - from.length + i;
            if (target < 0 || (from[i] != to[target] && from[i] != 1)) {
                return false;
            }
        }
        return true;
    }

    /** The axes of {@code wide} that were added or stretched to get there from {@code narrow}: those that its gradient is summed over. */
    public static int[] stretchedAxes(int[] narrow, int[] wide) {
        if (Arrays.equals(narrow, wide)) {
            return NONE;
        }
        int added = wide.length - narrow.length;
        int[] axes = new int[wide.length];
        int n = 0;
        for (int i = 0; i < wide.length; i++) {
            if (i < added || (narrow[i - added] == 1 && wide[i] != 1)) {
                axes[n++] = i;
            }
        }
        return Arrays.copyOf(axes, n);
    }

    private static int sizeAt(int[] shape, int i, int dim) {
        int own = i - (dim - shape.length);
        return own < 0 ? 1 : shape[own];
    }
}
