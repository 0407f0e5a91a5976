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
    private static final int SIGN_BIT = 0x80000000;
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN2 = 0.693147182f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final int SQRT_HALF_BITS = 0x3f3504f3;
    private static final int NEAR_BITS = Float.floatToRawIntBits(87f); // e^x and e^-x are normal numbers
    private static final int INFINITY_BITS = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final int MIN_NORMAL_BITS = Float.floatToRawIntBits(Float.MIN_NORMAL);

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final VectorSpecies<Integer> INTS = S.vectorShape().withLanes(int.class);

    private VectorMath() {}

    static Loops.Unary<float[]> exp() {
        return new Shortcut(VectorMath::expNear, VectorMath::expFar);
    }

    static Loops.Unary<float[]> log() {
        return new Shortcut(
                VectorMath::logOfNormal,
                new Passes(List.of(
                        (a, ia, none, in, o, io, n) -> logOfPositive(a, ia, o, io, n), VectorMath::logOfSpecial)));
    }

    /** ln u + (x - (u - 1)) / u with u = 1 + x rounded: the second term is what rounding lost. In one loop it is too much for the compiler. */
    static Loops.Unary<float[]> log1p() {
        Loops.Attempt<float[]> logs = Apart.attempt(VectorMath::logOfOneMore);
        Loops.Binary<float[]> withLost = Apart.binary(VectorMath::addLost);
        return new Shortcut(
                (a, ia, o, io, n) -> {
                    boolean isExact = logs.run(a, ia, o, io, n);
                    withLost.run(a, ia, o, io, o, io, n);
                    return isExact;
                },
                new Passes(List.of(
                        (a, ia, none, in, o, io, n) -> logOfOneMore(a, ia, o, io, n), VectorMath::log1pOfSpecial)));
    }

    /** 1 / (1 + z) or z / (1 + z) with z = e^-|x|, which cannot overflow. */
    static Loops.Unary<float[]> sigmoid() {
        return new Shortcut(
                VectorMath::sigmoidNear,
                new Passes(List.of(
                        (a, ia, none, in, o, io, n) -> timesSize(-1, a, ia, o, io, n),
                        (a, ia, v, iv, o, io, n) -> expFar(v, iv, o, io, n),
                        VectorMath::sigmoidOfPower)));
    }

    /** A polynomial below 0.625, else 1 - 2 / (e^2|x| + 1) with the sign of x. */
    static Loops.Unary<float[]> tanh() {
        return new Shortcut(
                VectorMath::tanhNear,
                new Passes(List.of(
                        (a, ia, none, in, o, io, n) -> timesSize(2, a, ia, o, io, n),
                        (a, ia, v, iv, o, io, n) -> expFar(v, iv, o, io, n),
                        VectorMath::tanhOfPower)));
    }

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    /** {@code p x + c}, rounded once: a step of Horner's scheme. */
    static FloatVector next(FloatVector p, FloatVector x, float c) {
        return p.fma(x, FloatVector.broadcast(S, c));
    }

    /** {@code x c + y}, rounded once. */
    private static FloatVector combine(FloatVector x, float c, FloatVector y) {
        return x.fma(FloatVector.broadcast(S, c), y);
    }

    /**
     * The lesser of {@code x} and {@code end}, which is positive. Floats of which one is positive are in the order of their bits as integers, so
     * positive NaN becomes {@code end}, and negative NaN stays.
     */
    static FloatVector atMost(FloatVector x, float end) {
        return x.reinterpretAsInts().min(Float.floatToRawIntBits(end)).reinterpretAsFloats();
    }

    private static boolean expNear(float[] a, int ia, float[] o, int io, int n) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            largest = largest.max(x.abs().reinterpretAsInts());
            expOfNear(x).intoArray(o, io + i);
        }
        return areNear(largest);
    }

    /** Whether all numbers are, if these are the bits of the largest sizes. */
    static boolean areNear(IntVector largest) {
        return largest.reduceLanes(VectorOperators.MAX) <= NEAR_BITS;
    }

    /** e^x for |x| up to 87: 2^n is added to the exponent. */
    static FloatVector expOfNear(FloatVector x) {
        FloatVector t = next(x, FloatVector.broadcast(S, LOG2_E), ROUND);
        IntVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return expOfRest(x, t).reinterpretAsInts().add(scale).reinterpretAsFloats();
    }

    /**
     * The same bits as {@link #expNear}, for all x. From 89 on e^x is infinity; from -176 down 2^n is 0, so that no product takes the time of one
     * that underflows.
     */
    static void expFar(float[] a, int ia, float[] o, int io, int n) {
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

    /** ln x of positive normal numbers. */
    private static boolean logOfNormal(float[] a, int ia, float[] o, int io, int n) {
        IntVector least = IntVector.broadcast(INTS, INFINITY_BITS);
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            IntVector bits = at(a, ia + i).reinterpretAsInts();
            least = least.min(bits);
            largest = largest.max(bits);
            logOf(bits).intoArray(o, io + i);
        }
        return areNormal(least, largest);
    }

    /** Whether all are bits of positive normal numbers, if these are the least and the largest. */
    private static boolean areNormal(IntVector least, IntVector largest) {
        return least.reduceLanes(VectorOperators.MIN) >= MIN_NORMAL_BITS
                && largest.reduceLanes(VectorOperators.MAX) < INFINITY_BITS;
    }

    /** ln x of positive finite numbers, with the same bits. */
    private static void logOfPositive(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits = x.blend(x.mul(8388608f), tiny).reinterpretAsInts();
            IntVector e = exponent(bits);
            FloatVector exponent = toFloats(e);
            logOf(bits, e, exponent.blend(exponent.sub(23f), tiny)).intoArray(o, io + i);
        }
    }

    /** e of x = 2^e m, m between sqrt(1/2) and sqrt(2). */
    private static IntVector exponent(IntVector bits) {
        return bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    }

    /** Small integers as floats. */
    private static FloatVector toFloats(IntVector e) {
        return e.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
    }

    private static FloatVector logOf(IntVector bits) {
        IntVector e = exponent(bits);
        return logOf(bits, e, toFloats(e));
    }

    /** ln x = exponent ln 2 + ln m with m = 2^-e x. */
    private static FloatVector logOf(IntVector bits, IntVector e, FloatVector exponent) {
        FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector z = f.mul(f);
        FloatVector p = next(FloatVector.broadcast(S, 7.0376836292e-2f), f, -1.1514610310e-1f);
        p = p.fma(z, next(FloatVector.broadcast(S, 1.1676998740e-1f), f, -1.2420140846e-1f));
        p = p.fma(z, next(FloatVector.broadcast(S, 1.4249322787e-1f), f, -1.6668057665e-1f));
        p = p.fma(z, next(FloatVector.broadcast(S, 2.0000714765e-1f), f, -2.4999993993e-1f));
        p = next(next(p, f, 3.3333331174e-1f), f, -0.5f);
        return combine(exponent, LN2, p.fma(z, f));
    }

    /** Logarithms as they are, but for those of 0, negative numbers, infinity and NaN. */
    private static void logOfSpecial(float[] a, int ia, float[] logs, int il, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            logOfSpecial(at(a, ia + i), at(logs, il + i)).intoArray(o, io + i);
        }
    }

    private static FloatVector logOfSpecial(FloatVector x, FloatVector y) {
        FloatVector v = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        v = v.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
        v = v.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        return v.blend(x, x.compare(VectorOperators.NE, x));
    }

    /** ln u where u = 1 + x is positive and finite, and so normal. */
    private static boolean logOfOneMore(float[] a, int ia, float[] o, int io, int n) {
        IntVector least = IntVector.broadcast(INTS, INFINITY_BITS);
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            IntVector bits = at(a, ia + i).add(1f).reinterpretAsInts();
            least = least.min(bits);
            largest = largest.max(bits);
            logOf(bits).intoArray(o, io + i);
        }
        return areNormal(least, largest);
    }

    private static void addLost(float[] a, int ia, float[] logs, int il, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            FloatVector u = x.add(1f);
            FloatVector y = at(logs, il + i).add(lost(x, u));
            y.blend(x, u.compare(VectorOperators.EQ, 1f)).intoArray(o, io + i);
        }
    }

    private static FloatVector lost(FloatVector x, FloatVector u) {
        return x.sub(u.sub(1f)).div(u);
    }

    private static void log1pOfSpecial(float[] a, int ia, float[] logs, int il, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            FloatVector u = x.add(1f);
            FloatVector lost = lost(x, u);
            FloatVector y = logOfSpecial(u, at(logs, il + i));
            y = y.blend(y.add(lost), lost.abs().compare(VectorOperators.LT, 1f)); // NaN at -1 and infinity
            y.blend(x, u.compare(VectorOperators.EQ, 1f)).intoArray(o, io + i);
        }
    }

    /** {@code factor |x|}. */
    private static void timesSize(float factor, float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            at(a, ia + i).abs().mul(factor).intoArray(o, io + i);
        }
    }

    private static boolean sigmoidNear(float[] a, int ia, float[] o, int io, int n) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            FloatVector size = x.abs();
            largest = largest.max(size.reinterpretAsInts());
            sigmoidOfPower(x, expOfNear(size.neg())).intoArray(o, io + i);
        }
        return areNear(largest);
    }

    private static void sigmoidOfPower(float[] a, int ia, float[] powers, int ip, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            sigmoidOfPower(at(a, ia + i), at(powers, ip + i)).intoArray(o, io + i);
        }
    }

    private static FloatVector sigmoidOfPower(FloatVector x, FloatVector z) {
        VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
        return FloatVector.broadcast(S, 1f).blend(z, negative).div(z.add(1f));
    }

    private static boolean tanhNear(float[] a, int ia, float[] o, int io, int n) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(a, ia + i);
            FloatVector twice = x.abs().mul(2f);
            largest = largest.max(twice.reinterpretAsInts());
            tanhOfPower(x, expOfNear(twice)).intoArray(o, io + i);
        }
        return areNear(largest);
    }

    private static void tanhOfPower(float[] a, int ia, float[] powers, int ip, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            tanhOfPower(at(a, ia + i), at(powers, ip + i)).intoArray(o, io + i);
        }
    }

    /** Of the size of x, with its sign, at zeros too. */
    private static FloatVector tanhOfPower(FloatVector x, FloatVector z) {
        FloatVector size = x.abs();
        FloatVector large = FloatVector.broadcast(S, -2f).div(z.add(1f)).add(1f);
        FloatVector y = large.blend(smallTanh(size), size.compare(VectorOperators.LT, 0.625f));
        IntVector sign = x.reinterpretAsInts().and(SIGN_BIT);
        return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    private static FloatVector smallTanh(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector p = next(FloatVector.broadcast(S, -5.70498872745e-3f), z, 2.06390887954e-2f);
        p = next(p, z, -5.37397155531e-2f);
        p = next(p, z, 1.33314422036e-1f);
        p = next(p, z, -3.33332819422e-1f);
        return p.mul(z).fma(x, x);
    }
}
