package org.clgrad.backend.cpu;

import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;

/**
 * Combines arrays element by element, of any length.
 *
 * @param plain loops for what is left of a multiple of the lanes of {@code loops}
 */
record Combiner<A>(Loops<A> loops, Loops<A> plain) {

    /** {@code o[io + i] = a[ia + i] . b[ib + i]}; the output may be the very place of an input. */
    void run(Reduction kind, A a, int ia, A b, int ib, A o, int io, int n) {
        Fn fn = kind.fn();
        int whole = n - n % loops.lanes();
        if (whole > 0) {
            loops.binary(fn).run(a, ia, b, ib, o, io, whole);
        }
        if (whole < n) {
            plain.binary(fn).run(a, ia + whole, b, ib + whole, o, io + whole, n - whole);
        }
    }
}
