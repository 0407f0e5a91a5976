package org.clgrad.backend.cpu;

/** Moves stretches of a strided array, in row-major order, to and from consecutive places. */
final class Runs {
    private Runs() {}

    /** {@code dst[to + i] = } element i from the cursor on. */
    static <A> void gather(Elements<A> e, A src, Cursor cursor, int n, A dst, int to) {
        for (int done = 0; done < n; ) {
            int run = (int) Math.min(n - done, cursor.run());
            e.move(src, cursor.position(), cursor.step(), dst, to + done, 1, run);
            cursor.advance(run);
            done += run;
        }
    }

    /** Element i from the cursor on {@code = src[from + i]}. */
    static <A> void scatter(Elements<A> e, A src, int from, A dst, Cursor cursor, int n) {
        for (int done = 0; done < n; ) {
            int run = (int) Math.min(n - done, cursor.run());
            e.move(src, from + done, 1, dst, cursor.position(), cursor.step(), run);
            cursor.advance(run);
            done += run;
        }
    }
}
