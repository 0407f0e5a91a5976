package org.clgrad.bench.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deep Java Library on its PyTorch engine. */
public final class DjlEngine implements Engine<NDArray> {
    private final ai.djl.engine.Engine engine = ai.djl.engine.Engine.getEngine("PyTorch");
    private final NDManager manager = engine.newBaseManager();
    private final Loss bce = Loss.sigmoidBinaryCrossEntropyLoss();

    @Override
    public String version() {
        return "DJL " + ai.djl.engine.Engine.getDjlVersion() + ", PyTorch " + engine.getVersion();
    }

    @Override
    public NDArray of(float[] data, int... shape) {
        return manager.create(
                data, new Shape(Arrays.stream(shape).asLongStream().toArray()));
    }

    @Override
    public NDArray parameter(float[] data, int... shape) {
        NDArray array = of(data, shape);
        array.setRequiresGradient(true);
        return array;
    }

    @Override
    public float[] read(NDArray array) {
        return array.toFloatArray();
    }

    @Override
    public Region region() {
        return new NDScope()::close;
    }

    @Override
    public NDArray matmul(NDArray a, NDArray b) {
        return a.matMul(b);
    }

    @Override
    public NDArray transpose(NDArray a) {
        return a.swapAxes(-2, -1);
    }

    @Override
    public NDArray add(NDArray a, NDArray b) {
        return a.add(b);
    }

    @Override
    public NDArray add(NDArray a, double b) {
        return a.add(b);
    }

    @Override
    public NDArray mul(NDArray a, double b) {
        return a.mul(b);
    }

    @Override
    public NDArray square(NDArray a) {
        return a.square();
    }

    @Override
    public NDArray exp(NDArray a) {
        return a.exp();
    }

    @Override
    public NDArray tanh(NDArray a) {
        return a.tanh();
    }

    @Override
    public NDArray relu(NDArray a) {
        return a.getNDArrayInternal().relu();
    }

    @Override
    public NDArray gelu(NDArray a) {
        return a.getNDArrayInternal().gelu();
    }

    @Override
    public NDArray sum(NDArray a, int axis) {
        return a.sum(new int[] {axis});
    }

    @Override
    public NDArray mean(NDArray a, int axis) {
        return a.mean(new int[] {axis});
    }

    @Override
    public NDArray max(NDArray a, int axis) {
        return a.max(new int[] {axis});
    }

    @Override
    public NDArray softmax(NDArray a, int axis) {
        return a.softmax(axis);
    }

    @Override
    public NDArray logSoftmax(NDArray a, int axis) {
        return a.logSoftmax(axis);
    }

    @Override
    public NDArray layerNorm(NDArray a, NDArray weight, NDArray bias) {
        return LayerNorm.layerNorm(a, weight.getShape(), weight, bias, 1e-5f).singletonOrThrow();
    }

    @Override
    public NDArray bce(NDArray logits, NDArray targets) {
        return bce.evaluate(new NDList(targets), new NDList(logits));
    }

    @Override
    public List<NDArray> gradients(Supplier<NDArray> function, @Nullable NDArray seed, List<NDArray> parameters) {
        try (GradientCollector collector = engine.newGradientCollector()) {
            NDArray output = function.get();
            collector.backward(output); // its seed is always ones
            List<NDArray> results = new ArrayList<>(List.of(output));
            for (NDArray parameter : parameters) {
                results.add(parameter.getGradient().duplicate()); // the original is about to be zeroed
            }
            collector.zeroGradients();
            return results;
        }
    }

    @Override
    public Trainer<NDArray> sgd(List<NDArray> parameters, double learningRate) {
        return new Optimized(
                engine,
                parameters,
                Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed((float) learningRate))
                        .build());
    }

    @Override
    public Trainer<NDArray> adam(List<NDArray> parameters, double learningRate) {
        return new Optimized(
                engine,
                parameters,
                Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed((float) learningRate))
                        .build());
    }

    private static final class Optimized implements Trainer<NDArray> {
        private final ai.djl.engine.Engine engine;
        private final List<NDArray> parameters;
        private final Optimizer optimizer;
        private boolean hasState;

        Optimized(ai.djl.engine.Engine engine, List<NDArray> parameters, Optimizer optimizer) {
            this.engine = engine;
            this.parameters = parameters;
            this.optimizer = optimizer;
        }

        @Override
        public NDArray step(Supplier<NDArray> loss) {
            NDArray value;
            try (GradientCollector collector = engine.newGradientCollector()) {
                collector.zeroGradients();
                value = loss.get();
                collector.backward(value);
            }
            update(parameters.stream().map(NDArray::getGradient).toList());
            return value;
        }

        @Override
        public void update(List<NDArray> gradients) {
            if (hasState) {
                move(gradients);
                return;
            }
            // the first update makes state, which must outlive the region; regions belong to threads
            Thread outside = new Thread(() -> move(gradients));
            outside.start();
            try {
                outside.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            hasState = true;
        }

        private void move(List<NDArray> gradients) {
            for (int i = 0; i < gradients.size(); i++) {
                optimizer.update(Integer.toString(i), parameters.get(i), gradients.get(i));
            }
        }
    }
}
