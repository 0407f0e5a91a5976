package org.clgrad.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.clgrad.Device;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.nn.Functional;
import org.clgrad.optim.Adam;
import org.clgrad.optim.Optimizer;
import org.clgrad.optim.SGD;
import org.jspecify.annotations.Nullable;

/** This library, on one of its devices. */
public final class ClgradEngine implements Engine<Tensor> {
    private final Device device;
    private final List<Optimizer> optimizers = new ArrayList<>(); // of the open case

    public ClgradEngine(String device) {
        this.device = Device.of(device);
        this.device.synchronize(); // opens it
    }

    @Override
    public String version() {
        DeviceInfo info = device.describe();
        return "clgrad on " + info.name() + ", " + info.platform() + ", driver " + info.driver();
    }

    @Override
    public Tensor of(float[] data, int... shape) {
        return Tensor.of(device, data, shape);
    }

    @Override
    public Tensor parameter(float[] data, int... shape) {
        return of(data, shape).requiresGrad(true);
    }

    @Override
    public float[] read(Tensor tensor) {
        return tensor.toFloatArray();
    }

    @Override
    public Region region() {
        return Scope.open()::close;
    }

    @Override
    public Region inputs() {
        Region tensors = region();
        return () -> {
            optimizers.forEach(Optimizer::close);
            optimizers.clear();
            tensors.close();
        };
    }

    @Override
    public void finish() {
        device.synchronize();
    }

    @Override
    public void drop(Tensor result) {
        result.close();
    }

    @Override
    public void need(List<Tensor> results) {
        results.forEach(result -> result.variable().value().buffer().settle());
    }

    @Override
    public long peakBytes() {
        return device.memoryStats().peak();
    }

    @Override
    public Tensor matmul(Tensor a, Tensor b) {
        return a.matmul(b);
    }

    @Override
    public Tensor transpose(Tensor a) {
        return a.transpose(-2, -1);
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return a.add(b);
    }

    @Override
    public Tensor add(Tensor a, double b) {
        return a.add(b);
    }

    @Override
    public Tensor mul(Tensor a, double b) {
        return a.mul(b);
    }

    @Override
    public Tensor square(Tensor a) {
        return a.pow(2);
    }

    @Override
    public Tensor exp(Tensor a) {
        return a.exp();
    }

    @Override
    public Tensor tanh(Tensor a) {
        return a.tanh();
    }

    @Override
    public Tensor relu(Tensor a) {
        return a.relu();
    }

    @Override
    public Tensor gelu(Tensor a) {
        return a.gelu();
    }

    @Override
    public Tensor sum(Tensor a, int axis) {
        return a.sum(axis);
    }

    @Override
    public Tensor mean(Tensor a, int axis) {
        return a.mean(axis);
    }

    @Override
    public Tensor max(Tensor a, int axis) {
        return a.max(axis);
    }

    @Override
    public Tensor softmax(Tensor a, int axis) {
        return a.softmax(axis);
    }

    @Override
    public Tensor logSoftmax(Tensor a, int axis) {
        return a.logSoftmax(axis);
    }

    @Override
    public Tensor layerNorm(Tensor a, Tensor weight, Tensor bias) {
        return Functional.layerNorm(a, weight.shape(), weight, bias, 1e-5);
    }

    @Override
    public Tensor bce(Tensor logits, Tensor targets) {
        return Functional.binaryCrossEntropyWithLogits(logits, targets);
    }

    @Override
    public List<Tensor> gradients(Supplier<Tensor> function, @Nullable Tensor seed, List<Tensor> parameters) {
        Tensor output = function.get();
        output.backward(seed);
        List<Tensor> results = new ArrayList<>(List.of(output));
        for (Tensor parameter : parameters) {
            results.add(Objects.requireNonNull(parameter.grad()));
            parameter.grad(null);
        }
        return results;
    }

    @Override
    public Trainer<Tensor> sgd(List<Tensor> parameters, double learningRate) {
        return trainer(new SGD(parameters, learningRate));
    }

    @Override
    public Trainer<Tensor> adam(List<Tensor> parameters, double learningRate) {
        return trainer(new Adam(parameters, learningRate));
    }

    private Trainer<Tensor> trainer(Optimizer optimizer) {
        optimizers.add(optimizer);
        return new Optimized(optimizer);
    }

    private record Optimized(Optimizer optimizer) implements Trainer<Tensor> {
        @Override
        public Tensor step(Supplier<Tensor> loss) {
            optimizer.zeroGrad();
            Tensor value = loss.get();
            value.backward();
            optimizer.step();
            return value;
        }

        @Override
        public void update(List<Tensor> gradients) {
            for (int i = 0; i < gradients.size(); i++) {
                optimizer.parameters().get(i).grad(gradients.get(i));
            }
            optimizer.step();
        }
    }
}
