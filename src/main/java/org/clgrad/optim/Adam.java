package org.clgrad.optim;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.constant;
import static org.clgrad.backend.Expr.div;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.neg;

import java.util.List;
import org.clgrad.Tensor;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;

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
    private static final Expr BETA1 = constant(0);
    private static final Expr SHARE1 = constant(1); // 1 - beta1
    private static final Expr BETA2 = constant(2);
    private static final Expr SHARE2 = constant(3); // 1 - beta2
    private static final Expr CORRECTION = constant(4); // sqrt(1 - beta2^t)
    private static final Expr EPS = constant(5);
    private static final Expr RATE = constant(6); // -learningRate / (1 - beta1^t)
    static final Expr DECAY = constant(7);

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

    /** The gradient with the decay's part in it. */
    Expr decayed(Expr gradient) {
        return add(gradient, mul(PARAMETER, DECAY));
    }

    /** The parameter before the step, after the decay's part. */
    Expr decayedParameter() {
        return PARAMETER;
    }

    /** The number of the formulas that stands for the decay. */
    double decay() {
        return weightDecay;
    }

    @Override
    final Rule rule() {
        Expr gradient = input(amsgrad ? 4 : 3);
        Expr direction = maximize ? neg(gradient) : gradient;
        direction = weightDecay == 0 ? direction : decayed(direction);
        Expr parameter = weightDecay == 0 ? PARAMETER : decayedParameter();
        Expr first = add(mul(input(1), BETA1), mul(direction, SHARE1));
        Expr second = add(mul(input(2), BETA2), mul(mul(direction, SHARE2), direction));
        Expr largest = amsgrad ? Expr.of(Fn.MAXIMUM, input(3), second) : second;
        Expr scale = add(div(Expr.of(Fn.SQRT, largest), CORRECTION), EPS);
        Expr next = add(parameter, div(mul(first, RATE), scale));
        return amsgrad
                ? new Rule(List.of("expAvg", "expAvgSq", "maxExpAvgSq"), List.of(next, first, second, largest))
                : new Rule(List.of("expAvg", "expAvgSq"), List.of(next, first, second));
    }

    @Override
    final double[] constants(long step) {
        double rate = learningRate() / (1 - Math.pow(beta1, step));
        double correction = Math.sqrt(1 - Math.pow(beta2, step));
        return new double[] {beta1, 1 - beta1, beta2, 1 - beta2, correction, eps, -rate, decay()};
    }
}
