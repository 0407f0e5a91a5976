package org.clgrad.cli;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.Device;
import org.clgrad.Tensor;
import org.clgrad.array.DType;

/** Linear layers with tanh between them; with one layer, logistic regression. The output is a logit. */
final class Perceptron {
    private final List<Tensor> weights = new ArrayList<>();
    private final List<Tensor> biases = new ArrayList<>();

    /** @param sizes of the input, of every hidden layer, and of the output */
    Perceptron(Device device, int... sizes) {
        for (int i = 0; i + 1 < sizes.length; i++) {
            double deviation = 1 / Math.sqrt(sizes[i]); // keeps the variance of standardised inputs
            weights.add(Tensor.randn(device, DType.FLOAT32, sizes[i], sizes[i + 1])
                    .mul_(deviation)
                    .requiresGrad(true));
            biases.add(Tensor.zeros(device, DType.FLOAT32, sizes[i + 1]).requiresGrad(true));
        }
    }

    /** Rows [n, inputs] give logits [n, outputs]. */
    Tensor forward(Tensor rows) {
        Tensor x = rows;
        for (int i = 0; i < weights.size(); i++) {
            Tensor hidden = i == 0 ? x : x.tanh();
            x = hidden.matmul(weights.get(i)).add(biases.get(i));
        }
        return x;
    }

    /** The sum of all squared weights, of shape []. */
    Tensor squaredWeights() {
        return weights.stream().map(w -> w.pow(2).sum()).reduce(Tensor::add).orElseThrow();
    }

    List<Tensor> parameters() {
        List<Tensor> all = new ArrayList<>(weights);
        all.addAll(biases);
        return all;
    }
}
