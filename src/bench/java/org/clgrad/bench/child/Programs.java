package org.clgrad.bench.child;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.clgrad.bench.Case;
import org.clgrad.bench.engine.Engine;
import org.clgrad.bench.engine.Trainer;

/**
 * The workloads, once for all libraries. A program is one computation; it gives all that a user would look at, so that
 * none of it may be left out.
 */
final class Programs<T> {
    private static final int ROW = 256; // of a layer norm

    private final Engine<T> engine;
    private final Inputs inputs = new Inputs(1);

    Programs(Engine<T> engine) {
        this.engine = engine;
    }

    Supplier<List<T>> prepare(Case c) {
        return switch (c.workload()) {
            case MATMUL_NN -> product(matrix(c.size(0), c.size(1)), matrix(c.size(1), c.size(2)), engine::matmul);
            case MATMUL_NT ->
                product(
                        matrix(c.size(0), c.size(1)),
                        matrix(c.size(2), c.size(1)),
                        (a, b) -> engine.matmul(a, engine.transpose(b)));
            case MATMUL_TN ->
                product(
                        matrix(c.size(1), c.size(0)),
                        matrix(c.size(1), c.size(2)),
                        (a, b) -> engine.matmul(engine.transpose(a), b));
            case BATCHED_NN ->
                product(
                        matrix(c.size(0), c.size(1), c.size(2)),
                        matrix(c.size(0), c.size(2), c.size(3)),
                        engine::matmul);
            case BATCHED_NT ->
                product(
                        matrix(c.size(0), c.size(1), c.size(2)),
                        matrix(c.size(0), c.size(3), c.size(2)),
                        (a, b) -> engine.matmul(a, engine.transpose(b)));
            case ADD -> product(matrix(c.size(0)), matrix(c.size(0)), engine::add);
            case EXP -> map(matrix(c.size(0)), engine::exp);
            case SCALE -> map(matrix(c.size(0)), x -> engine.add(engine.mul(x, 2), 1));
            case SMALL -> map(matrix(c.size(0)), x -> engine.add(x, 1));
            case SQUARE -> gradient(c.size(0), x -> engine.square(engine.add(x, 1)));
            case GELU -> gradient(c.size(0), engine::gelu);
            case BCE -> bce(c.size(0));
            case LAYER_NORM -> layerNorm(c.size(0) / ROW);
            case ADAM -> adam(c.size(0));
            case SUM -> map(positive(c), x -> engine.sum(x, c.size(2)));
            case MEAN -> map(positive(c), x -> engine.mean(x, c.size(2)));
            case MAX -> map(positive(c), x -> engine.max(x, c.size(2)));
            case SOFTMAX -> map(positive(c), x -> engine.softmax(x, c.size(2)));
            case LOG_SOFTMAX -> map(positive(c), x -> engine.logSoftmax(x, c.size(2)));
            case TUTORIAL -> tutorial();
            case MLP_SGD, MEMORY_MLP -> {
                Network<T> net = mlp(c);
                yield net.training(engine.sgd(net.parameters(), 0.1));
            }
            case MLP_ADAM -> {
                Network<T> net = mlp(c);
                yield net.training(engine.adam(net.parameters(), 0.001));
            }
            case DEEP, MEMORY_DEEP -> {
                Network<T> net = deep(c.size(0), c.size(1), c.size(2));
                yield net.training(engine.sgd(net.parameters(), 0.1));
            }
            case COPY, FMA, COLD_START, WARM_START ->
                throw new UnsupportedOperationException("is not a library's work");
        };
    }

    private T matrix(int... shape) {
        int n = 1;
        for (int size : shape) {
            n *= size;
        }
        return engine.of(inputs.uniform(n, 1), shape);
    }

    private T positive(Case c) {
        return engine.of(inputs.positive(c.size(0) * c.size(1)), c.size(0), c.size(1));
    }

    private Supplier<List<T>> product(T a, T b, BiFunction<T, T, T> operation) {
        return () -> List.of(operation.apply(a, b));
    }

    private Supplier<List<T>> map(T a, UnaryOperator<T> operation) {
        return () -> List.of(operation.apply(a));
    }

    private Supplier<List<T>> gradient(int n, UnaryOperator<T> function) {
        T x = engine.parameter(inputs.uniform(n, 1), n);
        T ones = engine.of(inputs.ones(n), n);
        return () -> engine.gradients(() -> function.apply(x), ones, List.of(x));
    }

    private Supplier<List<T>> bce(int n) {
        T x = engine.parameter(inputs.uniform(n, 4), n);
        T y = engine.of(inputs.positive(n), n);
        return () -> engine.gradients(() -> engine.bce(x, y), null, List.of(x));
    }

    private Supplier<List<T>> layerNorm(int rows) {
        T x = engine.parameter(inputs.uniform(rows * ROW, 1), rows, ROW);
        T weight = engine.parameter(inputs.positive(ROW), ROW);
        T bias = engine.parameter(inputs.uniform(ROW, 1), ROW);
        T ones = engine.of(inputs.ones(rows * ROW), rows, ROW);
        return () -> engine.gradients(() -> engine.layerNorm(x, weight, bias), ones, List.of(x, weight, bias));
    }

    private Supplier<List<T>> adam(int n) {
        T p = engine.parameter(inputs.uniform(n, 1), n);
        T gradient = engine.of(inputs.positive(n), n);
        Trainer<T> trainer = engine.adam(List.of(p), 0.001);
        return () -> {
            trainer.update(List.of(gradient));
            return List.of(p);
        };
    }

    private Supplier<List<T>> tutorial() {
        T x = engine.of(inputs.ones(5), 5);
        T y = engine.of(new float[3], 3);
        T w = engine.parameter(inputs.uniform(15, 1), 5, 3);
        T b = engine.parameter(inputs.uniform(3, 1), 3);
        return () -> engine.gradients(() -> engine.bce(engine.add(engine.matmul(x, w), b), y), null, List.of(w, b));
    }

    private Network<T> mlp(Case c) {
        return new Network<>(
                engine,
                matrix(c.size(0), c.size(1)),
                engine.of(inputs.positive(c.size(0) * c.size(3)), c.size(0), c.size(3)),
                List.of(weight(c.size(1), c.size(2)), weight(c.size(2), c.size(3))),
                List.of(bias(c.size(2)), bias(c.size(3))),
                engine::relu);
    }

    private Network<T> deep(int batch, int width, int layers) {
        T rows = matrix(batch, width);
        T targets = engine.of(inputs.positive(batch * width), batch, width);
        List<T> weights = new ArrayList<>();
        List<T> biases = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            weights.add(weight(width, width));
            biases.add(bias(width));
        }
        return new Network<>(engine, rows, targets, weights, biases, engine::tanh);
    }

    /** Of variance 1/inputs, so that activations keep theirs. */
    private T weight(int rows, int columns) {
        return engine.parameter(inputs.uniform(rows * columns, Math.sqrt(3.0 / rows)), rows, columns);
    }

    private T bias(int n) {
        return engine.parameter(inputs.uniform(n, 0.1), n);
    }
}
