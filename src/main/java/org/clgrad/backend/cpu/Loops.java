package org.clgrad.backend.cpu;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * The primitives of {@link Fn} as loops over arrays of one type. Adding a primitive means one entry in each subclass; a function with a
 * body may have one too, where that is faster.
 * Loops are called with a multiple of {@link #lanes()} elements; the output may be the very place of an input.
 *
 * @param <A> float[] or double[]
 */
abstract class Loops<A> {
    /** {@code o[io + i] = f(a[ia + i])} for i in 0 .. n - 1. */
    interface Unary<A> {
        void run(A a, int ia, A o, int io, int n);
    }

    /** {@code o[io + i] = f(a[ia + i], b[ib + i])}. */
    interface Binary<A> {
        void run(A a, int ia, A b, int ib, A o, int io, int n);
    }

    /** {@code o[io + i] = f(a[ia + i], b[ib + i], c[ic + i])}. */
    interface Ternary<A> {
        void run(A a, int ia, A b, int ib, A c, int ic, A o, int io, int n);
    }

    /** {@code o[io] = a[ia] . a[ia + 1] . .. . a[ia + n - 1]}, in an order that depends on n alone. */
    interface Fold<A> {
        void run(A a, int ia, int n, A o, int io);
    }

    static final int CHAINS = 4; // of a reduction, so that one operation need not wait for the one before

    private static final int REHEARSALS = 10; // enough for the JVM to take note; the first takes 60 ms, the others 2

    final Elements<A> elements;
    private final int lanes;
    private final Map<Fn, Unary<A>> unary = new EnumMap<>(Fn.class);
    private final Map<Fn, Binary<A>> binary = new EnumMap<>(Fn.class);
    private final Map<Fn, Ternary<A>> ternary = new EnumMap<>(Fn.class);
    private final Map<RowProgram, RowLoops<A>> rows = new HashMap<>();

    private final Binary<A> square = (a, ia, b, ib, o, io, n) -> binary(Fn.MUL).run(a, ia, a, ia, o, io, n);
    private final Binary<A> cubed = (a, ia, b, ib, o, io, n) -> cube().run(a, ia, o, io, n);
    private final Binary<A> identity = this::copy;
    private final Binary<A> ones = this::fillOnes; // NaN^0 is 1 too

    Loops(Elements<A> elements, int lanes) {
        this.elements = elements;
        this.lanes = lanes;
    }

    private void copy(A a, int ia, A b, int ib, A o, int io, int n) {
        elements.move(a, ia, 1, o, io, 1, n);
    }

    private void fillOnes(A a, int ia, A b, int ib, A o, int io, int n) {
        elements.fill(o, io, n, 1);
    }

    /** Elements that a loop takes at a time. */
    final int lanes() {
        return lanes;
    }

    final void unary(Fn fn, Unary<A> loop) {
        unary.put(fn, loop);
    }

    final void binary(Fn fn, Binary<A> loop) {
        binary.put(fn, loop);
    }

    final void ternary(Fn fn, Ternary<A> loop) {
        ternary.put(fn, loop);
    }

    final void rows(RowProgram program, RowLoops<A> loops) {
        rows.put(program, loops);
    }

    /** The loops of a row program that has some of its own. */
    final @Nullable RowLoops<A> rows(RowProgram program) {
        return rows.get(program);
    }

    /** Whether there is a loop for a function. */
    final boolean has(Fn fn) {
        return unary.containsKey(fn) || binary.containsKey(fn) || ternary.containsKey(fn);
    }

    final Unary<A> unary(Fn fn) {
        return found(fn, unary.get(fn));
    }

    final Binary<A> binary(Fn fn) {
        return found(fn, binary.get(fn));
    }

    final Ternary<A> ternary(Fn fn) {
        return found(fn, ternary.get(fn));
    }

    /**
     * {@code (a first b) second c} in one loop instead of two, each function with its own rounding, or {@code c second (a first b)} if
     * {@code isRight}; null where there is none.
     */
    @Nullable
    Ternary<A> pair(Fn first, Fn second, boolean isRight) {
        return null;
    }

    /**
     * Runs every function a few times over the fewest elements, before any is compiled. The JVM's compiler expects the methods that all
     * operations of the Vector API share to be called as they were so far. Where that proves wrong it takes note, and counts the notes once for
     * each time that a loop contains the method. A loop of 24 operations so comes to a hundred ({@code -XX:PerMethodTrapLimit}), and is then
     * compiled without expectations: with objects for vectors, ten times as slow, for good. On Java 17 matrix products were, in half of all
     * processes, on Java 25 some loops in some.
     */
    final void rehearse() {
        A ones = elements.newArray(lanes);
        A out = elements.newArray(lanes);
        elements.fill(ones, 0, lanes, 1);
        for (int i = 0; i < REHEARSALS; i++) {
            unary.values().forEach(f -> f.run(ones, 0, out, 0, lanes));
            binary.values().forEach(f -> f.run(ones, 0, ones, 0, out, 0, lanes));
            ternary.values().forEach(f -> f.run(ones, 0, ones, 0, ones, 0, out, 0, lanes));
        }
    }

    /** {@code a[ia + i]^exponent} for an exponent that is the same for all elements; b holds it too. */
    final Binary<A> powBy(double exponent) {
        return exponent == 2
                ? square
                : exponent == 1 ? identity : exponent == 3 ? cubed : exponent == 0 ? ones : binary(Fn.POW);
    }

    /** A short reduction. */
    abstract Fold<A> fold(Reduction kind);

    /**
     * The lanes of n elements combined each by itself: {@code o[io + l]} of {@code a[ia + l], a[ia + l + lanes], ..}; n is a multiple of the
     * lanes, and the order depends on it alone.
     */
    abstract void toLanes(Reduction kind, A a, int ia, int n, A o, int io);

    /**
     * Rows of n elements, one behind the other, each reduced to {@code o[io + r]}; n is a multiple of the lanes, of which the scratch has
     * room for one each.
     */
    void foldEach(Reduction kind, A a, int ia, int n, int rows, A scratch, int is, A o, int io) {
        Fold<A> fold = fold(kind);
        for (int r = 0; r < rows; r++) {
            toLanes(kind, a, ia + r * n, n, scratch, is);
            fold.run(scratch, is, lanes, o, io + r);
        }
    }

    /** Rows that lie {@code step} apart combined from the first to the last: {@code o[io + j]} of {@code a[ia + j], a[ia + step + j], ..}. */
    void foldRows(Reduction kind, A a, int ia, int step, int rows, A o, int io, int n) {
        Binary<A> combine = binary(kind.fn());
        combine.run(a, ia, a, ia + step, o, io, n);
        for (int i = 2; i < rows; i++) {
            combine.run(o, io, a, ia + i * step, o, io, n);
        }
    }

    /** {@code a * a * a}. */
    abstract Unary<A> cube();

    /** A number as an element of this type holds it. */
    abstract double rounded(double value);

    /** Time of one element of {@code fn}, in units of an addition: decides what is worth a second thread. */
    abstract int cost(Fn fn);

    private static <T> T found(Fn fn, @Nullable T loop) {
        if (loop == null) {
            throw new IllegalStateException("no loop for " + fn + ": add one to every subclass of Loops");
        }
        return loop;
    }
}
