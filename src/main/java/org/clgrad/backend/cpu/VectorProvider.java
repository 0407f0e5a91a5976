package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;

/** The loops on the Vector API, found by name from {@link Flavour}. */
final class VectorProvider implements Flavour.Provider {
    @Override
    public int bits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    @Override
    public Loops<float[]> float32() {
        return new VectorFloatLoops();
    }

    @Override
    public Loops<double[]> float64() {
        return new VectorDoubleLoops();
    }

    @Override
    public MatmulKernel<float[]> matmul32() {
        return new VectorFloatMatmul();
    }

    @Override
    public MatmulKernel<double[]> matmul64() {
        return new DoubleMatmul();
    }
}
