package org.clgrad.bench;

import static org.clgrad.bench.Unit.GBPS;
import static org.clgrad.bench.Unit.GFLOPS;
import static org.clgrad.bench.Unit.MEBIBYTES;
import static org.clgrad.bench.Unit.MICROSECONDS;
import static org.clgrad.bench.Unit.SECONDS;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one call computes, all in float32.
 *
 * <p>Bytes count each input read once and each output written once; a multiply-add is two floating-point operations.
 */
public enum Workload {
    /** [m, k] x [k, n]; sizes m, k, n. */
    MATMUL_NN("matmul NN", GFLOPS, s -> 2 * product(s)),
    /** [m, k] x [n, k] transposed. */
    MATMUL_NT("matmul NT", GFLOPS, s -> 2 * product(s)),
    /** [k, m] transposed x [k, n]. */
    MATMUL_TN("matmul TN", GFLOPS, s -> 2 * product(s)),
    /** [b, m, k] x [b, k, n]; sizes b, m, k, n. */
    BATCHED_NN("batched NN", GFLOPS, s -> 2 * product(s)),
    /** [b, m, k] x [b, n, k] transposed: the scores q k^T of attention. */
    BATCHED_NT("batched NT", GFLOPS, s -> 2 * product(s)),

    COPY("copy", GBPS, s -> 2 * floats(s)),
    ADD("x + y", GBPS, s -> 3 * floats(s)),
    EXP("exp(x)", GBPS, s -> 2 * floats(s)),
    /** x 2 + 1. */
    SCALE("x * 2 + 1", GBPS, s -> 2 * floats(s)),

    /** (x + 1)^2 and its gradient from a gradient of ones. */
    SQUARE("(x + 1)^2, gradient", MICROSECONDS, s -> 0),
    /** Mean sigmoid binary cross entropy and the gradient of the logits. */
    BCE("BCE with logits, gradient", MICROSECONDS, s -> 0),
    /** GELU (erf) and its gradient. */
    GELU("GELU, gradient", MICROSECONDS, s -> 0),
    /** Layer norm over rows of 256 with scale and shift, and the gradients of all three. */
    LAYER_NORM("layer norm, gradients", MICROSECONDS, s -> 0),
    /** One step of Adam over n parameters with given gradients. */
    ADAM("Adam update", MICROSECONDS, s -> 0),

    /** Reductions: sizes rows, columns, axis. */
    SUM("sum", GBPS, s -> 4.0 * s.get(0) * s.get(1)),
    MEAN("mean", GBPS, s -> 4.0 * s.get(0) * s.get(1)),
    MAX("max", GBPS, s -> 4.0 * s.get(0) * s.get(1)),
    SOFTMAX("softmax", GBPS, s -> 8.0 * s.get(0) * s.get(1)),
    LOG_SOFTMAX("log softmax", GBPS, s -> 8.0 * s.get(0) * s.get(1)),

    /** x = ones(5), y = zeros(3): BCE of x w + b, gradients of w and b. */
    TUTORIAL("tutorial step", MICROSECONDS, s -> 0),
    /** A training step, sizes batch, inputs, hidden, outputs: linear, relu, linear, BCE with logits, SGD(0.1). */
    MLP_SGD("MLP step, SGD", MICROSECONDS, s -> 0),
    /** The same with Adam(0.001). */
    MLP_ADAM("MLP step, Adam", MICROSECONDS, s -> 0),
    /** A training step with SGD, sizes batch, width, layers: linear and tanh, so many times. */
    DEEP("deep step, SGD", MICROSECONDS, s -> 0),

    /** x + 1 over few elements: what an operation costs beside its work. */
    SMALL("x + 1", MICROSECONDS, s -> 0),
    /** Independent chains of fused multiply-adds on all cores, the machine's peak; size billions of operations. */
    FMA("multiply-adds", GFLOPS, s -> 1e9 * product(s)),

    COLD_START("first start", SECONDS, s -> 0),
    WARM_START("second start", SECONDS, s -> 0),
    MEMORY_MLP("memory of the MLP step", MEBIBYTES, s -> 0),
    MEMORY_DEEP("memory of the deep step", MEBIBYTES, s -> 0);

    private final String text;
    private final Unit unit;
    private final ToDoubleFunction<List<Integer>> work;

    Workload(String text, Unit unit, ToDoubleFunction<List<Integer>> work) {
        this.text = text;
        this.unit = unit;
        this.work = work;
    }

    public Unit unit() {
        return unit;
    }

    double work(List<Integer> sizes) {
        return work.applyAsDouble(sizes);
    }

    /** Whether it is a whole step: forward and backward, and an update but for the tutorial. */
    boolean isStep() {
        return this == TUTORIAL || this == MLP_SGD || this == MLP_ADAM || this == DEEP;
    }

    /** Whether each size and axis may take code of its own. */
    boolean isReduction() {
        return this == SUM || this == MEAN || this == MAX || this == SOFTMAX || this == LOG_SOFTMAX;
    }

    private static double product(List<Integer> sizes) {
        return sizes.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    }

    private static double floats(List<Integer> sizes) {
        return 4.0 * sizes.get(0);
    }

    @Override
    public String toString() {
        return text;
    }
}
