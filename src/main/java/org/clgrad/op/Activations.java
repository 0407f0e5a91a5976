package org.clgrad.op;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.neg;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.backend.Expr.sub;
import static org.clgrad.op.PointwiseOp.A;
import static org.clgrad.op.PointwiseOp.G;
import static org.clgrad.op.PointwiseOp.Y;

import java.util.List;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;

/**
 * Functions that follow a layer. Where the result will do, it is saved rather than the input.
 *
 * <pre>
 * y = 1 / (1 + exp(-a))   da = g y (1 - y)
 * y = tanh a              da = g (1 - y y)
 * y = max(a, 0)           da = g where y is above 0 (or NaN), else 0
 * y = erf a               da = g 2 / sqrt(pi) exp(-a a)
 * y = a P(a)              da = g (P(a) + a p(a)), P and p the normal distribution and its density
 * y = a s                 da = g s (1 + a (1 - s) u'), s = sigmoid u = (1 + tanh(u / 2)) / 2, u = sqrt(8 / pi) (a + 0.044715 a^3)
 * </pre>
 *
 * <p>The last two are GELU (Hendrycks and Gimpel, 2016), exact and approximate.
 */
public final class Activations {
    private static final Expr ONE = literal(1);

    private static final PointwiseOp SIGMOID =
            new PointwiseOp("Sigmoid", 1, of(Fn.SIGMOID, A), mul(G, mul(Y, sub(ONE, Y))));
    private static final PointwiseOp TANH = new PointwiseOp("Tanh", 1, of(Fn.TANH, A), mul(G, sub(ONE, mul(Y, Y))));
    private static final PointwiseOp RELU =
            new PointwiseOp("Relu", 1, of(Fn.RELU, A), of(Fn.SELECT, of(Fn.LE, Y, literal(0)), literal(0), G));
    private static final PointwiseOp ERF = new PointwiseOp(
            "Erf", 1, of(Fn.ERF, A), mul(G, mul(literal(2 / Math.sqrt(Math.PI)), of(Fn.EXP, neg(mul(A, A))))));
    static final List<PointwiseOp> RULES = List.of(SIGMOID, TANH, RELU, ERF);

    private static final PointwiseOp GELU = new PointwiseOp("Gelu", 1, of(Fn.GELU, A), of(Fn.GELU_BACKWARD, G, A));

    private static final double CUBIC = 0.044715;
    private static final Expr SCALE = literal(Math.sqrt(8 / Math.PI));
    private static final Expr U = mul(mul(A, SCALE), add(ONE, mul(mul(A, A), literal(CUBIC))));
    private static final Expr SLOPE = mul(SCALE, add(ONE, mul(mul(A, A), literal(3 * CUBIC))));
    private static final Expr S = of(Fn.SIGMOID, U); // half of 1 + tanh(U / 2), without loss where that is near 0
    private static final PointwiseOp GELU_TANH =
            new PointwiseOp("Gelu", 1, mul(A, S), mul(mul(G, S), add(ONE, mul(mul(A, sub(ONE, S)), SLOPE))));

    private Activations() {}

    public static Variable sigmoid(Variable a) {
        return SIGMOID.apply(a);
    }

    public static Variable tanh(Variable a) {
        return TANH.apply(a);
    }

    public static Variable erf(Variable a) {
        return ERF.apply(a);
    }

    /** a times the probability that a normal variable is below a. */
    public static Variable gelu(Variable a) {
        return GELU.apply(a);
    }

    /** Its approximation by tanh. */
    public static Variable geluTanh(Variable a) {
        return GELU_TANH.apply(a);
    }

    public static Variable relu(Variable a) {
        return RELU.apply(a);
    }
}
