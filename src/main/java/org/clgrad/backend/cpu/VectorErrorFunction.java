package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.VectorMath.next;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link ErrorFunction} of floats, within 2 units in the last place: the same with shorter polynomials, and 1 from 3.92 on. */
final class VectorErrorFunction {
    private static final float END = 3.92f;
    private static final float MIDDLE = 2.46f;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorErrorFunction() {}

    static void erf(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, ia + i);
            FloatVector size = x.abs();

            FloatVector z = x.mul(x);
            FloatVector p = FloatVector.broadcast(S, -0.000564805987f);
            p = next(p, z, 0.00492176203f);
            p = next(p, z, -0.0267150542f);
            p = next(p, z, 0.112803167f);
            p = next(p, z, -0.376123438f);
            p = next(p, z, 0.128379126f);

            FloatVector t = size.sub(MIDDLE);
            FloatVector q = FloatVector.broadcast(S, -2.90415777e-07f);
            q = next(q, t, 9.16452875e-06f);
            q = next(q, t, -2.33450286e-05f);
            q = next(q, t, -5.18819439e-05f);
            q = next(q, t, 0.000295969832f);
            q = next(q, t, -0.00039071092f);
            q = next(q, t, -0.000454635794f);
            q = next(q, t, 0.002963152f);
            q = next(q, t, -0.0068024891f);
            q = next(q, t, 0.00990495148f);
            q = next(q, t, -0.00983166436f);
            q = next(q, t, 0.0065357506f);
            q = next(q, t, -0.00265629828f);
            q = next(q, t, 0.000503326861f);
            q = q.blend(0f, size.compare(VectorOperators.GT, END)); // NaN stays

            FloatVector large = FloatVector.broadcast(S, 1f).sub(q);
            large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
            large.blend(p.fma(x, x), size.compare(VectorOperators.LT, 1f)).intoArray(o, io + i);
        }
    }
}
