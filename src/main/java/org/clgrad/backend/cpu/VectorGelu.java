package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.VectorMath.atMost;
import static org.clgrad.backend.cpu.VectorMath.next;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * GELU of floats and its derivative, without an exponential or a comparison. With P the normal distribution, p its density and
 * Q = 1 - P, both come from functions of s = |x| that go from 1/2 to 0, the second by way of -0.13:
 *
 * <pre>
 * x P(x)         =  x / 2 + |x| (1/2 - Q(s))           Q(s)           =  (END - s) (1 / (2 END) + s v(s))
 * P(x) + x p(x)  =  step(x) - sign(x) (Q(s) - s p(s))  Q(s) - s p(s)  =  (END - s)^2 (1 / (2 END^2) + s v(s))
 * </pre>
 *
 * <p>The factors on the right make them exact at 0, and 0 at END, beyond which s stays there. Step (0 or 1) and sign are those of the sign
 * bit, so both zeros give 1/2. Each v is a polynomial in t = s - MIDDLE, fitted for the smallest greatest error, and computed in fours of
 * coefficients: its steps wait for one another only a quarter as often. In the code its sign is the other one, so that nothing is subtracted. P
 * and the slope are within 2^-23 of the exact ones.
 */
final class VectorGelu {
    private static final float END = 5.3671875f;
    private static final float MIDDLE = 3.015625f;
    private static final float SLOPE_END = 6.21875f;
    private static final float SLOPE_MIDDLE = 2.265625f;

    /**
     * Of -2 v, from the lowest power up. They are more than the registers hold: numbers that a loop names lie on the stack then, on Java 17,
     * and across lines of memory, while those of an array are read when they are needed.
     */
    private static final float[] SLOPE = {
        0.014671437f,
        -0.010249843f,
        0.0046276455f,
        -0.00013809957f,
        -0.00096172234f,
        0.00039876183f,
        1.7531407e-05f,
        -5.7073525e-05f,
        1.1698378e-05f,
        3.3501037e-06f,
        -1.7004999e-06f,
        1.4559044e-08f,
        1.2000388e-07f,
        -1.7328658e-08f,
        -4.1785717e-09f,
        1.2273274e-09f,
        8.292791e-12f,
        -3.0057335e-11f,
        2.5867305e-12f,
    };

    private static final int SIGN_BIT = 0x80000000;
    private static final int HALF_BITS = 0x3f000000;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorGelu() {}

    /** {@code x P(x)}. */
    static void gelu(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector size = x.abs();
            FloatVector s = atMost(size, END);
            FloatVector t = s.sub(MIDDLE);
            FloatVector t2 = t.mul(t);
            FloatVector t4 = t2.mul(t2);
            FloatVector v = FloatVector.broadcast(S, -5.5898012e-11f);
            v = v.fma(t2, next(FloatVector.broadcast(S, -2.1774422e-09f), t, -1.3260504e-09f));
            v = v.fma(t4, four(t, t2, 6.397697e-08f, -4.882794e-08f, -7.81766e-07f, 2.4975886e-06f));
            v = v.fma(t4, four(t, t2, 3.1948767e-07f, -2.644443e-05f, 9.682112e-05f, -0.00013022106f));
            v = v.fma(t4, four(t, t2, -0.0003217359f, 0.0025266057f, -0.009664667f, 0.030711178f));
            FloatVector rest = FloatVector.broadcast(S, END).sub(s);
            FloatVector half = rest.fma(next(v, s, -0.09315866f), FloatVector.broadcast(S, 0.5f)); // 1/2 - Q
            size.fma(half, x.mul(0.5f)).intoArray(o, io + i);
        }
    }

    /** {@code g (P(x) + x p(x))}; NaN for infinities, as infinity times 0 is. */
    static void backward(float[] g, int ig, float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector s = atMost(x.abs(), SLOPE_END);
            FloatVector t = s.sub(SLOPE_MIDDLE);
            FloatVector t2 = t.mul(t);
            FloatVector t4 = t2.mul(t2);
            FloatVector v = FloatVector.broadcast(S, SLOPE[18]);
            v = v.fma(t2, next(FloatVector.broadcast(S, SLOPE[17]), t, SLOPE[16]));
            v = v.fma(t4, four(t, t2, SLOPE[15], SLOPE[14], SLOPE[13], SLOPE[12]));
            v = v.fma(t4, four(t, t2, SLOPE[11], SLOPE[10], SLOPE[9], SLOPE[8]));
            v = v.fma(t4, four(t, t2, SLOPE[7], SLOPE[6], SLOPE[5], SLOPE[4]));
            v = v.fma(t4, four(t, t2, SLOPE[3], SLOPE[2], SLOPE[1], SLOPE[0]));
            FloatVector twice = next(v, s, -0.025857933f);
            FloatVector rest = FloatVector.broadcast(S, SLOPE_END).sub(s);
            FloatVector half =
                    x.reinterpretAsInts().and(SIGN_BIT).or(HALF_BITS).reinterpretAsFloats(); // with the sign of x
            FloatVector y = rest.mul(rest).mul(half).fma(twice, half.add(0.5f));
            x.fma(FloatVector.zero(S), y)
                    .mul(FloatVector.fromArray(S, g, ig + i))
                    .intoArray(o, io + i);
        }
    }

    /** {@code a t^3 + b t^2 + c t + d}. */
    private static FloatVector four(FloatVector t, FloatVector t2, float a, float b, float c, float d) {
        FloatVector high = next(FloatVector.broadcast(S, a), t, b);
        return high.fma(t2, next(FloatVector.broadcast(S, c), t, d));
    }
}
