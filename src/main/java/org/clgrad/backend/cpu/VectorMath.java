package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponential functions and logarithms of float vectors, within 3 units in the last place. The Vector API's own EXP, LOG,
 * .. give other bits before a loop is compiled than after; these polynomials (Cephes, S. Moshier) are arithmetic only, and
 * repeat.
 */
final class VectorMath {
    private static final float ROUND = 12582912f; // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final int SQRT_HALF_BITS = 0x3f3504f3;

    private VectorMath() {}

    /** e^x = 2^n e^r with |r| at most ln(2) / 2; beyond -105 and 89 all is 0 and infinity. */
    static FloatVector exp(FloatVector x) {
        FloatVector v = x.blend(89f, x.compare(VectorOperators.GT, 89f));
        v = v.blend(-105f, v.compare(VectorOperators.LT, -105f));
        FloatVector t = v.mul(LOG2_E).add(ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector r = n.mul(-LN2_HIGH).add(v); // exact: n and LN2_HIGH are short
        r = n.mul(-LN2_LOW).add(r);
        FloatVector p = r.mul(1.9875691500e-4f).add(1.3981999507e-3f);
        p = p.mul(r).add(8.3334519073e-3f);
        p = p.mul(r).add(4.1665795894e-2f);
        p = p.mul(r).add(1.6666665459e-1f);
        p = p.mul(r).add(5.0000001201e-1f);
        p = p.mul(r.mul(r)).add(r).add(1f);
        // 2^n in two factors, so that neither leaves the range of normal numbers
        IntVector bits = t.reinterpretAsInts().sub(0x4b400000);
        IntVector half = bits.lanewise(VectorOperators.ASHR, 1);
        FloatVector high = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector low =
                bits.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return p.mul(high).mul(low);
    }

    /** ln x = e ln 2 + ln m with m between sqrt(1/2) and sqrt(2). */
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(8388608f), tiny).reinterpretAsInts();
        IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector exponent = e.add(0x4b400000).reinterpretAsFloats().sub(ROUND);
        exponent = exponent.blend(exponent.sub(23f), tiny);
        FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector z = f.mul(f);
        FloatVector y = logPolynomial(f).mul(f).mul(z);
        y = exponent.mul(LN2_LOW).add(y).sub(z.mul(0.5f));
        y = exponent.mul(LN2_HIGH).add(f.add(y));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        y = y.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
        y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        return y.blend(x, x.compare(VectorOperators.NE, x)); // NaN
    }

    private static FloatVector logPolynomial(FloatVector f) {
        FloatVector p = f.mul(7.0376836292e-2f).add(-1.1514610310e-1f);
        p = p.mul(f).add(1.1676998740e-1f);
        p = p.mul(f).add(-1.2420140846e-1f);
        p = p.mul(f).add(1.4249322787e-1f);
        p = p.mul(f).add(-1.6668057665e-1f);
        p = p.mul(f).add(2.0000714765e-1f);
        p = p.mul(f).add(-2.4999993993e-1f);
        return p.mul(f).add(3.3333331174e-1f);
    }

    /** ln u + (x - (u - 1)) / u with u = 1 + x rounded: the second term is what rounding lost. */
    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(1f);
        FloatVector lost = x.sub(u.sub(1f)).div(u);
        FloatVector y = log(u);
        y = y.blend(y.add(lost), lost.abs().compare(VectorOperators.LT, 1f)); // not at -1 and infinity, where it is NaN
        return y.blend(x, u.compare(VectorOperators.EQ, 1f));
    }

    /** A polynomial below 0.625, else 1 - 2 / (e^2|x| + 1) with the sign of x. */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector z = x.mul(x);
        FloatVector p = z.mul(-5.70498872745e-3f).add(2.06390887954e-2f);
        p = p.mul(z).add(-5.37397155531e-2f);
        p = p.mul(z).add(1.33314422036e-1f);
        p = p.mul(z).add(-3.33332819422e-1f);
        FloatVector small = p.mul(z).mul(x).add(x);
        FloatVector large = exp(a.add(a)).add(1f);
        large = FloatVector.broadcast(x.species(), 2f).div(large).neg().add(1f);
        large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
        return large.blend(small, a.compare(VectorOperators.LT, 0.625f));
    }

    /** 1 / (1 + z) or z / (1 + z) with z = e^-|x|, which cannot overflow. */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector z = exp(x.abs().neg());
        FloatVector one = FloatVector.broadcast(x.species(), 1f);
        return one.blend(z, x.compare(VectorOperators.LT, 0f)).div(z.add(1f));
    }
}
