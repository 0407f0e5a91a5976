package org.clgrad.backend;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.sub;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Scalar functions of floating-point numbers, the vocabulary of {@link Expr}. Each is defined once for OpenCL, by its
 * lower-case name in opencl-kernels/, and for Java by a loop over arrays or by a body of simpler functions, which a type may have a
 * faster loop for.
 *
 * <p>Comparisons give 1 or 0. Corner cases (NaN, signed zeros, infinities) are those of PyTorch's operation of that name.
 */
public enum Fn {
    NEG(1),
    ABS(1),
    /** -1, 0 or 1; 0 for NaN. */
    SIGN(1),
    EXP(1),
    LOG(1),
    LOG1P(1),
    SQRT(1),
    SIN(1),
    COS(1),
    TANH(1),
    /** 1 / (1 + exp(-x)), without overflow. */
    SIGMOID(1),
    /** max(x, 0); NaN stays NaN. */
    RELU(1),
    /** 2 / sqrt(pi) times the integral of exp(-t t) from 0 to x. */
    ERF(1),
    /** x P(x), P the normal distribution: the probability that a normal variable is below x. */
    GELU(1, () -> mul(input(0), normal(input(0)))),

    ADD(2),
    SUB(2),
    MUL(2),
    DIV(2),
    /** The first raised to the second, as C's pow. */
    POW(2),
    /** The larger; NaN if either is. */
    MAXIMUM(2),
    /** The smaller; NaN if either is. */
    MINIMUM(2),
    EQ(2),
    NE(2),
    LT(2),
    LE(2),
    GT(2),
    GE(2),

    /** The second where the first is not 0, else the third. What is not selected has no influence, NaN included. */
    SELECT(3),

    /** (g, x, p): derivative of x^p by x, times g: {@code g p x^(p-1)}, and 0 where p is 0. */
    POW_BACKWARD_BASE(3, () -> {
        Expr g = input(0);
        Expr x = input(1);
        Expr p = input(2);
        Expr slope = mul(g, mul(p, Expr.of(Fn.POW, x, sub(p, literal(1)))));
        return Expr.of(Fn.SELECT, Expr.of(Fn.EQ, p, literal(0)), literal(0), slope);
    }),
    /** (g, x, p, y): derivative of y = x^p by p, times g: {@code g y log x}, and 0 where x is 0 and p is not negative. */
    POW_BACKWARD_EXPONENT(4, () -> {
        Expr x = input(1);
        Expr flat = mul(Expr.of(Fn.EQ, x, literal(0)), Expr.of(Fn.GE, input(2), literal(0)));
        Expr slope = mul(input(0), mul(input(3), Expr.of(Fn.LOG, x)));
        return Expr.of(Fn.SELECT, flat, literal(0), slope);
    }),
    /** (x, y): binary cross entropy of a logit and a target, {@code (1 - y) x + max(-x, 0) + log(1 + exp(-|x|))}. */
    BCE_WITH_LOGITS(2, () -> {
        Expr x = input(0);
        Expr tail = Expr.of(Fn.LOG1P, Expr.of(Fn.EXP, Expr.of(Fn.NEG, Expr.of(Fn.ABS, x))));
        Expr wrongSide = Expr.of(Fn.RELU, Expr.of(Fn.NEG, x)); // cancels the first term exactly where y is 0
        return add(add(mul(sub(literal(1), input(1)), x), wrongSide), tail);
    }),
    /** (g, x, y): its derivative by the logit, times g: {@code g (sigmoid(x) - y)}. */
    BCE_WITH_LOGITS_BACKWARD(3, () -> mul(input(0), sub(Expr.of(Fn.SIGMOID, input(1)), input(2)))),
    /** (g, x): derivative of x P(x), times g: {@code g (P(x) + x p(x))}, p the density exp(-x x / 2) / sqrt(2 pi). */
    GELU_BACKWARD(2, () -> {
        Expr x = input(1);
        Expr power = Expr.of(Fn.EXP, mul(mul(x, x), literal(-0.5)));
        return mul(input(0), add(normal(x), mul(x, mul(literal(1 / Math.sqrt(2 * Math.PI)), power))));
    });

    private static Expr normal(Expr x) {
        return add(literal(0.5), mul(literal(0.5), Expr.of(Fn.ERF, mul(x, literal(Math.sqrt(0.5))))));
    }

    private final int arity;
    private final @Nullable Supplier<Expr> definition;
    private volatile @Nullable Expr body;

    Fn(int arity) {
        this(arity, null);
    }

    Fn(int arity, @Nullable Supplier<Expr> definition) {
        this.arity = arity;
        this.definition = definition;
    }

    public int arity() {
        return arity;
    }

    /** The function in terms of simpler ones, over its arguments as inputs; null for a primitive. Its derivatives follow from it. */
    public @Nullable Expr body() {
        if (body == null && definition != null) {
            body = definition.get(); // late, since a body names other constants of this enum
        }
        return body;
    }

    /** Time to compute it on a vector, in additions; roughly the same on all devices. */
    public int cost() {
        return switch (this) {
            case DIV, SQRT -> 4;
            case EXP, LOG, LOG1P, SIN, COS, TANH, SIGMOID, POW, ERF, GELU, GELU_BACKWARD -> 16;
            default -> body() instanceof Expr.Apply apply ? apply.cost() : 1;
        };
    }

    /** The function's name in kernel sources. */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
