package org.clgrad.backend.cpu;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sine and cosine of floats, in double, within 1 unit in the last place: x = q pi/2 + r, then the polynomial of sin r or
 * cos r with the sign of the quadrant. Arguments beyond 2^30, infinities and NaN go through {@link Math}.
 */
final class VectorTrigonometry {
    private static final float LARGEST = 1 << 30;
    private static final double HALF_PI_HIGH = 1.5707963267948966;
    private static final double HALF_PI_LOW = 6.123233995736766e-17;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private VectorTrigonometry() {}

    static void sin(float[] a, int ia, float[] o, int io, int n) {
        sinOfQuadrants(0, a, ia, o, io, n);
    }

    static void cos(float[] a, int ia, float[] o, int io, int n) {
        sinOfQuadrants(1, a, ia, o, io, n);
    }

    /** sin(x + quadrants pi/2). */
    private static void sinOfQuadrants(int quadrants, float[] a, int ia, float[] o, int io, int n) {
        double[] scratch = VectorDoubles.scratch();
        for (int i = 0; i < n; i += VectorDoubles.SCRATCH) {
            int count = Math.min(VectorDoubles.SCRATCH, n - i);
            float[] kept = null; // where needed, as o may be a
            if (anyLarge(a, ia + i, count)) {
                kept = Arrays.copyOfRange(a, ia + i, ia + i + count);
            }
            VectorDoubles.widen(a, ia + i, scratch, 0, count);
            // two short loops: the compiler gives up on the inlining of one long one
            reduce(quadrants, scratch, count);
            evaluate(scratch, count);
            VectorDoubles.narrow(scratch, 0, o, io + i, count);
            for (int k = 0; kept != null && k < count; k++) {
                if (isLarge(kept[k])) {
                    o[io + i + k] = (float) (quadrants == 0 ? Math.sin(kept[k]) : Math.cos(kept[k]));
                }
            }
        }
    }

    private static boolean isLarge(float x) {
        return !(Math.abs(x) <= LARGEST);
    }

    private static boolean anyLarge(float[] a, int ia, int n) {
        for (int i = 0; i < n; i += S.length()) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i).abs();
            if (x.compare(VectorOperators.GT, LARGEST).anyTrue()
                    || x.compare(VectorOperators.NE, x).anyTrue()) {
                return true;
            }
        }
        return false;
    }

    /** r in place of x in the first block, the quadrant, -2 .. 2, into the second. */
    private static void reduce(int quadrants, double[] scratch, int n) {
        for (int i = 0; i < n; i += VectorDoubles.LANES) {
            DoubleVector x = VectorDoubles.at(scratch, i);
            DoubleVector q = x.mul(2 / Math.PI).add(VectorDoubles.ROUND).sub(VectorDoubles.ROUND);
            DoubleVector r = q.fma(DoubleVector.broadcast(VectorDoubles.D, -HALF_PI_HIGH), x);
            q.fma(DoubleVector.broadcast(VectorDoubles.D, -HALF_PI_LOW), r).intoArray(scratch, i);
            DoubleVector m = q.add(quadrants);
            m.sub(m.mul(0.25).add(VectorDoubles.ROUND).sub(VectorDoubles.ROUND).mul(4))
                    .intoArray(scratch, VectorDoubles.SCRATCH + i);
        }
    }

    /** The sine in place of r. */
    private static void evaluate(double[] scratch, int n) {
        for (int i = 0; i < n; i += VectorDoubles.LANES) {
            DoubleVector r = VectorDoubles.at(scratch, i);
            DoubleVector m = VectorDoubles.at(scratch, VectorDoubles.SCRATCH + i);
            DoubleVector z = r.mul(r);
            DoubleVector y = sin(r, z).blend(cos(z), m.abs().compare(VectorOperators.EQ, 1));
            y = y.blend(y.neg(), m.compare(VectorOperators.LT, 0));
            y.blend(y.neg(), m.compare(VectorOperators.EQ, 2)).intoArray(scratch, i);
        }
    }

    /** Taylor's series to r^11; z = r^2. A product at the end, so that zero keeps its sign. */
    private static DoubleVector sin(DoubleVector r, DoubleVector z) {
        DoubleVector s = z.mul(-1.0 / 39916800).add(1.0 / 362880);
        s = s.mul(z).add(-1.0 / 5040);
        s = s.mul(z).add(1.0 / 120);
        s = s.mul(z).add(-1.0 / 6);
        return s.mul(z).add(1).mul(r);
    }

    /** Taylor's series to r^12; z = r^2. */
    private static DoubleVector cos(DoubleVector z) {
        DoubleVector c = z.mul(1.0 / 479001600).add(-1.0 / 3628800);
        c = c.mul(z).add(1.0 / 40320);
        c = c.mul(z).add(-1.0 / 720);
        c = c.mul(z).add(1.0 / 24);
        c = c.mul(z).add(-0.5);
        return c.mul(z).add(1);
    }
}
