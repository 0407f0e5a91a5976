package org.clgrad.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Floats computed in double. They are converted in plain loops: a vector of half as many floats would be of a second class, and where the
 * methods of vectors of floats have met two, Java 17 compiles matrix products with objects for vectors, at a fiftieth of their speed.
 */
final class VectorDoubles {
    static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
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

    static DoubleVector at(double[] a, int i) {
        return DoubleVector.fromArray(D, a, i);
    }

    static void widen(float[] a, int ia, double[] o, int io, int n) {
        for (int i = 0; i < n; i++) {
            o[io + i] = a[ia + i];
        }
    }

    /** Rounds to the nearest floats. */
    static void narrow(double[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i++) {
            o[io + i] = (float) a[ia + i];
        }
    }
}
