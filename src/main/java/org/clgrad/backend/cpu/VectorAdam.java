package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.AdamUpdate;

/** {@link AdamUpdate} on floats in one loop, whose root and division take as long as everything else together, and hide it. */
final class VectorAdam {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorAdam() {}

    /** Without decay. */
    static Loops.Moments<float[]> plain() {
        return (p, ip, m, im, v, iv, g, ig, constants, n) -> step(1, p, ip, m, im, v, iv, g, ig, constants, n);
    }

    /** With decay by a factor. */
    static Loops.Moments<float[]> decoupled() {
        return (p, ip, m, im, v, iv, g, ig, constants, n) ->
                step(constants[AdamUpdate.DECAY], p, ip, m, im, v, iv, g, ig, constants, n);
    }

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    private static FloatVector number(double value) {
        return FloatVector.broadcast(S, (float) value);
    }

    private static void step(
            double factor,
            float[] p,
            int ip,
            float[] m,
            int im,
            float[] v,
            int iv,
            float[] g,
            int ig,
            double[] constants,
            int n) {
        FloatVector decay = number(factor);
        FloatVector beta1 = number(constants[AdamUpdate.BETA1]);
        FloatVector share1 = number(constants[AdamUpdate.SHARE1]);
        FloatVector beta2 = number(constants[AdamUpdate.BETA2]);
        FloatVector share2 = number(constants[AdamUpdate.SHARE2]);
        FloatVector correction = number(constants[AdamUpdate.CORRECTION]);
        FloatVector eps = number(constants[AdamUpdate.EPS]);
        FloatVector rate = number(constants[AdamUpdate.RATE]);
        for (int i = 0; i < n; i += L) {
            FloatVector d = at(g, ig + i);
            FloatVector first = at(m, im + i).mul(beta1).add(d.mul(share1));
            FloatVector second = at(v, iv + i).mul(beta2).add(d.mul(share2).mul(d));
            FloatVector scale =
                    second.lanewise(VectorOperators.SQRT).mul(correction).add(eps);
            at(p, ip + i).mul(decay).add(first.mul(rate).div(scale)).intoArray(p, ip + i);
            first.intoArray(m, im + i);
            second.intoArray(v, iv + i);
        }
    }
}
