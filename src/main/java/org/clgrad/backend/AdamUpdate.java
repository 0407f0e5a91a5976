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
 * <p>Inputs are p, m, v, the largest v with amsgrad, and g.
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

    // Indices of the constants, in step t.
    public static final int BETA1 = 0;
    public static final int SHARE1 = 1; // 1 - beta1
    public static final int BETA2 = 2;
    public static final int SHARE2 = 3; // 1 - beta2
    public static final int CORRECTION = 4; // 1 / sqrt(1 - beta2^t): a product takes a fifth of a division's time
    public static final int EPS = 5;
    public static final int RATE = 6; // -learningRate / (1 - beta1^t)
    public static final int DECAY = 7;

    private static final Expr P = input(0);

    private AdamUpdate() {}

    /** The new p, m and v, and the largest v with amsgrad. */
    public static List<Expr> results(Decay decay, boolean amsgrad, boolean maximize) {
        Expr gradient = input(amsgrad ? 4 : 3);
        Expr slope = maximize ? neg(gradient) : gradient;
        Expr direction = decay == Decay.L2 ? add(slope, mul(P, constant(DECAY))) : slope;
        Expr parameter = decay == Decay.DECOUPLED ? mul(P, constant(DECAY)) : P;
        Expr first = add(mul(input(1), constant(BETA1)), mul(direction, constant(SHARE1)));
        Expr second = add(mul(input(2), constant(BETA2)), mul(mul(direction, constant(SHARE2)), direction));
        Expr largest = amsgrad ? Expr.of(Fn.MAXIMUM, input(3), second) : second;
        Expr scale = add(mul(Expr.of(Fn.SQRT, largest), constant(CORRECTION)), constant(EPS));
        Expr next = add(parameter, div(mul(first, constant(RATE)), scale));
        return amsgrad ? List.of(next, first, second, largest) : List.of(next, first, second);
    }
}
