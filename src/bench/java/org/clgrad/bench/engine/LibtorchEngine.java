package org.clgrad.bench.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** PyTorch's C++ library through JavaCPP; its threads are OMP_NUM_THREADS. */
public final class LibtorchEngine implements Engine<Tensor> {
    public LibtorchEngine() {
        torch.manual_seed(1); // loads it
    }

    @Override
    public String version() {
        String version;
        try {
            version = Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException e) {
            version = "of unknown version";
        }
        return "libtorch " + version + " (org.bytedeco:pytorch), threads: " + torch.get_num_threads();
    }

    @Override
    public Tensor of(float[] data, int... shape) {
        long[] sizes = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            sizes[i] = shape[i];
        }
        return Tensor.create(data, sizes);
    }

    @Override
    public Tensor parameter(float[] data, int... shape) {
        return of(data, shape).requires_grad_(true);
    }

    @Override
    public float[] read(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        tensor.contiguous().data_ptr_float().get(values);
        return values;
    }

    @Override
    public Region region() {
        return new PointerScope()::close;
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
        return a.add(new Scalar(b));
    }

    @Override
    public Tensor mul(Tensor a, double b) {
        return a.mul(new Scalar(b));
    }

    @Override
    public Tensor square(Tensor a) {
        return a.pow(new Scalar(2.0));
    }

    @Override
    public Tensor exp(Tensor a) {
        return a.exp();
    }

    @Override
    public Tensor tanh(Tensor a) {
        return torch.tanh(a);
    }

    @Override
    public Tensor relu(Tensor a) {
        return torch.relu(a);
    }

    @Override
    public Tensor gelu(Tensor a) {
        return torch.gelu(a);
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
        return torch.amax(a, new long[] {axis}, false);
    }

    @Override
    public Tensor softmax(Tensor a, int axis) {
        return a.softmax(axis);
    }

    @Override
    public Tensor logSoftmax(Tensor a, int axis) {
        return a.log_softmax(axis);
    }

    @Override
    public Tensor layerNorm(Tensor a, Tensor weight, Tensor bias) {
        return torch.layer_norm(
                a, new long[] {weight.numel()}, new TensorOptional(weight), new TensorOptional(bias), 1e-5, true);
    }

    @Override
    public Tensor bce(Tensor logits, Tensor targets) {
        return torch.binary_cross_entropy_with_logits(logits, targets);
    }

    @Override
    public List<Tensor> gradients(Supplier<Tensor> function, @Nullable Tensor seed, List<Tensor> parameters) {
        Tensor output = function.get();
        if (seed == null) {
            output.backward();
        } else {
            output.backward(seed, new BoolOptional(), false, new TensorArrayRefOptional());
        }
        List<Tensor> results = new ArrayList<>(List.of(output));
        for (Tensor parameter : parameters) {
            results.add(new Tensor(parameter.grad()));
            parameter.mutable_grad().reset();
        }
        return results;
    }

    @Override
    public Trainer<Tensor> sgd(List<Tensor> parameters, double learningRate) {
        return new Optimized(parameters, new SGD(vector(parameters), new SGDOptions(learningRate)));
    }

    @Override
    public Trainer<Tensor> adam(List<Tensor> parameters, double learningRate) {
        return new Optimized(parameters, new Adam(vector(parameters), new AdamOptions(learningRate)));
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.toArray(Tensor[]::new));
    }

    private record Optimized(List<Tensor> parameters, Optimizer optimizer) implements Trainer<Tensor> {
        @Override
        public Tensor step(Supplier<Tensor> loss) {
            optimizer.zero_grad();
            Tensor value = loss.get();
            value.backward();
            optimizer.step();
            return value;
        }

        @Override
        public void update(List<Tensor> gradients) {
            for (int i = 0; i < gradients.size(); i++) {
                parameters.get(i).mutable_grad().put(gradients.get(i));
            }
            optimizer.step();
        }
    }
}
