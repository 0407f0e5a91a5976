package org.clgrad.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Floats computed in double: a vector of doubles holds as many elements as half a vector of floats. */
final class VectorDoubles {
    static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));
    static final int LANES = D.length();

    /** 1.5 * 2^52: adding it leaves the nearest integer in the low bits. */
    static final double ROUND = 6755399441055744.0;

    /** Elements of {@link #scratch}. */
    static final int SCRATCH = 1024;

    private static final ThreadLocal<double[]> BLOCK = ThreadLocal.withInitial(() -> new double[2 * SCRATCH]);

    private VectorDoubles() {}

    /** Two blocks of SCRATCH doubles, of this thread. */
    static double[] scratch() {
        return BLOCK.get();
    }

    static DoubleVector load(float[] a, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, a, i).convertShape(VectorOperators.F2D, D, 0);
    }

    static void store(DoubleVector v, float[] o, int i) {
        ((FloatVector) v.convertShape(VectorOperators.D2F, HALF, 0)).intoArray(o, i);
    }
}
