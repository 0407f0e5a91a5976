package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.VectorMath.atMost;
import static org.clgrad.backend.cpu.VectorMath.expOfNear;
import static org.clgrad.backend.cpu.VectorMath.next;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Binary cross entropy of floats as logits, and its derivative, each in one loop. Both need z = e^-|x|, and the loss also {@code log(1 + z)}. With
 * s = z / (2 + z), at most 1/3, that is 2 artanh s = 2 s (1 + s^2 / 3 + s^4 / 5 + ..), whose factors are fitted to within 6e-9 of it.
 */
final class VectorLogits {
    /** From here on z is 0. From where it is no normal number, 87.3, it may be off by as much as the least of these. */
    private static final float END = 88.1f;

    private static final float THIRD = 0.3333321f;
    private static final float FIFTH = 0.20010763f;
    private static final float SEVENTH = 0.14000902f;
    private static final float NINTH = 0.14005996f;

    private static final int SIGN = Integer.SIZE - 1; // where a number's sign is, to make a mask of it
    private static final int ONE_BITS = Float.floatToRawIntBits(1f);

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorLogits() {}

    /** {@code (1 - y) x + max(-x, 0) + log(1 + e^-|x|)}. */
    static void bce(float[] a, int ia, float[] b, int ib, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector y = FloatVector.fromArray(S, b, ib + i);
            FloatVector size = x.abs();
            FloatVector z = expOfMinus(size);
            FloatVector s = z.div(z.add(2f));
            FloatVector q = s.mul(s);
            FloatVector p = next(next(next(FloatVector.broadcast(S, NINTH), q, SEVENTH), q, FIFTH), q, THIRD);
            FloatVector twice = s.add(s);
            FloatVector wrongSide = size.reinterpretAsInts().and(signMask(x)).reinterpretAsFloats();
            FloatVector right = FloatVector.broadcast(S, 1f).sub(y).mul(x);
            right.add(wrongSide).add(twice.mul(q).fma(p, twice)).intoArray(o, io + i);
        }
    }

    /** {@code g (sigmoid(x) - y)}. */
    static void backward(float[] g, int ig, float[] a, int ia, float[] b, int ib, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector z = expOfMinus(x.abs());
            IntVector numerator = // z where x is negative, else 1
                    z.reinterpretAsInts().sub(ONE_BITS).and(signMask(x)).add(ONE_BITS);
            FloatVector sigmoid = numerator.reinterpretAsFloats().div(z.add(1f));
            sigmoid.blend(x, x.compare(VectorOperators.NE, x))
                    .sub(FloatVector.fromArray(S, b, ib + i))
                    .mul(FloatVector.fromArray(S, g, ig + i))
                    .intoArray(o, io + i);
        }
    }

    /** e^-s; that of NaN is 0. */
    private static FloatVector expOfMinus(FloatVector s) {
        return expOfNear(atMost(s, END).neg()).reinterpretAsInts().max(0).reinterpretAsFloats();
    }

    /** All bits where the sign bit is set, else none. */
    private static IntVector signMask(FloatVector x) {
        return x.reinterpretAsInts().lanewise(VectorOperators.ASHR, SIGN);
    }
}
