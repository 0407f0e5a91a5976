package org.clgrad.backend.cpu;

import org.clgrad.array.LoopNest;

/** A place in one layout of a loop nest, moving in row-major order. */
final class Cursor {
    private final long[] sizes;
    private final long[] strides;
    private final long[] index;
    private final int inner;
    private long position;

    /** At element {@code start} of layout k, whose first element is moved by {@code base}. */
    Cursor(LoopNest nest, int k, long base, long start) {
        sizes = nest.sizes();
        strides = nest.strides()[k];
        inner = sizes.length - 1;
        index = new long[inner + 1];
        position = nest.offsets()[k] + base;
        long rest = start;
        for (int d = inner; d > 0; d--) {
            index[d] = rest % sizes[d];
            rest /= sizes[d];
            position += index[d] * strides[d];
        }
        index[0] = rest;
        position += rest * strides[0];
    }

    /** Where the element is in its array. */
    int position() {
        return (int) position;
    }

    /** Distance of neighbours in the innermost loop. */
    int step() {
        return (int) strides[inner];
    }

    /** Elements from here to the end of the innermost loop. */
    long run() {
        return sizes[inner] - index[inner];
    }

    /** Moves on by at most {@link #run} elements. */
    void advance(int n) {
        position += n * strides[inner];
        index[inner] += n;
        for (int d = inner; d > 0 && index[d] == sizes[d]; d--) {
            position += strides[d - 1] - sizes[d] * strides[d];
            index[d] = 0;
            index[d - 1]++;
        }
    }
}
