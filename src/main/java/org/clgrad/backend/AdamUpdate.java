package org.clgrad.backend;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.constant;
import static org.clgrad.backend.Expr.div;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.neg;

import java.util.List;

/**
 * A step of Adam as an update. Its formulas are the definition; a backend may know them and have something faster.
 *
 * <pre>
 * d = g, and decay p with it                         (-g where it maximizes)
 * m = beta1 m + (1 - beta1) d
 * v = beta2 v + (1 - beta2) d d
 * p = p - rate m / (sqrt(v) correction + eps)        (the largest v so far with amsgrad; decay p in p's place where decay is decoupled)
 * </pre>
 *
 * <p>Inputs are p, m, v, the largest v with amsgrad, and g; constants beta1, 1 - beta1, beta2, 1 - beta2, correction, eps, -rate and decay.
 */
public final class AdamUpdate {
    /** How parameters decay. */
    public enum Decay {
        NONE,
        /** As a part of the gradient. */
        L2,
        /** By a factor, past the moments. */
        DECOUPLED
    }

    private static final Expr BETA1 = constant(0);
    private static final Expr SHARE1 = constant(1);
    private static final Expr BETA2 = constant(2);
    private static final Expr SHARE2 = constant(3);
    private static final Expr CORRECTION = constant(4);
    private static final Expr EPS = constant(5);
    private static final Expr RATE = constant(6);
    private static final Expr DECAY = constant(7);
    private static final Expr P = input(0);

    private AdamUpdate() {}

    /** The new p, m and v, and the largest v with amsgrad. */
    public static List<Expr> results(Decay decay, boolean amsgrad, boolean maximize) {
        Expr gradient = input(amsgrad ? 4 : 3);
        Expr slope = maximize ? neg(gradient) : gradient;
        Expr direction = decay == Decay.L2 ? add(slope, mul(P, DECAY)) : slope;
        Expr parameter = decay == Decay.DECOUPLED ? mul(P, DECAY) : P;
        Expr first = add(mul(input(1), BETA1), mul(direction, SHARE1));
        Expr second = add(mul(input(2), BETA2), mul(mul(direction, SHARE2), direction));
        Expr largest = amsgrad ? Expr.of(Fn.MAXIMUM, input(3), second) : second;
        Expr scale = add(mul(Expr.of(Fn.SQRT, largest), CORRECTION), EPS);
        Expr next = add(parameter, div(mul(first, RATE), scale));
        return amsgrad ? List.of(next, first, second, largest) : List.of(next, first, second);
    }
}
