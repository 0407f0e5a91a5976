package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.VectorMath.next;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * GELU of floats and its derivative, without an exponential: the normal distribution P and the slope P(x) + x p(x) both run from 0 to 1
 * and have f(-x) = 1 - f(x), so two polynomials will do for each, through the Chebyshev nodes of their intervals.
 *
 * <pre>
 * |x| < 1.5   1/2 + x p(x x)
 * else        1 - q(|x| - middle) for positive x, q for negative, and q is 0 beyond the end
 * </pre>
 *
 * <p>The longer polynomial, q, is computed in pairs of coefficients, {@code p t^2 + (a t + b)}: its steps wait for one another only half as often.
 * P and the slope are within 2^-23 of the exact ones, about as they are when computed from erf and exp.
 */
final class VectorGelu {
    private static final float SPLIT = 1.5f;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorGelu() {}

    /** {@code x P(x)}. */
    static void gelu(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector size = x.abs();

            FloatVector z = x.mul(x);
            FloatVector p = FloatVector.broadcast(S, 4.1297773e-07f);
            p = next(p, z, -8.728009e-06f);
            p = next(p, z, 0.00011438129f);
            p = next(p, z, -0.001186518f);
            p = next(p, z, 0.009973257f);
            p = next(p, z, -0.06649034f);
            p = next(p, z, 0.3989423f);

            FloatVector t = size.sub(3.5f);
            FloatVector t2 = t.mul(t);
            FloatVector q = FloatVector.broadcast(S, 7.926491e-08f);
            q = q.fma(t2, next(FloatVector.broadcast(S, -2.636195e-07f), t, -9.632043e-07f));
            q = q.fma(t2, next(FloatVector.broadcast(S, 6.4985275e-06f), t, -1.05723375e-05f));
            q = q.fma(t2, next(FloatVector.broadcast(S, -2.241449e-05f), t, 0.00018125637f));
            q = q.fma(t2, next(FloatVector.broadcast(S, -0.00057758304f), t, 0.0011768612f));
            q = q.fma(t2, next(FloatVector.broadcast(S, -0.0016367495f), t, 0.001527245f));
            q = q.fma(t2, next(FloatVector.broadcast(S, -0.00087261805f), t, 0.00023262909f));
            FloatVector y = pick(x, size, p, q, 5.5f);
            x.mul(y).intoArray(o, io + i);
        }
    }

    /** {@code g (P(x) + x p(x))}; NaN for infinities, as infinity times 0 is. */
    static void backward(float[] g, int ig, float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector size = x.abs();

            FloatVector z = x.mul(x);
            FloatVector p = FloatVector.broadcast(S, -3.807776e-07f);
            p = next(p, z, 8.401006e-06f);
            p = next(p, z, -0.00011166375f);
            p = next(p, z, 0.001152632f);
            p = next(p, z, -0.00949766f);
            p = next(p, z, 0.059841074f);
            p = next(p, z, -0.2659615f);
            p = next(p, z, 0.7978846f);

            FloatVector t = size.sub(3.75f);
            FloatVector t2 = t.mul(t);
            FloatVector q = next(FloatVector.broadcast(S, 4.499441e-09f), t, 1.8707905e-08f);
            q = q.fma(t2, next(FloatVector.broadcast(S, -2.2903996e-07f), t, -4.7376016e-08f));
            q = q.fma(t2, next(FloatVector.broadcast(S, 3.803315e-06f), t, -8.470587e-06f));
            q = q.fma(t2, next(FloatVector.broadcast(S, -1.2617819e-05f), t, 0.00010374273f));
            q = q.fma(t2, next(FloatVector.broadcast(S, -0.000241529f), t, 0.0001275069f));
            q = q.fma(t2, next(FloatVector.broadcast(S, 0.000928109f), t, -0.0033608244f));
            q = q.fma(t2, next(FloatVector.broadcast(S, 0.0060716067f), t, -0.0066533308f));
            q = q.fma(t2, next(FloatVector.broadcast(S, 0.0042531807f), t, -0.0012337832f));
            FloatVector y = pick(x, size, p, q, 6f);
            x.fma(FloatVector.zero(S), y)
                    .mul(FloatVector.fromArray(S, g, ig + i))
                    .intoArray(o, io + i);
        }
    }

    /** The function's value, of both polynomials. */
    private static FloatVector pick(FloatVector x, FloatVector size, FloatVector p, FloatVector q, float end) {
        FloatVector rest = q.blend(0f, size.compare(VectorOperators.GT, end)); // NaN stays
        FloatVector large = FloatVector.broadcast(S, 1f).sub(rest).blend(rest, x.compare(VectorOperators.LT, 0f));
        return large.blend(next(p, x, 0.5f), size.compare(VectorOperators.LT, SPLIT));
    }
}
