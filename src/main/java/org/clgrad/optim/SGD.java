package org.clgrad.optim;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.constant;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.neg;

import java.util.List;
import org.clgrad.Tensor;
import org.clgrad.backend.Expr;

/**
 * Stochastic gradient descent, with Nesterov's momentum if asked for: torch.optim.SGD.
 *
 * <pre>
 * d = gradient + weightDecay p         (-gradient where it maximizes)
 * v = momentum v + (1 - dampening) d   (d itself in the first step)
 * p = p - learningRate v               (d + momentum v in place of v, for Nesterov's; d without momentum)
 * </pre>
 */
public final class SGD extends Optimizer {
    private static final Expr RATE = constant(0); // negative
    private static final Expr MOMENTUM = constant(1);
    private static final Expr SHARE = constant(2); // of the gradient in the velocity
    private static final Expr DECAY = constant(3);

    private double momentum;
    private double dampening;
    private double weightDecay;
    private boolean nesterov;
    private boolean maximize;

    /** @throws IllegalArgumentException if there is no parameter, one is no leaf or given twice, or the rate is negative */
    public SGD(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Fraction of the velocity that stays; 0 by default. */
    public SGD momentum(double fraction) {
        beforeFirstStep("momentum");
        momentum = atLeastZero("momentum value", fraction);
        return this;
    }

    /** Fraction of the gradient that the velocity does not take; 0 by default. */
    public SGD dampening(double fraction) {
        beforeFirstStep("dampening");
        dampening = fraction;
        return this;
    }

    /** Factor of the parameter that is added to its gradient, the derivative of an L2 penalty; 0 by default. */
    public SGD weightDecay(double factor) {
        beforeFirstStep("weightDecay");
        weightDecay = atLeastZero("weight_decay value", factor);
        return this;
    }

    /** Looks ahead: needs momentum, and no dampening, else the first step throws an IllegalArgumentException. */
    public SGD nesterov(boolean on) {
        beforeFirstStep("nesterov");
        nesterov = on;
        return this;
    }

    /** Climbs instead of descending. */
    public SGD maximize(boolean on) {
        beforeFirstStep("maximize");
        maximize = on;
        return this;
    }

    @Override
    Rule rule() {
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new IllegalArgumentException("SGD: Nesterov momentum requires a momentum and zero dampening, not "
                    + momentum + " and " + dampening);
        }
        Expr gradient = input(momentum == 0 ? 1 : 2);
        Expr direction = maximize ? neg(gradient) : gradient;
        direction = weightDecay == 0 ? direction : add(direction, mul(PARAMETER, DECAY));
        if (momentum == 0) {
            return new Rule(List.of(), List.of(add(PARAMETER, mul(direction, RATE))));
        }
        Expr velocity = add(mul(input(1), MOMENTUM), mul(direction, SHARE));
        Expr move = nesterov ? add(direction, mul(velocity, MOMENTUM)) : velocity;
        return new Rule(List.of("momentumBuffer"), List.of(add(PARAMETER, mul(move, RATE)), velocity));
    }

    @Override
    double[] constants(long step) {
        return new double[] {-learningRate(), momentum, step == 1 ? 1 : 1 - dampening, weightDecay};
    }
}
