package org.clgrad.optim;

import java.util.List;
import org.clgrad.Tensor;
import org.clgrad.backend.AdamUpdate;

/**
 * Steps scaled by running moments of the gradient: torch.optim.Adam (Kingma and Ba, 2015).
 *
 * <pre>
 * d = gradient + weightDecay p                       (-gradient where it maximizes)
 * m = beta1 m + (1 - beta1) d
 * v = beta2 v + (1 - beta2) d d
 * p = p - learningRate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)      in step t
 * </pre>
 *
 * <p>With amsgrad the largest v so far takes v's place in the last line (Reddi, Kale and Kumar, 2018).
 */
public sealed class Adam extends Optimizer permits AdamW {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double eps = 1e-8;
    private double weightDecay;
    private boolean amsgrad;
    private boolean maximize;

    /** @throws IllegalArgumentException if there is no parameter, one is no leaf or given twice, or the rate is negative */
    public Adam(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Fractions of the moments that stay; 0.9 and 0.999 by default. */
    public final Adam betas(double first, double second) {
        beforeFirstStep("betas");
        beta1 = checked("beta parameter at index 0", first, first >= 0 && first < 1);
        beta2 = checked("beta parameter at index 1", second, second >= 0 && second < 1);
        return this;
    }

    /** Added to the root of the second moment, against division by zero; 1e-8 by default. */
    public final Adam eps(double value) {
        beforeFirstStep("eps");
        eps = atLeastZero("epsilon value", value);
        return this;
    }

    /** How much parameters shrink in each step, in the way that the class comment says. */
    public final Adam weightDecay(double factor) {
        beforeFirstStep("weightDecay");
        weightDecay = atLeastZero("weight_decay value", factor);
        return this;
    }

    /** Scales by the largest second moment so far. */
    public final Adam amsgrad(boolean on) {
        beforeFirstStep("amsgrad");
        amsgrad = on;
        return this;
    }

    /** Climbs instead of descending. */
    public final Adam maximize(boolean on) {
        beforeFirstStep("maximize");
        maximize = on;
        return this;
    }

    final double weightDecay() {
        return weightDecay;
    }

    /** How parameters decay, if they do. */
    AdamUpdate.Decay kindOfDecay() {
        return AdamUpdate.Decay.L2;
    }

    /** The number of the formulas that stands for the decay. */
    double decay() {
        return weightDecay;
    }

    @Override
    final Rule rule() {
        AdamUpdate.Decay decay = weightDecay == 0 ? AdamUpdate.Decay.NONE : kindOfDecay();
        List<String> state = List.of("expAvg", "expAvgSq", "maxExpAvgSq");
        return new Rule(state.subList(0, amsgrad ? 3 : 2), AdamUpdate.results(decay, amsgrad, maximize));
    }

    @Override
    final double[] constants(long step) {
        double rate = learningRate() / (1 - Math.pow(beta1, step));
        double correction = 1 / Math.sqrt(1 - Math.pow(beta2, step));
        return new double[] {beta1, 1 - beta1, beta2, 1 - beta2, correction, eps, -rate, decay()};
    }
}
