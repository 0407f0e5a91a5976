package org.clgrad.bench.engine;

import neureka.Shape;
import neureka.Tensor;

/** Neureka on its Java device. */
public final class NeurekaEngine implements Engine<Tensor<Float>> {
    @Override
    public String version() {
        return "Neureka 1.0.0";
    }

    @Override
    public Tensor<Float> of(float[] data, int... shape) {
        return Tensor.of(Shape.of(shape), data);
    }

    @Override
    public Tensor<Float> parameter(float[] data, int... shape) {
        throw new UnsupportedOperationException("is measured without gradients");
    }

    @Override
    public float[] read(Tensor<Float> tensor) {
        return tensor.getItemsAs(float[].class);
    }

    /** Its arrays are the collector's. */
    @Override
    public Region region() {
        return () -> {};
    }

    @Override
    public Tensor<Float> matmul(Tensor<Float> a, Tensor<Float> b) {
        return a.matMul(b);
    }

    @Override
    public Tensor<Float> transpose(Tensor<Float> a) {
        return a.transpose(a.rank() - 2, a.rank() - 1);
    }

    @Override
    public Tensor<Float> add(Tensor<Float> a, Tensor<Float> b) {
        return a.plus(b);
    }

    @Override
    public Tensor<Float> add(Tensor<Float> a, double b) {
        return a.plus((float) b);
    }

    @Override
    public Tensor<Float> mul(Tensor<Float> a, double b) {
        return a.times((float) b);
    }

    @Override
    public Tensor<Float> square(Tensor<Float> a) {
        return a.power(2f);
    }

    @Override
    public Tensor<Float> exp(Tensor<Float> a) {
        return a.exp();
    }
}
