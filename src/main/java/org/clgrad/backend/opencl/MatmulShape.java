package org.clgrad.backend.opencl;

import org.clgrad.backend.NdArray;

/** Kinds of matrix products, as far as they want different tiles. */
enum MatmulShape {
    /** Few rows or few columns. */
    SKINNY,
    /** Many products of small matrices. */
    BATCHED,
    /** At least as wide and tall as a tile; tiles, cut into sums of {@link #LARGE_SUM} steps, keep all compute units busy, half of
     * them with two. */
    LARGE,
    /** What is none of these. */
    SMALL;

    private static final int FEW = 32;
    private static final int LARGE_TILE = 128;
    private static final int LARGE_SUM = 128;

    /** Of a [batch, m, k] that gives out [batch, m, n]. */
    static MatmulShape of(NdArray a, NdArray out) {
        int[] shape = out.shape();
        return of(
                shape[0],
                shape[1],
                a.shape()[2],
                shape[2],
                out.backend().describe().computeUnits());
    }

    static MatmulShape of(long batch, long m, long k, long n, int computeUnits) {
        if (Math.min(m, n) < FEW) {
            return SKINNY;
        }
        if (batch > 1 && Math.max(m, n) <= LARGE_TILE) {
            return BATCHED;
        }
        long pieces = batch * ceil(m, LARGE_TILE) * ceil(n, LARGE_TILE) * Math.max(1, k / LARGE_SUM);
        return Math.min(m, n) >= LARGE_TILE && 2 * pieces > 3L * computeUnits ? LARGE : SMALL;
    }

    /** {@code size / part}, rounded up. */
    static long ceil(long size, long part) {
        return (size + part - 1) / part;
    }
}
