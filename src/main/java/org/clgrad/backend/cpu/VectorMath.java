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
    private static final int NEAR_BITS = Float.floatToRawIntBits(87f);
    private static final int SQRT_HALF_BITS = 0x3f3504f3;
    private static final int SCRATCH = 1024;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final VectorSpecies<Integer> INTS = S.vectorShape().withLanes(int.class);

    private static final ThreadLocal<float[]> BLOCKS = ThreadLocal.withInitial(() -> new float[2 * SCRATCH]);

    private final Loops.Unary<float[]> expFar = Apart.unary(VectorMath::expFar);

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    /** {@code p x + c}, rounded once: a step of Horner's scheme. */
    static FloatVector next(FloatVector p, FloatVector x, float c) {
        return p.fma(x, FloatVector.broadcast(S, c));
    }

    /** e^x, for all x if there are numbers among them for which the shorter loop will not do. */
    void exp(float[] a, int ia, float[] o, int io, int n) {
        boolean mayOverwrite = a == o && Math.abs(ia - io) < n;
        if (mayOverwrite && largest(a, ia, n) > NEAR_BITS || expNear(a, ia, o, io, n) > NEAR_BITS) {
            expFar.run(a, ia, o, io, n);
        }
    }

    /** The largest |x|, as bits: these are in the order of such numbers, and NaN is above all. */
    private static int largest(float[] a, int ia, int n) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            largest = largest.max(at(a, ia + i).abs().reinterpretAsInts());
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    /** e^x where both it and x are far from the ends of the normal numbers: 2^n is added to the exponent. Returns the largest |x|, as bits. */
    private static int expNear(float[] a, int ia, float[] o, int io, int n) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            largest = largest.max(x.abs().reinterpretAsInts());
            FloatVector t = next(x, FloatVector.broadcast(S, LOG2_E), ROUND);
            IntVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            expOfRest(x, t).reinterpretAsInts().add(scale).reinterpretAsFloats().intoArray(o, io + i);
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    /** e^x for all x, the same bits. From 89 on all is infinity; from -176 down 2^n is 0, so that no product takes the time of one that underflows. */
    private static void expFar(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            FloatVector v = atMost(atMost(x, 89f).neg(), 176f).neg();
            FloatVector t = next(v, FloatVector.broadcast(S, LOG2_E), ROUND);
            // 2^n in two factors, so that neither leaves the range of normal numbers
            IntVector biased = t.reinterpretAsInts().add(2 * 127);
            IntVector half = biased.lanewise(VectorOperators.LSHR, 1);
            FloatVector y = expOfRest(v, t).mul(powerOfTwo(half)).mul(powerOfTwo(biased.sub(half)));
            y.blend(x, x.compare(VectorOperators.NE, x)).intoArray(o, io + i);
        }
    }

    /**
     * The lesser of {@code x} and {@code end}, which is positive and what positive NaN becomes too: the bits of floats, as integers, are in the order of the
     * floats where one is positive.
     */
    static FloatVector atMost(FloatVector x, float end) {
        return x.reinterpretAsInts().min(Float.floatToRawIntBits(end)).reinterpretAsFloats();
    }

    /** {@code x c + y}, rounded once. */
    private static FloatVector combine(FloatVector x, float c, FloatVector y) {
        return x.fma(FloatVector.broadcast(S, c), y);
    }

    /** The float whose exponent, with its bias of 127, is the last eight bits of each number. */
    private static FloatVector powerOfTwo(IntVector biased) {
        return biased.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** e^r of e^x = 2^n e^r, where |r| is at most ln(2) / 2, and the last bits of t are n. */
    private static FloatVector expOfRest(FloatVector x, FloatVector t) {
        FloatVector whole = t.sub(ROUND);
        FloatVector r = combine(whole, -LN2_LOW, combine(whole, -LN2_HIGH, x));
        FloatVector r2 = r.mul(r);
        FloatVector p = next(FloatVector.broadcast(S, 1.9875691500e-4f), r, 1.3981999507e-3f);
        p = p.fma(r2, next(FloatVector.broadcast(S, 8.3334519073e-3f), r, 4.1665795894e-2f));
        p = p.fma(r2, next(FloatVector.broadcast(S, 1.6666665459e-1f), r, 5.0000001201e-1f));
        return p.fma(r2, r).add(1f);
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
    private final List<Loops.Binary<float[]>> log =
            List.of((a, ia, u, iu, o, io, n) -> logOfPositive(a, ia, o, io, n), (a, ia, logs, il, o, io, n) -> {
                for (int i = 0; i < n; i += L) {
                    logSpecial(at(a, ia + i), at(logs, il + i)).intoArray(o, io + i);
                }
            });

    /** ln u + (x - (u - 1)) / u with u = 1 + x rounded: the second term is what rounding lost. */
    private final List<Loops.Binary<float[]>> log1p = List.of(
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
    private final List<Loops.Binary<float[]>> tanh = List.of(
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
    private final List<Loops.Binary<float[]>> sigmoid = List.of(
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

    void log(float[] a, int ia, float[] o, int io, int n) {
        passes(log, a, ia, o, io, n);
    }

    void log1p(float[] a, int ia, float[] o, int io, int n) {
        passes(log1p, a, ia, o, io, n);
    }

    void tanh(float[] a, int ia, float[] o, int io, int n) {
        passes(tanh, a, ia, o, io, n);
    }

    void sigmoid(float[] a, int ia, float[] o, int io, int n) {
        passes(sigmoid, a, ia, o, io, n);
    }

    /**
     * Loops over (input, what the last loop wrote), the last into the output. One call site for all keeps them from being inlined into one
     * method.
     */
    private static void passes(List<Loops.Binary<float[]>> loops, float[] a, int ia, float[] o, int io, int n) {
        float[] scratch = BLOCKS.get();
        for (int done = 0; done < n; done += SCRATCH) {
            int count = Math.min(SCRATCH, n - done);
            for (int p = 0; p < loops.size(); p++) {
                boolean last = p == loops.size() - 1;
                int read = p % 2 * SCRATCH;
                int write = SCRATCH - read;
                loops.get(p).run(a, ia + done, scratch, read, last ? o : scratch, last ? io + done : write, count);
            }
        }
    }
}
