package org.clgrad.backend.cpu;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Powers of floats, in double, within 1 unit in the last place: e^(y ln x) for positive finite x and finite y; the rest goes
 * through {@link Scalars#pow}.
 */
final class VectorPower {
    private static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));
    private static final long BIAS = 1024L << 52; // keeps exponents positive: a logical shift will do
    private static final long ROUND_BITS = Double.doubleToRawLongBits(VectorDoubles.ROUND);
    private static final double LN2 = 0.6931471805599453;
    private static final double RANGE = 200; // e^200 is no float any more

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private VectorPower() {}

    static void pow(float[] a, int ia, float[] b, int ib, float[] o, int io, int n) {
        double[] x = VectorDoubles.scratch();
        for (int i = 0; i < n; i += VectorDoubles.SCRATCH) {
            int count = Math.min(VectorDoubles.SCRATCH, n - i);
            float[] bases = null; // kept where needed, as o may be a or b
            float[] exponents = null;
            if (anySpecial(a, ia + i, b, ib + i, count)) {
                bases = Arrays.copyOfRange(a, ia + i, ia + i + count);
                exponents = Arrays.copyOfRange(b, ib + i, ib + i + count);
            }
            VectorDoubles.widen(a, ia + i, x, 0, count);
            VectorDoubles.widen(b, ib + i, x, VectorDoubles.SCRATCH, count);
            logs(x, count);
            powers(x, count);
            VectorDoubles.narrow(x, 0, o, io + i, count);
            for (int k = 0; bases != null && exponents != null && k < count; k++) {
                if (isSpecial(bases[k], exponents[k])) {
                    o[io + i + k] = (float) Scalars.pow(bases[k], exponents[k]);
                }
            }
        }
    }

    private static boolean isSpecial(float x, float y) {
        return !(x > 0 && x < Float.POSITIVE_INFINITY && Math.abs(y) < Float.POSITIVE_INFINITY);
    }

    private static boolean anySpecial(float[] a, int ia, float[] b, int ib, int n) {
        for (int i = 0; i < n; i += S.length()) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector y = FloatVector.fromArray(S, b, ib + i);
            // x - x is 0 for finite x only
            boolean finite =
                    !x.sub(x).add(y.sub(y)).compare(VectorOperators.NE, 0).anyTrue();
            if (!finite || x.compare(VectorOperators.LE, 0).anyTrue()) {
                return true;
            }
        }
        return false;
    }

    /** In place: ln x = e ln 2 + 2 artanh f with f = (m - 1) / (m + 1), m between sqrt(1/2) and sqrt(2); relative error 2^-38. */
    private static void logs(double[] a, int n) {
        for (int i = 0; i < n; i += VectorDoubles.LANES) {
            LongVector bits = VectorDoubles.at(a, i).reinterpretAsLongs();
            LongVector e = bits.add(BIAS - SQRT_HALF_BITS)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1024);
            DoubleVector exponent = e.add(ROUND_BITS).reinterpretAsDoubles().sub(VectorDoubles.ROUND);
            DoubleVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            DoubleVector f = m.sub(1).div(m.add(1));
            artanh(f.mul(f)).mul(f).add(exponent.mul(LN2)).intoArray(a, i);
        }
    }

    /** 2 artanh(f) / f by Taylor's series in z = f^2. */
    private static DoubleVector artanh(DoubleVector z) {
        DoubleVector p = z.mul(2.0 / 13).add(2.0 / 11);
        p = p.mul(z).add(2.0 / 9);
        p = p.mul(z).add(2.0 / 7);
        p = p.mul(z).add(2.0 / 5);
        p = p.mul(z).add(2.0 / 3);
        return p.mul(z).add(2);
    }

    /** In place of the logarithms, which y follow in the next block: e^(y log) = 2^n e^r; relative error 2^-36. */
    private static void powers(double[] logs, int n) {
        for (int i = 0; i < n; i += VectorDoubles.LANES) {
            DoubleVector x = VectorDoubles.at(logs, i).mul(VectorDoubles.at(logs, VectorDoubles.SCRATCH + i));
            DoubleVector v = x.blend(RANGE, x.compare(VectorOperators.GT, RANGE));
            v = v.blend(-RANGE, v.compare(VectorOperators.LT, -RANGE));
            DoubleVector t = v.mul(1.4426950408889634).add(VectorDoubles.ROUND);
            DoubleVector p = expPolynomial(v.sub(t.sub(VectorDoubles.ROUND).mul(LN2)));
            LongVector scale = t.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            p.reinterpretAsLongs().add(scale).reinterpretAsDoubles().intoArray(logs, i);
        }
    }

    private static DoubleVector expPolynomial(DoubleVector r) {
        DoubleVector p = r.mul(1.0 / 362880).add(1.0 / 40320);
        p = p.mul(r).add(1.0 / 5040);
        p = p.mul(r).add(1.0 / 720);
        p = p.mul(r).add(1.0 / 120);
        p = p.mul(r).add(1.0 / 24);
        p = p.mul(r).add(1.0 / 6);
        p = p.mul(r).add(0.5);
        p = p.mul(r).add(1);
        return p.mul(r).add(1);
    }
}
