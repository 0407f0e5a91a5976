package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.Loops.CHAINS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.Reduction;

/**
 * Reductions of floats lane by lane. Each kind has loops of its own, for an operation must be a constant to the compiler.
 */
final class VectorFloatFolds {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int FOUR = 4 * L;
    private static final int FIVE = 5; // rows
    private static final boolean IS_UNROLLED = Runtime.version().feature() > 17; // a loop over vectors, by the compiler
    private static final int RUN = 16 * CHAINS * FOUR; // elements that are added up before the next are: 16 in a row

    private VectorFloatFolds() {}

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    /** See {@link Loops#toLanes}. */
    static void toLanes(Reduction kind, float[] a, int ia, int n, float[] o, int io) {
        switch (kind) {
            case SUM -> sum(a, ia, n, o, io);
            case MAX -> max(a, ia, n, o, io);
            case MIN -> min(a, ia, n, o, io);
        }
    }

    /** See {@link Loops#foldEach}. */
    static void foldEach(
            Reduction kind, float[] a, int ia, int n, int rows, float[] scratch, int is, float[] o, int io) {
        for (int r = 0; r < rows; r++) {
            toLanes(kind, a, ia + r * n, n, scratch, is);
            o[io + r] = switch (kind) {
                case SUM -> FloatLoops.sumInChains(scratch, is, L);
                case MAX -> FloatLoops.maxInChains(scratch, is, L);
                case MIN -> FloatLoops.minInChains(scratch, is, L);
            };
        }
    }

    /**
     * See {@link Loops#foldRows}. Five rows at a time are read side by side from beginning to end, as processors expect it and fetch ahead;
     * all of them at once would be too many runs of memory to follow.
     *
     * @param one loop for rows that are left, exact for whatever is no number
     */
    static void foldRows(
            Reduction kind,
            float[] a,
            int ia,
            int step,
            int rows,
            float[] o,
            int io,
            int n,
            Loops.Binary<float[]> one) {
        float[] partial = a;
        int ip = ia;
        int row = 1;
        boolean isPoisoned = false;
        for (; row <= rows - FIVE; row += FIVE) {
            int next = ia + row * step;
            switch (kind) {
                case SUM -> sumFive(partial, ip, a, next, step, o, io, n);
                case MAX -> isPoisoned |= maxFive(partial, ip, a, next, step, o, io, n);
                case MIN -> isPoisoned |= minFive(partial, ip, a, next, step, o, io, n);
            }
            partial = o;
            ip = io;
        }
        if (isPoisoned) {
            partial = a; // begin again
            ip = ia;
            row = 1;
        }
        for (; row < rows; row++) {
            one.run(partial, ip, a, ia + row * step, o, io, n);
            partial = o;
            ip = io;
        }
    }

    private static void sumFive(float[] b, int ib, float[] a, int ia, int step, float[] o, int io, int n) {
        for (int j = 0; j < n; j += L) {
            at(b, ib + j)
                    .add(at(a, ia + j))
                    .add(at(a, ia + step + j))
                    .add(at(a, ia + 2 * step + j))
                    .add(at(a, ia + 3 * step + j))
                    .add(at(a, ia + 4 * step + j))
                    .intoArray(o, io + j);
        }
    }

    private static boolean maxFive(float[] b, int ib, float[] a, int ia, int step, float[] o, int io, int n) {
        FloatVector poison = FloatVector.zero(S);
        for (int j = 0; j < n; j += L) {
            FloatVector r = at(b, ib + j);
            FloatVector x = at(a, ia + j);
            FloatVector x1 = at(a, ia + step + j);
            FloatVector x2 = at(a, ia + 2 * step + j);
            FloatVector x3 = at(a, ia + 3 * step + j);
            FloatVector x4 = at(a, ia + 4 * step + j);
            poison = poison(x, x1, x2, x3, x4.add(r).fma(FloatVector.zero(S), poison));
            larger(larger(larger(larger(larger(r, x), x1), x2), x3), x4).intoArray(o, io + j);
        }
        return isPoisoned(poison);
    }

    private static boolean minFive(float[] b, int ib, float[] a, int ia, int step, float[] o, int io, int n) {
        FloatVector poison = FloatVector.zero(S);
        for (int j = 0; j < n; j += L) {
            FloatVector r = at(b, ib + j);
            FloatVector x = at(a, ia + j);
            FloatVector x1 = at(a, ia + step + j);
            FloatVector x2 = at(a, ia + 2 * step + j);
            FloatVector x3 = at(a, ia + 3 * step + j);
            FloatVector x4 = at(a, ia + 4 * step + j);
            poison = poison(x, x1, x2, x3, x4.add(r).fma(FloatVector.zero(S), poison));
            smaller(smaller(smaller(smaller(smaller(r, x), x1), x2), x3), x4).intoArray(o, io + j);
        }
        return isPoisoned(poison);
    }

    private static void maxExactly(float[] a, int ia, int step, int rows, float[] o, int io) {
        FloatVector r = at(a, ia);
        for (int i = 1; i < rows; i++) {
            r = r.max(at(a, ia + i * step));
        }
        r.intoArray(o, io);
    }

    private static void minExactly(float[] a, int ia, int step, int rows, float[] o, int io) {
        FloatVector r = at(a, ia);
        for (int i = 1; i < rows; i++) {
            r = r.min(at(a, ia + i * step));
        }
        r.intoArray(o, io);
    }

    private static void sum(float[] a, int ia, int n, float[] o, int io) {
        FloatVector total = sum(a, ia, Math.min(n, RUN));
        for (int i = RUN; i < n; i += RUN) {
            total = total.add(sum(a, ia + i, Math.min(n - i, RUN)));
        }
        total.intoArray(o, io);
    }

    /** The sum of the lanes of one run, in chains, so that few additions follow one another, of four vectors at a time. */
    private static FloatVector sum(float[] a, int ia, int n) {
        return IS_UNROLLED ? sumInTurn(a, ia, n) : sumAtOnce(a, ia, n);
    }

    private static FloatVector sumAtOnce(float[] a, int ia, int n) {
        FloatVector r = FloatVector.zero(S);
        FloatVector r1 = r;
        FloatVector r2 = r;
        FloatVector r3 = r;
        int i = 0;
        for (; i <= n - CHAINS * FOUR; i += CHAINS * FOUR) {
            r = r.add(four(a, ia + i));
            r1 = r1.add(four(a, ia + i + FOUR));
            r2 = r2.add(four(a, ia + i + 2 * FOUR));
            r3 = r3.add(four(a, ia + i + 3 * FOUR));
        }
        for (; i <= n - FOUR; i += FOUR) {
            r = r.add(four(a, ia + i));
        }
        for (; i < n; i += L) {
            r1 = r1.add(at(a, ia + i));
        }
        return r.add(r1).add(r2.add(r3));
    }

    /** The same sum in a loop as short as can be, of which Java 25 makes a faster one; Java 17 leaves it as short as it is. */
    private static FloatVector sumInTurn(float[] a, int ia, int n) {
        FloatVector r = FloatVector.zero(S);
        FloatVector r1 = r;
        FloatVector r2 = r;
        FloatVector r3 = r;
        int whole = n - n % (CHAINS * FOUR);
        int i = 0;
        for (; i < whole; i += FOUR) {
            FloatVector next = r.add(four(a, ia + i));
            r = r1;
            r1 = r2;
            r2 = r3;
            r3 = next;
        }
        for (; i <= n - FOUR; i += FOUR) {
            r = r.add(four(a, ia + i));
        }
        for (; i < n; i += L) {
            r1 = r1.add(at(a, ia + i));
        }
        return r.add(r1).add(r2.add(r3));
    }

    private static FloatVector four(float[] a, int i) {
        return at(a, i).add(at(a, i + L)).add(at(a, i + 2 * L).add(at(a, i + 3 * L)));
    }

    /*
     * The vectors' own max and min order zeros and propagate NaN by six instructions; these are two, and take NaN for small. So the loops
     * also add up zero times each element, which is zero unless one is NaN (or infinite), and then begin again with the vectors' own.
     */

    private static FloatVector larger(FloatVector x, FloatVector y) {
        return x.blend(y, y.compare(VectorOperators.GT, x));
    }

    private static FloatVector smaller(FloatVector x, FloatVector y) {
        return x.blend(y, y.compare(VectorOperators.LT, x));
    }

    private static FloatVector poison(
            FloatVector x, FloatVector x1, FloatVector x2, FloatVector x3, FloatVector poison) {
        return x.add(x1).add(x2.add(x3)).fma(FloatVector.zero(S), poison);
    }

    private static boolean isPoisoned(FloatVector poison) {
        return poison.compare(VectorOperators.NE, poison).anyTrue();
    }

    private static void max(float[] a, int ia, int n, float[] o, int io) {
        FloatVector r = at(a, ia);
        FloatVector poison = r.mul(0);
        int i = L;
        if (n >= CHAINS * L) {
            FloatVector r1 = at(a, ia + L);
            FloatVector r2 = at(a, ia + 2 * L);
            FloatVector r3 = at(a, ia + 3 * L);
            poison = poison(r, r1, r2, r3, poison);
            for (i = CHAINS * L; i <= n - CHAINS * L; i += CHAINS * L) {
                FloatVector x = at(a, ia + i);
                FloatVector x1 = at(a, ia + i + L);
                FloatVector x2 = at(a, ia + i + 2 * L);
                FloatVector x3 = at(a, ia + i + 3 * L);
                poison = poison(x, x1, x2, x3, poison);
                r = larger(r, x);
                r1 = larger(r1, x1);
                r2 = larger(r2, x2);
                r3 = larger(r3, x3);
            }
            r = larger(larger(r, r1), larger(r2, r3));
        }
        for (; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            poison = x.fma(FloatVector.zero(S), poison);
            r = larger(r, x);
        }
        if (isPoisoned(poison)) {
            maxExactly(a, ia, L, n / L, o, io);
        } else {
            r.intoArray(o, io);
        }
    }

    private static void min(float[] a, int ia, int n, float[] o, int io) {
        FloatVector r = at(a, ia);
        FloatVector poison = r.mul(0);
        int i = L;
        if (n >= CHAINS * L) {
            FloatVector r1 = at(a, ia + L);
            FloatVector r2 = at(a, ia + 2 * L);
            FloatVector r3 = at(a, ia + 3 * L);
            poison = poison(r, r1, r2, r3, poison);
            for (i = CHAINS * L; i <= n - CHAINS * L; i += CHAINS * L) {
                FloatVector x = at(a, ia + i);
                FloatVector x1 = at(a, ia + i + L);
                FloatVector x2 = at(a, ia + i + 2 * L);
                FloatVector x3 = at(a, ia + i + 3 * L);
                poison = poison(x, x1, x2, x3, poison);
                r = smaller(r, x);
                r1 = smaller(r1, x1);
                r2 = smaller(r2, x2);
                r3 = smaller(r3, x3);
            }
            r = smaller(smaller(r, r1), smaller(r2, r3));
        }
        for (; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            poison = x.fma(FloatVector.zero(S), poison);
            r = smaller(r, x);
        }
        if (isPoisoned(poison)) {
            minExactly(a, ia, L, n / L, o, io);
        } else {
            r.intoArray(o, io);
        }
    }
}
