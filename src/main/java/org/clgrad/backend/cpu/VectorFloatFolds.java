package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.Loops.CHAINS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Reductions of floats lane by lane. Each kind has loops of its own, for an operation must be a constant to the compiler.
 */
final class VectorFloatFolds {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int FOUR = 4 * L;
    private static final boolean IN_TURN = Runtime.version().feature() > 17 || S.vectorBitSize() == 256;
    private static final int RUN = 16 * CHAINS * FOUR; // elements that are added up before the next are: 16 in a row

    private VectorFloatFolds() {}

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    static void sumEach(float[] a, int ia, int n, int rows, float[] scratch, int is, float[] o, int io) {
        for (int r = 0; r < rows; r++) {
            sum(a, ia + r * n, n, scratch, is);
            o[io + r] = sumOfLanes(scratch, is);
        }
    }

    static void maxEach(float[] a, int ia, int n, int rows, float[] scratch, int is, float[] o, int io) {
        for (int r = 0; r < rows; r++) {
            max(a, ia + r * n, n, scratch, is);
            o[io + r] = FloatLoops.maxInChains(scratch, is, L);
        }
    }

    static void minEach(float[] a, int ia, int n, int rows, float[] scratch, int is, float[] o, int io) {
        for (int r = 0; r < rows; r++) {
            min(a, ia + r * n, n, scratch, is);
            o[io + r] = FloatLoops.minInChains(scratch, is, L);
        }
    }

    static boolean sumFive(float[] b, int ib, float[] a, int ia, int step, float[] o, int io, int n) {
        for (int j = 0; j < n; j += L) {
            at(b, ib + j)
                    .add(at(a, ia + j))
                    .add(at(a, ia + step + j))
                    .add(at(a, ia + 2 * step + j))
                    .add(at(a, ia + 3 * step + j))
                    .add(at(a, ia + 4 * step + j))
                    .intoArray(o, io + j);
        }
        return true;
    }

    static boolean maxFive(float[] b, int ib, float[] a, int ia, int step, float[] o, int io, int n) {
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
        return !isPoisoned(poison);
    }

    static boolean minFive(float[] b, int ib, float[] a, int ia, int step, float[] o, int io, int n) {
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
        return !isPoisoned(poison);
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

    static float sumOfLanes(float[] lanes, int at) {
        return FloatLoops.sumInChains(lanes, at, L);
    }

    /** The lanes of the sum. */
    static void sum(float[] a, int ia, int n, float[] o, int io) {
        FloatVector total = sum(a, ia, Math.min(n, RUN));
        for (int i = RUN; i < n; i += RUN) {
            total = total.add(sum(a, ia + i, Math.min(n - i, RUN)));
        }
        total.intoArray(o, io);
    }

    /** The sum of the lanes of one run, in chains, so that few additions follow one another, of four vectors at a time. */
    private static FloatVector sum(float[] a, int ia, int n) {
        return IN_TURN ? sumInTurn(a, ia, n) : sumAtOnce(a, ia, n);
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

    /**
     * The same sum in a loop as short as can be, of which Java 25 makes a faster one. Java 17 leaves it as short as it is, which with AVX2 is what memory
     * wants: on an AMD EPYC (Zen 3) it is read at 40 GB/s instead of 26.
     */
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

    /*
     * Elements of rows are compared as integers, by one instruction. Numbers that are not negative are in the order of their bits, above all negative
     * ones, whose order is the opposite. So the largest integer is the maximum, or where all numbers are negative the smallest is; the minimum
     * is that of the numbers with their signs changed. NaN is looked for here as above, but once, in the sum of all elements.
     */

    /** The lanes of the maximum. */
    static void max(float[] a, int ia, int n, float[] o, int io) {
        FloatVector sum = FloatVector.zero(S);
        IntVector r = bits(a, ia);
        int i = 0;
        for (; i <= n - FOUR; i += FOUR) {
            sum = sum.add(four(a, ia + i));
            r = r.max(largest(a, ia + i));
        }
        for (; i < n; i += L) {
            sum = sum.add(at(a, ia + i));
            r = r.max(bits(a, ia + i));
        }
        if (isPoisoned(sum.mul(0))) {
            maxExactly(a, ia, L, n / L, o, io);
        } else {
            FloatVector result = areNegative(r) ? smallest(a, ia, n) : r.reinterpretAsFloats();
            result.intoArray(o, io);
        }
    }

    private static void min(float[] a, int ia, int n, float[] o, int io) {
        FloatVector sum = FloatVector.zero(S);
        IntVector r = negatedBits(a, ia);
        int i = 0;
        for (; i <= n - FOUR; i += FOUR) {
            sum = sum.add(four(a, ia + i));
            r = r.max(largestNegated(a, ia + i));
        }
        for (; i < n; i += L) {
            sum = sum.add(at(a, ia + i));
            r = r.max(negatedBits(a, ia + i));
        }
        if (isPoisoned(sum.mul(0))) {
            minExactly(a, ia, L, n / L, o, io);
        } else {
            FloatVector result = areNegative(r)
                    ? smallest(a, ia, n)
                    : r.reinterpretAsFloats().neg();
            result.intoArray(o, io);
        }
    }

    private static IntVector largest(float[] a, int i) {
        IntVector y = bits(a, i).max(bits(a, i + L));
        return y.max(bits(a, i + 2 * L).max(bits(a, i + 3 * L)));
    }

    private static IntVector largestNegated(float[] a, int i) {
        IntVector y = negatedBits(a, i).max(negatedBits(a, i + L));
        return y.max(negatedBits(a, i + 2 * L).max(negatedBits(a, i + 3 * L)));
    }

    private static IntVector bits(float[] a, int i) {
        return at(a, i).reinterpretAsInts();
    }

    private static IntVector negatedBits(float[] a, int i) {
        return at(a, i).neg().reinterpretAsInts();
    }

    private static boolean areNegative(IntVector x) {
        return x.compare(VectorOperators.LT, 0).allTrue();
    }

    /** The smallest by their bits: of numbers of one sign, those nearest to zero. */
    private static FloatVector smallest(float[] a, int ia, int n) {
        IntVector r = bits(a, ia);
        for (int i = L; i < n; i += L) {
            r = r.min(bits(a, ia + i));
        }
        return r.reinterpretAsFloats();
    }
}
