package org.clgrad.cli;

import java.util.List;
import java.util.Objects;
import org.clgrad.Autograd;
import org.clgrad.Tensor;

/** Gradient descent with momentum: {@code v = momentum v + gradient; p = p - learningRate v}, as torch.optim.SGD. */
final class GradientDescent {
    private final List<Tensor> parameters;
    private final List<Tensor> velocities;
    private final double learningRate;
    private final double momentum;

    GradientDescent(List<Tensor> parameters, double learningRate, double momentum) {
        this.parameters = parameters;
        this.velocities = parameters.stream().map(Tensor::zerosLike).toList();
        this.learningRate = learningRate;
        this.momentum = momentum;
    }

    /** Moves every parameter, and forgets its gradient. */
    void step() {
        try (var guard = Autograd.noGrad()) {
            for (int i = 0; i < parameters.size(); i++) {
                Tensor parameter = parameters.get(i);
                Tensor gradient = Objects.requireNonNull(parameter.grad(), "a parameter has no gradient");
                Tensor velocity = velocities.get(i).mul_(momentum).add_(gradient);
                parameter.sub_(velocity, learningRate).grad(null);
            }
        }
    }
}
