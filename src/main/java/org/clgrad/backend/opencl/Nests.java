package org.clgrad.backend.opencl;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.clgrad.array.Layout;
import org.clgrad.array.LoopNest;

/** Loops as kernels take them: a fixed number, the innermost last, missing outer ones of size 1. */
final class Nests {
    private Nests() {}

    /** The fewest loops over layouts of one shape, in the order in which the last layout lies in memory. */
    static LoopNest inOrderOfLast(Layout... layouts) {
        Layout last = layouts[layouts.length - 1];
        if (last.isContiguous()) {
            return LoopNest.of(layouts);
        }
        int[] order = IntStream.range(0, last.dim())
                .boxed()
                .sorted(Comparator.comparingLong((Integer axis) -> -last.strides()[axis]))
                .mapToInt(axis -> axis)
                .toArray();
        return LoopNest.of(
                Arrays.stream(layouts).map(layout -> layout.permute(order)).toArray(Layout[]::new));
    }

    static long[] sizes(LoopNest nest, int loops) {
        long[] sizes = new long[loops];
        Arrays.fill(sizes, 1);
        System.arraycopy(nest.sizes(), 0, sizes, loops - nest.depth(), nest.depth());
        return sizes;
    }

    static long[] strides(LoopNest nest, int array, int loops) {
        long[] strides = new long[loops];
        System.arraycopy(nest.strides()[array], 0, strides, loops - nest.depth(), nest.depth());
        return strides;
    }

    /** Work-items that a nest needs where each has {@code width} steps of the innermost loop. */
    static long items(LoopNest nest, int width) {
        long items = 1;
        for (int d = 0; d < nest.depth() - 1; d++) {
            items *= nest.sizes()[d];
        }
        return items * ((nest.sizes()[nest.depth() - 1] + width - 1) / width);
    }
}
