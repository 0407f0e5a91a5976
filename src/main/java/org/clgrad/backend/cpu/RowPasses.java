package org.clgrad.backend.cpu;

import java.util.List;

/**
 * Loops over rows, a few rows at a time, which stay in the nearest cache.
 *
 * @param <T> a thread's share of a call
 * @param most rows at a time
 */
record RowPasses<T>(int most, List<Pass<T>> passes) {
    private static final int CACHED = 1 << 11; // elements of the rows that are near at one time
    private static final int MOST_ROWS = 16;

    /** Works through rows {@code from .. to - 1} of a share. */
    interface Pass<T> {
        void run(T share, int from, int to);
    }

    /** The most rows at a time, where each needs so many elements of scratch ({@link RowLoops.Body}). */
    static int mostRows(int scratch) {
        return Math.min(MOST_ROWS, Frame.BLOCK / scratch);
    }

    /**
     * Runs all passes over rows {@code first .. end - 1}. One call site for all keeps them from being compiled as one method,
     * for which the compiler has no room (see {@link Apart}): those of layer normalization took twice as long on Java 17.
     */
    void run(T share, int first, int end, int length) {
        int together = Math.max(2, Math.min(most, CACHED / length) & ~1); // even, for passes that take two rows at once
        for (int from = first; from < end; from += together) {
            int to = Math.min(end, from + together);
            for (int p = 0; p < passes.size(); p++) {
                passes.get(p).run(share, from, to);
            }
        }
    }
}
