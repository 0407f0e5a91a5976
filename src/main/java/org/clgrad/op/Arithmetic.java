package org.clgrad.op;

import static org.clgrad.op.PointwiseOp.A;
import static org.clgrad.op.PointwiseOp.B;
import static org.clgrad.op.PointwiseOp.G;
import static org.clgrad.op.PointwiseOp.Y;

import java.util.List;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;

/**
 * Sums, differences, products, quotients.
 *
 * <pre>
 * y = a + b    da = g       db = g
 * y = a - b    da = g       db = -g
 * y = a b      da = g b     db = g a
 * y = a / b    da = g / b   db = -g y / b
 * </pre>
 */
public final class Arithmetic {
    private static final Expr K = Expr.constant(0);

    private static final PointwiseOp ADD = new PointwiseOp("Add", 2, Expr.of(Fn.ADD, A, B), G, G);
    private static final PointwiseOp SUB = new PointwiseOp("Sub", 2, Expr.of(Fn.SUB, A, B), G, Expr.neg(G));
    private static final PointwiseOp MUL =
            new PointwiseOp("Mul", 2, Expr.of(Fn.MUL, A, B), Expr.mul(G, B), Expr.mul(G, A));
    private static final PointwiseOp DIV =
            new PointwiseOp("Div", 2, Expr.of(Fn.DIV, A, B), Expr.div(G, B), Expr.neg(Expr.mul(G, Expr.div(Y, B))));
    private static final PointwiseOp NEG = new PointwiseOp("Neg", 1, Expr.of(Fn.NEG, A), Expr.neg(G));
    static final List<PointwiseOp> RULES = List.of(ADD, SUB, MUL, DIV, NEG);

    private static final PointwiseOp ADD_SCALAR = new PointwiseOp("Add", 1, Expr.add(A, K));
    private static final PointwiseOp SUB_SCALAR = new PointwiseOp("Sub", 1, Expr.sub(A, K));
    private static final PointwiseOp SCALAR_SUB = new PointwiseOp("RsubBackward1", 1, Expr.sub(K, A));
    private static final PointwiseOp MUL_SCALAR = new PointwiseOp("Mul", 1, Expr.mul(A, K));
    private static final PointwiseOp DIV_SCALAR = new PointwiseOp("Div", 1, Expr.div(A, K));
    private static final PointwiseOp SCALAR_DIV =
            new PointwiseOp("Div", 1, Expr.div(K, A), Expr.neg(Expr.mul(G, Expr.div(Y, A))));
    private static final PointwiseOp ADD_SCALED =
            new PointwiseOp("Add", 2, Expr.add(A, Expr.mul(B, K)), G, Expr.mul(G, K));

    private Arithmetic() {}

    public static Variable add(Variable a, Variable b) {
        return ADD.apply(a, b);
    }

    public static Variable add(Variable a, double k) {
        return ADD_SCALAR.apply(new double[] {k}, a);
    }

    public static Variable sub(Variable a, Variable b) {
        return SUB.apply(a, b);
    }

    public static Variable sub(Variable a, double k) {
        return SUB_SCALAR.apply(new double[] {k}, a);
    }

    /** k - a. */
    public static Variable rsub(double k, Variable a) {
        return SCALAR_SUB.apply(new double[] {k}, a);
    }

    public static Variable mul(Variable a, Variable b) {
        return MUL.apply(a, b);
    }

    public static Variable mul(Variable a, double k) {
        return MUL_SCALAR.apply(new double[] {k}, a);
    }

    public static Variable div(Variable a, Variable b) {
        return DIV.apply(a, b);
    }

    public static Variable div(Variable a, double k) {
        return DIV_SCALAR.apply(new double[] {k}, a);
    }

    /** k / a. */
    public static Variable rdiv(double k, Variable a) {
        return SCALAR_DIV.apply(new double[] {k}, a);
    }

    public static Variable neg(Variable a) {
        return NEG.apply(a);
    }

    /** a += alpha b, in place. */
    public static Variable addInPlace(Variable a, Variable b, double alpha) {
        return alpha == 1 ? ADD.applyInPlace(NONE, a, b) : ADD_SCALED.applyInPlace(new double[] {alpha}, a, b);
    }

    public static Variable addInPlace(Variable a, double k) {
        return ADD_SCALAR.applyInPlace(new double[] {k}, a);
    }

    /** a -= alpha b, in place. */
    public static Variable subInPlace(Variable a, Variable b, double alpha) {
        return alpha == 1 ? SUB.applyInPlace(NONE, a, b) : ADD_SCALED.applyInPlace(new double[] {-alpha}, a, b);
    }

    public static Variable subInPlace(Variable a, double k) {
        return SUB_SCALAR.applyInPlace(new double[] {k}, a);
    }

    public static Variable mulInPlace(Variable a, Variable b) {
        return MUL.applyInPlace(NONE, a, b);
    }

    public static Variable mulInPlace(Variable a, double k) {
        return MUL_SCALAR.applyInPlace(new double[] {k}, a);
    }

    public static Variable divInPlace(Variable a, Variable b) {
        return DIV.applyInPlace(NONE, a, b);
    }

    public static Variable divInPlace(Variable a, double k) {
        return DIV_SCALAR.applyInPlace(new double[] {k}, a);
    }

    private static final double[] NONE = {};
}
