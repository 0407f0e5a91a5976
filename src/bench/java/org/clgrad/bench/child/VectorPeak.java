package org.clgrad.bench.child;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Ten independent chains of fused multiply-adds, as many as hide the latency of one. Found by name, since the Vector API
 * is compiled apart.
 */
final class VectorPeak implements JavaLimits.Peak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 10;

    private static volatile float sink; // so that the result is needed

    @Override
    public double operations() {
        return 2.0 * CHAINS * SPECIES.length();
    }

    @Override
    public void run(long iterations) {
        FloatVector m = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector c = FloatVector.broadcast(SPECIES, 1e-6f);
        FloatVector a0 = c.mul(0.1f);
        FloatVector a1 = c.mul(0.2f);
        FloatVector a2 = c.mul(0.3f);
        FloatVector a3 = c.mul(0.4f);
        FloatVector a4 = c.mul(0.5f);
        FloatVector a5 = c.mul(0.6f);
        FloatVector a6 = c.mul(0.7f);
        FloatVector a7 = c.mul(0.8f);
        FloatVector a8 = c.mul(0.9f);
        FloatVector a9 = c;
        for (long i = 0; i < iterations; i++) {
            a0 = a0.fma(m, c);
            a1 = a1.fma(m, c);
            a2 = a2.fma(m, c);
            a3 = a3.fma(m, c);
            a4 = a4.fma(m, c);
            a5 = a5.fma(m, c);
            a6 = a6.fma(m, c);
            a7 = a7.fma(m, c);
            a8 = a8.fma(m, c);
            a9 = a9.fma(m, c);
        }
        FloatVector sum = a0.add(a1)
                .add(a2)
                .add(a3)
                .add(a4)
                .add(a5)
                .add(a6)
                .add(a7)
                .add(a8)
                .add(a9);
        sink = sum.lane(0);
    }
}
