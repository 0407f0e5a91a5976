package org.clgrad.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Powers of floats, in double, within 1 unit in the last place: e^(y ln x) for positive finite x and finite y; the rest goes
 * through {@link Scalars#pow}.
 */
final class VectorPower {
    private static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));
    private static final long BIAS = 1024L << 52; // keeps exponents positive: a logical shift will do
    private static final long ROUND_BITS = Double.doubleToRawLongBits(VectorDoubles.ROUND);
    private static final double LN2_HIGH = 0.6931471805599453;
    private static final double LN2_LOW = 2.3190468138462996e-17;
    private static final double RANGE = 200; // e^200 is no float any more

    private VectorPower() {}

    static void pow(float[] a, int ia, float[] b, int ib, float[] o, int io, int n) {
        for (int i = 0; i < n; i += VectorDoubles.LANES) {
            DoubleVector x = VectorDoubles.load(a, ia + i);
            DoubleVector y = VectorDoubles.load(b, ib + i);
            VectorMask<Double> odd = x.compare(VectorOperators.GT, 0)
                    .and(x.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .and(y.abs().compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .not();
            VectorDoubles.store(exp(log(x).mul(y)), o, io + i);
            if (odd.anyTrue()) {
                double[] bases = x.toArray();
                double[] exponents = y.toArray();
                for (int k = 0; k < bases.length; k++) {
                    if (odd.laneIsSet(k)) {
                        o[io + i + k] = (float) Scalars.pow(bases[k], exponents[k]);
                    }
                }
            }
        }
    }

    /** ln x = e ln 2 + 2 artanh f with f = (m - 1) / (m + 1), m between sqrt(1/2) and sqrt(2); relative error 2^-38. */
    private static DoubleVector log(DoubleVector x) {
        LongVector bits = x.reinterpretAsLongs();
        LongVector e = bits.sub(SQRT_HALF_BITS)
                .add(BIAS)
                .lanewise(VectorOperators.LSHR, 52)
                .sub(1024);
        DoubleVector exponent = e.add(ROUND_BITS).reinterpretAsDoubles().sub(VectorDoubles.ROUND);
        DoubleVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
        DoubleVector f = m.sub(1).div(m.add(1));
        DoubleVector z = f.mul(f);
        DoubleVector p = z.mul(2.0 / 13).add(2.0 / 11);
        p = p.mul(z).add(2.0 / 9);
        p = p.mul(z).add(2.0 / 7);
        p = p.mul(z).add(2.0 / 5);
        p = p.mul(z).add(2.0 / 3);
        p = p.mul(z).add(2);
        return p.mul(f).add(exponent.mul(LN2_HIGH));
    }

    /** e^x = 2^n e^r; relative error 2^-36. */
    private static DoubleVector exp(DoubleVector x) {
        DoubleVector v = x.blend(RANGE, x.compare(VectorOperators.GT, RANGE));
        v = v.blend(-RANGE, v.compare(VectorOperators.LT, -RANGE));
        DoubleVector t = v.mul(1.4426950408889634).add(VectorDoubles.ROUND);
        DoubleVector n = t.sub(VectorDoubles.ROUND);
        DoubleVector r = v.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
        DoubleVector p = r.mul(1.0 / 362880).add(1.0 / 40320);
        p = p.mul(r).add(1.0 / 5040);
        p = p.mul(r).add(1.0 / 720);
        p = p.mul(r).add(1.0 / 120);
        p = p.mul(r).add(1.0 / 24);
        p = p.mul(r).add(1.0 / 6);
        p = p.mul(r).add(0.5);
        p = p.mul(r).add(1);
        p = p.mul(r).add(1);
        LongVector scale = t.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
        return p.reinterpretAsLongs().add(scale).reinterpretAsDoubles();
    }
}
