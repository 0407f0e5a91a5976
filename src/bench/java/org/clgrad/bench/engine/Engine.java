package org.clgrad.bench.engine;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A library's operations on its own kind of float32 tensor, so that a workload is written once and every library computes
 * the same. Whatever a library lacks throws UnsupportedOperationException.
 */
public interface Engine<T> {
    String version();

    T of(float[] data, int... shape);

    /** A leaf that requires a gradient. */
    default T parameter(float[] data, int... shape) {
        throw lacks("gradients");
    }

    float[] read(T tensor);

    /** Frees at its end what was made inside, in the way the library recommends. */
    Region region();

    /** Frees, at its end, the inputs of a case, around many of the regions above. */
    default Region inputs() {
        return region();
    }

    /** Waits for the device. */
    default void finish() {}

    /** Lets go of a result that nothing but the graph needs any more, as counting references does in Python. */
    default void drop(T result) {}

    /** Starts what was put off until somebody needs these results; nothing where nothing is put off. */
    default void need(List<T> results) {}

    /** Most bytes of tensors at once so far. */
    default long peakBytes() {
        throw lacks("memory statistics");
    }

    T matmul(T a, T b);

    /** The last two axes exchanged, without a copy where the library can. */
    T transpose(T a);

    default T add(T a, T b) {
        throw lacks("add");
    }

    default T add(T a, double b) {
        throw lacks("add");
    }

    default T mul(T a, double b) {
        throw lacks("mul");
    }

    default T square(T a) {
        throw lacks("pow");
    }

    default T exp(T a) {
        throw lacks("exp");
    }

    default T tanh(T a) {
        throw lacks("tanh");
    }

    default T relu(T a) {
        throw lacks("relu");
    }

    default T gelu(T a) {
        throw lacks("gelu");
    }

    default T sum(T a, int axis) {
        throw lacks("sum over an axis");
    }

    default T mean(T a, int axis) {
        throw lacks("mean over an axis");
    }

    default T max(T a, int axis) {
        throw lacks("max over an axis");
    }

    default T softmax(T a, int axis) {
        throw lacks("softmax");
    }

    default T logSoftmax(T a, int axis) {
        throw lacks("log softmax");
    }

    /** Over the last axis, of as many elements as weight and bias; eps 1e-5. */
    default T layerNorm(T a, T weight, T bias) {
        throw lacks("layer norm");
    }

    /** Mean sigmoid binary cross entropy. */
    default T bce(T logits, T targets) {
        throw lacks("BCE with logits");
    }

    /**
     * The output of a function and its gradients.
     *
     * @param seed the gradient of the output, ones of its shape; null if the output is a scalar
     */
    default List<T> gradients(Supplier<T> function, @Nullable T seed, List<T> parameters) {
        throw lacks("gradients");
    }

    /** SGD without momentum. */
    default Trainer<T> sgd(List<T> parameters, double learningRate) {
        throw lacks("SGD");
    }

    /** Adam with betas 0.9 and 0.999 and eps 1e-8. */
    default Trainer<T> adam(List<T> parameters, double learningRate) {
        throw lacks("Adam");
    }

    private static UnsupportedOperationException lacks(String what) {
        return new UnsupportedOperationException("has no " + what);
    }
}
