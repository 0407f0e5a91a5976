package org.clgrad.backend.cpu;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clgrad.backend.AdamUpdate;
import org.clgrad.backend.Expr;
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
    /** What a step of a {@link Program} runs: one of the interfaces that extend this. */
    interface Loop<A> {}

    /** {@code o[io + i] = f(a[ia + i])} for i in 0 .. n - 1. */
    interface Unary<A> extends Loop<A> {
        void run(A a, int ia, A o, int io, int n);
    }

    /** The same, if it returns true: else some numbers were not of those that it is exact for, and the output is worthless. */
    interface Attempt<A> {
        boolean run(A a, int ia, A o, int io, int n);
    }

    /** {@code o[io + i] = f(a[ia + i], b[ib + i])}. */
    interface Binary<A> extends Loop<A> {
        void run(A a, int ia, A b, int ib, A o, int io, int n);
    }

    /** {@code o[io + i] = f(a[ia + i], b[ib + i], c[ic + i])}. */
    interface Ternary<A> extends Loop<A> {
        void run(A a, int ia, A b, int ib, A c, int ic, A o, int io, int n);
    }

    /** {@code o[io + i] = factor a[ia + i] + summand}, the product rounded before the sum. */
    interface Affine<A> extends Loop<A> {
        void run(A a, int ia, double factor, double summand, A o, int io, int n);
    }

    /** {@code o[io + i] = f a[ia + i] + g b[ib + i]}, the products rounded before the sum. */
    interface Linear<A> extends Loop<A> {
        void run(A a, int ia, double f, A b, int ib, double g, A o, int io, int n);
    }

    /** A step of an optimizer: new p, m and v in place of the old ones, of these and g. */
    interface Moments<A> {
        void run(A p, int ip, A m, int im, A v, int iv, A g, int ig, double[] constants, int n);
    }

    /**
     * Rows of n elements, one behind the other, each reduced to {@code o[io + r]}, in an order that depends on n alone. The scratch has room for
     * as many elements as there are lanes, of which n is a multiple.
     */
    interface FoldEach<A> {
        void run(A a, int ia, int n, int rows, A scratch, int is, A o, int io);
    }

    /**
     * A row and five that lie {@code step} apart combined in this order, {@code o[io + j]} of {@code b[ib + j], a[ia + j], a[ia + step + j], ..}.
     * Returns false where the result is worthless, since there were numbers that this loop is not exact for.
     */
    interface FoldFive<A> {
        boolean run(A b, int ib, A a, int ia, int step, A o, int io, int n);
    }

    /** {@code o[io] = a[ia] . a[ia + 1] . .. . a[ia + n - 1]}, in an order that depends on n alone. */
    interface Fold<A> {
        void run(A a, int ia, int n, A o, int io);
    }

    static final int CHAINS = 4; // of a reduction, so that one operation need not wait for the one before

    private static final int FIVE = 5; // rows

    private static final Set<Fn> COMMUTATIVE = EnumSet.of(Fn.ADD, Fn.MUL);

    private static final int REHEARSALS = 10; // enough for the JVM to take note; the first takes 60 ms, the others 2

    final Elements<A> elements;
    private final int lanes;
    private final Map<Fn, Unary<A>> unary = new EnumMap<>(Fn.class);
    private final Map<Fn, Binary<A>> binary = new EnumMap<>(Fn.class);
    private final Map<Fn, Ternary<A>> ternary = new EnumMap<>(Fn.class);
    private @Nullable Affine<A> affine;
    private @Nullable Linear<A> linear;
    private final Map<List<Fn>, Ternary<A>> pairs = new HashMap<>();
    private final Map<List<Fn>, Ternary<A>> rightPairs = new HashMap<>();
    private final Map<Reduction, FoldEach<A>> foldEach = new EnumMap<>(Reduction.class);
    private final Map<Reduction, FoldFive<A>> foldFive = new EnumMap<>(Reduction.class);
    private final Map<RowProgram, RowLoops<A>> rows = new HashMap<>();
    private final Map<List<Expr>, Moments<A>> moments = new HashMap<>();

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
        unary.put(fn, Apart.unary(loop));
    }

    final void binary(Fn fn, Binary<A> loop) {
        binary.put(fn, Apart.binary(loop));
    }

    final void ternary(Fn fn, Ternary<A> loop) {
        ternary.put(fn, Apart.ternary(loop));
    }

    final void affine(Affine<A> loop) {
        affine = Apart.affine(loop);
    }

    final void linear(Linear<A> loop) {
        linear = Apart.linear(loop);
    }

    /** {@code (a first b) second c}. */
    final void pair(Fn first, Fn second, Ternary<A> loop) {
        pairs.put(List.of(first, second), Apart.ternary(loop));
    }

    /** {@code c second (a first b)}, for functions that are not commutative. */
    final void rightPair(Fn first, Fn second, Ternary<A> loop) {
        rightPairs.put(List.of(first, second), Apart.ternary(loop));
    }

    final void foldEach(Reduction kind, FoldEach<A> loop) {
        foldEach.put(kind, Apart.foldEach(loop));
    }

    final void foldFive(Reduction kind, FoldFive<A> loop) {
        foldFive.put(kind, Apart.foldFive(loop));
    }

    final void rows(RowProgram program, RowLoops<A> loops) {
        rows.put(program, loops);
    }

    /** The loops of a row program that has some of its own. */
    final @Nullable RowLoops<A> rows(RowProgram program) {
        return rows.get(program);
    }

    final void moments(List<Expr> results, Moments<A> loop) {
        moments.put(results, Apart.moments(loop));
    }

    /** The loop of an update that has one of its own. */
    final @Nullable Moments<A> moments(List<Expr> results) {
        return moments.get(results);
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

    final Affine<A> affine() {
        return found("factor a + summand", affine);
    }

    final Linear<A> linear() {
        return found("f a + g b", linear);
    }

    /**
     * {@code (a first b) second c} in one loop instead of two, each function with its own rounding, or {@code c second (a first b)} if
     * {@code isRight}; null where there is none.
     */
    final @Nullable Ternary<A> pair(Fn first, Fn second, boolean isRight) {
        return (isRight && !COMMUTATIVE.contains(second) ? rightPairs : pairs).get(List.of(first, second));
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
        A odd = elements.newArray(lanes); // some functions have another loop for such
        A out = elements.newArray(lanes);
        elements.fill(ones, 0, lanes, 1);
        elements.fill(odd, 0, lanes, Double.NaN);
        double[] numbers = new double[AdamUpdate.DECAY + 1];
        for (int i = 0; i < REHEARSALS; i++) {
            unary.values().forEach(f -> {
                f.run(ones, 0, out, 0, lanes);
                f.run(odd, 0, out, 0, lanes);
            });
            binary.values().forEach(f -> f.run(ones, 0, ones, 0, out, 0, lanes));
            ternary.values().forEach(f -> f.run(ones, 0, ones, 0, ones, 0, out, 0, lanes));
            affine().run(ones, 0, 1, 1, out, 0, lanes);
            linear().run(ones, 0, 1, ones, 0, 1, out, 0, lanes);
            moments.values().forEach(f -> f.run(out, 0, out, 0, out, 0, ones, 0, numbers, lanes));
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

    /** Reduces many rows. */
    final FoldEach<A> foldEach(Reduction kind) {
        FoldEach<A> loop = foldEach.get(kind);
        return loop != null ? loop : inTurn(fold(kind));
    }

    private static <A> FoldEach<A> inTurn(Fold<A> fold) {
        return (a, ia, n, rows, scratch, is, o, io) -> {
            for (int r = 0; r < rows; r++) {
                fold.run(a, ia + r * n, n, o, io + r);
            }
        };
    }

    /**
     * At least two rows that lie {@code step} apart combined from the first to the last: {@code o[io + j]} of {@code a[ia + j], a[ia + step + j], ..}.
     * Five at a time are read side by side from beginning to end, as processors expect it and fetch ahead; all of them at once would be too
     * many runs of memory to follow.
     */
    final void foldRows(Reduction kind, A a, int ia, int step, int rows, A o, int io, int n) {
        FoldFive<A> five = foldFive.get(kind);
        Binary<A> one = binary(kind.fn());
        A partial = a;
        int ip = ia;
        int row = 1;
        for (; five != null && row <= rows - FIVE; row += FIVE) {
            if (!five.run(partial, ip, a, ia + row * step, step, o, io, n)) {
                partial = a; // begin again
                ip = ia;
                row = 1;
                break;
            }
            partial = o;
            ip = io;
        }
        for (; row < rows; row++) {
            one.run(partial, ip, a, ia + row * step, o, io, n);
            partial = o;
            ip = io;
        }
    }

    /** {@code a * a * a}. */
    abstract Unary<A> cube();

    /** A number as an element of this type holds it. */
    abstract double rounded(double value);

    /** Time of one element of {@code fn}, in units of an addition: decides what is worth a second thread. */
    abstract int cost(Fn fn);

    private static <T> T found(Object function, @Nullable T loop) {
        if (loop == null) {
            throw new IllegalStateException("no loop for " + function + ": add one to every subclass of Loops");
        }
        return loop;
    }
}
