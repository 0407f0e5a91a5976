package org.clgrad.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sine and cosine of floats, in double, within 1 unit in the last place: x = q pi/2 + r, then the polynomial of sin r or
 * cos r with the sign of the quadrant. Arguments beyond 2^30, infinities and NaN go through {@link Math}.
 */
final class VectorTrigonometry {
    private static final double LARGEST = 1 << 30;
    private static final double HALF_PI_HIGH = 1.5707963267948966;
    private static final double HALF_PI_LOW = 6.123233995736766e-17;

    private VectorTrigonometry() {}

    static void sin(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += VectorDoubles.LANES) {
            DoubleVector x = VectorDoubles.load(a, ia + i);
            DoubleVector y = sinOfQuadrants(x, 0);
            VectorMask<Double> odd =
                    x.abs().compare(VectorOperators.LE, LARGEST).not();
            VectorDoubles.store(y, o, io + i);
            if (odd.anyTrue()) {
                double[] lanes = x.toArray();
                for (int k = 0; k < lanes.length; k++) {
                    if (odd.laneIsSet(k)) {
                        o[io + i + k] = (float) Math.sin(lanes[k]);
                    }
                }
            }
        }
    }

    static void cos(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += VectorDoubles.LANES) {
            DoubleVector x = VectorDoubles.load(a, ia + i);
            DoubleVector y = sinOfQuadrants(x, 1);
            VectorMask<Double> odd =
                    x.abs().compare(VectorOperators.LE, LARGEST).not();
            VectorDoubles.store(y, o, io + i);
            if (odd.anyTrue()) {
                double[] lanes = x.toArray();
                for (int k = 0; k < lanes.length; k++) {
                    if (odd.laneIsSet(k)) {
                        o[io + i + k] = (float) Math.cos(lanes[k]);
                    }
                }
            }
        }
    }

    /** sin(x + quadrants pi/2). */
    private static DoubleVector sinOfQuadrants(DoubleVector x, int quadrants) {
        DoubleVector q = x.mul(2 / Math.PI).add(VectorDoubles.ROUND).sub(VectorDoubles.ROUND);
        DoubleVector r = q.fma(DoubleVector.broadcast(VectorDoubles.D, -HALF_PI_HIGH), x);
        r = q.fma(DoubleVector.broadcast(VectorDoubles.D, -HALF_PI_LOW), r);
        DoubleVector z = r.mul(r);
        DoubleVector s = z.mul(-1.0 / 39916800).add(1.0 / 362880);
        s = s.mul(z).add(-1.0 / 5040);
        s = s.mul(z).add(1.0 / 120);
        s = s.mul(z).add(-1.0 / 6);
        s = s.mul(z).mul(r).add(r);
        DoubleVector c = z.mul(1.0 / 479001600).add(-1.0 / 3628800);
        c = c.mul(z).add(1.0 / 40320);
        c = c.mul(z).add(-1.0 / 720);
        c = c.mul(z).add(1.0 / 24);
        c = c.mul(z).add(-0.5);
        c = c.mul(z).add(1);
        DoubleVector m = q.add(quadrants);
        m = m.sub(m.mul(0.25).add(VectorDoubles.ROUND).sub(VectorDoubles.ROUND).mul(4)); // -2 .. 2
        DoubleVector y = s.blend(c, m.abs().compare(VectorOperators.EQ, 1));
        y = y.blend(y.neg(), m.compare(VectorOperators.LT, 0));
        return y.blend(y.neg(), m.compare(VectorOperators.EQ, 2));
    }
}
