package org.clgrad.backend.cpu;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential functions and logarithms of floats, within 4 units in the last place. The Vector API's own EXP, LOG, .. give
 * other bits before a loop is compiled than after; these polynomials (Cephes, S. Moshier) are arithmetic only, and repeat.
 *
 * <p>Each loop holds its own mathematics, but for small helpers: the compiler does not inline a method that it has
 * compiled to more than 2500 bytes, and a vector that crosses a call is an object.
 */
final class VectorMath {
    private static final float ROUND = 12582912f; // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
    private static final int ROUND_BITS = 0x4b400000;
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final int SQRT_HALF_BITS = 0x3f3504f3;
    private static final int SCRATCH = 1024;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private static final ThreadLocal<float[]> BLOCK = ThreadLocal.withInitial(() -> new float[SCRATCH]);

    private VectorMath() {}

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    /** {@code p x + c}, rounded once: a step of Horner's scheme. */
    static FloatVector next(FloatVector p, FloatVector x, float c) {
        return p.fma(x, FloatVector.broadcast(S, c));
    }

    /** e^x = 2^n e^r with |r| at most ln(2) / 2; beyond -105 and 89 all is 0 and infinity. */
    static void exp(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            FloatVector v = x.blend(89f, x.compare(VectorOperators.GT, 89f));
            v = v.blend(-105f, v.compare(VectorOperators.LT, -105f));
            FloatVector t = next(v, FloatVector.broadcast(S, LOG2_E), ROUND);
            FloatVector whole = t.sub(ROUND);
            FloatVector r = combine(whole, -LN2_HIGH, v);
            FloatVector p = expPolynomial(combine(whole, -LN2_LOW, r));
            // 2^n in two factors, so that neither leaves the range of normal numbers
            IntVector bits = t.reinterpretAsInts().sub(ROUND_BITS);
            IntVector half = bits.lanewise(VectorOperators.ASHR, 1);
            p.mul(powerOfTwo(half)).mul(powerOfTwo(bits.sub(half))).intoArray(o, io + i);
        }
    }

    /** {@code x c + y}, rounded once. */
    private static FloatVector combine(FloatVector x, float c, FloatVector y) {
        return x.fma(FloatVector.broadcast(S, c), y);
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector expPolynomial(FloatVector r) {
        FloatVector p = next(FloatVector.broadcast(S, 1.9875691500e-4f), r, 1.3981999507e-3f);
        p = next(p, r, 8.3334519073e-3f);
        p = next(p, r, 4.1665795894e-2f);
        p = next(p, r, 1.6666665459e-1f);
        p = next(p, r, 5.0000001201e-1f);
        return p.fma(r.mul(r), r).add(1f);
    }

    /** ln x = e ln 2 + ln m with m between sqrt(1/2) and sqrt(2), for positive finite x. */
    private static void logOfPositive(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits = x.blend(x.mul(8388608f), tiny).reinterpretAsInts();
            IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            FloatVector exponent = e.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
            exponent = exponent.blend(exponent.sub(23f), tiny);
            FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector z = f.mul(f);
            FloatVector y = combine(exponent, LN2_LOW, logPolynomial(f).mul(f.mul(z)));
            y = combine(exponent, LN2_HIGH, f.add(combine(z, -0.5f, y)));
            y.intoArray(o, io + i);
        }
    }

    private static FloatVector logPolynomial(FloatVector f) {
        FloatVector p = next(FloatVector.broadcast(S, 7.0376836292e-2f), f, -1.1514610310e-1f);
        p = next(p, f, 1.1676998740e-1f);
        p = next(p, f, -1.2420140846e-1f);
        p = next(p, f, 1.4249322787e-1f);
        p = next(p, f, -1.6668057665e-1f);
        p = next(p, f, 2.0000714765e-1f);
        p = next(p, f, -2.4999993993e-1f);
        return next(p, f, 3.3333331174e-1f);
    }

    /** y, but for logarithms of 0, negative numbers, infinity and NaN. */
    private static FloatVector logSpecial(FloatVector x, FloatVector y) {
        FloatVector v = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        v = v.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
        v = v.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        return v.blend(x, x.compare(VectorOperators.NE, x));
    }

    /** The logarithm, then its corner cases. */
    private static final List<Loops.Binary<float[]>> LOG =
            List.of((a, ia, u, iu, o, io, n) -> logOfPositive(a, ia, o, io, n), (a, ia, logs, il, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    logSpecial(at(a, ia + i), at(logs, il + i)).intoArray(o, io + i);
                }
            });

    /** ln u + (x - (u - 1)) / u with u = 1 + x rounded: the second term is what rounding lost. */
    private static final List<Loops.Binary<float[]>> LOG1P = List.of(
            (a, ia, u, iu, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    at(a, ia + i).add(1f).intoArray(o, io + i);
                }
            },
            (a, ia, u, iu, o, io, n) -> logOfPositive(u, iu, o, io, n),
            (a, ia, logs, il, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    FloatVector x = at(a, ia + i);
                    FloatVector u = x.add(1f);
                    FloatVector lost = x.sub(u.sub(1f)).div(u);
                    FloatVector y = logSpecial(u, at(logs, il + i));
                    y = y.blend(y.add(lost), lost.abs().compare(VectorOperators.LT, 1f)); // NaN at -1 and infinity
                    y.blend(x, u.compare(VectorOperators.EQ, 1f)).intoArray(o, io + i);
                }
            });

    /** A polynomial below 0.625, else 1 - 2 / (e^2|x| + 1) with the sign of x. */
    private static final List<Loops.Binary<float[]>> TANH = List.of(
            (a, ia, v, iv, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    at(a, ia + i).abs().mul(2f).intoArray(o, io + i);
                }
            },
            (a, ia, v, iv, o, io, n) -> exp(v, iv, o, io, n),
            (a, ia, powers, ip, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    FloatVector x = at(a, ia + i);
                    FloatVector large = FloatVector.broadcast(S, -2f)
                            .div(at(powers, ip + i).add(1f))
                            .add(1f);
                    large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
                    large.blend(smallTanh(x), x.abs().compare(VectorOperators.LT, 0.625f))
                            .intoArray(o, io + i);
                }
            });

    /** 1 / (1 + z) or z / (1 + z) with z = e^-|x|, which cannot overflow. */
    private static final List<Loops.Binary<float[]>> SIGMOID = List.of(
            (a, ia, v, iv, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    at(a, ia + i).abs().neg().intoArray(o, io + i);
                }
            },
            (a, ia, v, iv, o, io, n) -> exp(v, iv, o, io, n),
            (a, ia, powers, ip, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    FloatVector z = at(powers, ip + i);
                    FloatVector one = FloatVector.broadcast(S, 1f);
                    VectorMask<Float> negative = at(a, ia + i).compare(VectorOperators.LT, 0f);
                    one.blend(z, negative).div(z.add(1f)).intoArray(o, io + i);
                }
            });

    private static FloatVector smallTanh(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector p = next(FloatVector.broadcast(S, -5.70498872745e-3f), z, 2.06390887954e-2f);
        p = next(p, z, -5.37397155531e-2f);
        p = next(p, z, 1.33314422036e-1f);
        p = next(p, z, -3.33332819422e-1f);
        return p.mul(z).fma(x, x);
    }

    static void log(float[] a, int ia, float[] o, int io, int n) {
        passes(LOG, a, ia, o, io, n);
    }

    static void log1p(float[] a, int ia, float[] o, int io, int n) {
        passes(LOG1P, a, ia, o, io, n);
    }

    static void tanh(float[] a, int ia, float[] o, int io, int n) {
        passes(TANH, a, ia, o, io, n);
    }

    static void sigmoid(float[] a, int ia, float[] o, int io, int n) {
        passes(SIGMOID, a, ia, o, io, n);
    }

    /** Loops over (input, scratch), the last into the output. One call site for all keeps them from being inlined into one method. */
    private static void passes(List<Loops.Binary<float[]>> loops, float[] a, int ia, float[] o, int io, int n) {
        float[] scratch = BLOCK.get();
        for (int done = 0; done < n; done += SCRATCH) {
            int count = Math.min(SCRATCH, n - done);
            for (int p = 0; p < loops.size(); p++) {
                boolean last = p == loops.size() - 1;
                loops.get(p).run(a, ia + done, scratch, 0, last ? o : scratch, last ? io + done : 0, count);
            }
        }
    }
}
