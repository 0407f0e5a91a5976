package org.clgrad.array;

import java.util.Arrays;

/**
 * The fewest nested loops that visit several layouts of one shape together: axes of size 1 are dropped and neighbours
 * that every layout steps through evenly are merged. Row-major order is kept; loop 0 is the outermost, and there is
 * at least one loop.
 *
 * @param sizes iterations of each loop
 * @param strides {@code strides[k][d]}: step of layout k in loop d, in elements
 * @param offsets first element of each layout
 */
public record LoopNest(long[] sizes, long[][] strides, long[] offsets) {

    public static LoopNest of(Layout... layouts) {
        int[] shape = layouts[0].shape();
        long[] sizes = new long[shape.length + 1];
        long[][] strides = new long[layouts.length][];
        for (int k = 0; k < layouts.length; k++) { // an array of arrays in one go is a call into the JVM
            strides[k] = new long[shape.length + 1];
        }
        int last = -1;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == 1) {
                continue;
            }
            boolean merges = last >= 0;
            for (int k = 0; k < layouts.length && merges; k++) {
                merges = strides[k][last] == layouts[k].strides()[d] * shape[d];
            }
            last += merges ? 0 : 1;
            sizes[last] = merges ? sizes[last] * shape[d] : shape[d];
            for (int k = 0; k < layouts.length; k++) {
                strides[k][last] = layouts[k].strides()[d];
            }
        }
        if (last < 0) { // a single element
            last = 0;
            sizes[0] = 1;
        }
        int loops = last + 1;
        long[] offsets = new long[layouts.length];
        for (int k = 0; k < layouts.length; k++) {
            strides[k] = Arrays.copyOf(strides[k], loops);
            offsets[k] = layouts[k].offset();
        }
        return new LoopNest(Arrays.copyOf(sizes, loops), strides, offsets);
    }

    /** Number of loops. */
    public int depth() {
        return sizes.length;
    }

    /** Whether every layout is one run of neighbouring elements. */
    public boolean isContiguous() {
        return sizes.length == 1 && (sizes[0] == 1 || Arrays.stream(strides).allMatch(s -> s[0] == 1));
    }
}
