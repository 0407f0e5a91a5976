package org.clgrad.op;

import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
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
 * Functions that follow a layer; all save their result rather than their input.
 *
 * <pre>
 * y = 1 / (1 + exp(-a))   da = g y (1 - y)
 * y = tanh a              da = g (1 - y y)
 * y = max(a, 0)           da = g where y is above 0 (or NaN), else 0
 * </pre>
 */
public final class Activations {
    private static final Expr ONE = literal(1);

    private static final PointwiseOp SIGMOID =
            new PointwiseOp("Sigmoid", 1, of(Fn.SIGMOID, A), mul(G, mul(Y, sub(ONE, Y))));
    private static final PointwiseOp TANH = new PointwiseOp("Tanh", 1, of(Fn.TANH, A), mul(G, sub(ONE, mul(Y, Y))));
    private static final PointwiseOp RELU =
            new PointwiseOp("Relu", 1, of(Fn.RELU, A), of(Fn.SELECT, of(Fn.LE, Y, literal(0)), literal(0), G));
    static final List<PointwiseOp> RULES = List.of(SIGMOID, TANH, RELU);

    private Activations() {}

    public static Variable sigmoid(Variable a) {
        return SIGMOID.apply(a);
    }

    public static Variable tanh(Variable a) {
        return TANH.apply(a);
    }

    public static Variable relu(Variable a) {
        return RELU.apply(a);
    }
}
