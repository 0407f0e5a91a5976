package org.clgrad.op;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.div;
import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.neg;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.backend.Expr.sub;
import static org.clgrad.op.PointwiseOp.A;
import static org.clgrad.op.PointwiseOp.B;
import static org.clgrad.op.PointwiseOp.G;
import static org.clgrad.op.PointwiseOp.Y;

import java.util.List;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;

/**
 * Powers, exponentials, logarithms, and the trigonometric functions.
 *
 * <pre>
 * y = exp a      da = g y            y = sin a      da = g cos a
 * y = log a      da = g / a          y = cos a      da = -g sin a
 * y = log1p a    da = g / (1 + a)    y = sqrt a     da = g / (2 y)
 * y = a^b        da = g b a^(b-1), 0 where b is 0
 *                db = g y log a,   0 where a is 0 and b is not negative
 * </pre>
 */
public final class Exponentials {
    private static final Expr K = Expr.constant(0);

    private static final PointwiseOp EXP = new PointwiseOp("Exp", 1, of(Fn.EXP, A), mul(G, Y));
    private static final PointwiseOp LOG = new PointwiseOp("Log", 1, of(Fn.LOG, A), div(G, A));
    private static final PointwiseOp LOG1P = new PointwiseOp("Log1P", 1, of(Fn.LOG1P, A), div(G, add(A, literal(1))));
    private static final PointwiseOp SQRT = new PointwiseOp("Sqrt", 1, of(Fn.SQRT, A), div(G, mul(literal(2), Y)));
    private static final PointwiseOp SIN = new PointwiseOp("Sin", 1, of(Fn.SIN, A), mul(G, of(Fn.COS, A)));
    private static final PointwiseOp COS = new PointwiseOp("Cos", 1, of(Fn.COS, A), neg(mul(G, of(Fn.SIN, A))));
    private static final PointwiseOp POW = new PointwiseOp(
            "PowBackward1",
            2,
            of(Fn.POW, A, B),
            of(Fn.POW_BACKWARD_BASE, G, A, B),
            of(Fn.POW_BACKWARD_EXPONENT, G, A, B, Y));
    static final List<PointwiseOp> RULES = List.of(EXP, LOG, LOG1P, SQRT, SIN, COS, POW);

    // powers that need no logarithm; their derivatives, of every order, are powers of this kind again
    private static final PointwiseOp ONES = new PointwiseOp("Pow", 1, of(Fn.POW, A, literal(0)), literal(0));
    private static final PointwiseOp SQUARE = new PointwiseOp("Pow", 1, mul(A, A), mul(G, mul(literal(2), A)));
    private static final PointwiseOp CUBE = new PointwiseOp("Pow", 1, mul(A, mul(A, A)));
    private static final PointwiseOp SQUARE_ROOT =
            new PointwiseOp("Pow", 1, of(Fn.SQRT, A), div(G, mul(literal(2), Y)));
    private static final PointwiseOp POW_SCALAR =
            new PointwiseOp("Pow", 1, of(Fn.POW, A, K), mul(G, mul(K, of(Fn.POW, A, sub(K, literal(1))))));
    private static final PointwiseOp SCALAR_POW =
            new PointwiseOp("PowBackward2", 1, of(Fn.POW, K, A), of(Fn.POW_BACKWARD_EXPONENT, G, K, A, Y));

    private Exponentials() {}

    public static Variable exp(Variable a) {
        return EXP.apply(a);
    }

    public static Variable log(Variable a) {
        return LOG.apply(a);
    }

    public static Variable log1p(Variable a) {
        return LOG1P.apply(a);
    }

    public static Variable sqrt(Variable a) {
        return SQRT.apply(a);
    }

    public static Variable sin(Variable a) {
        return SIN.apply(a);
    }

    public static Variable cos(Variable a) {
        return COS.apply(a);
    }

    public static Variable pow(Variable a, Variable b) {
        return POW.apply(a, b);
    }

    public static Variable pow(Variable a, double k) {
        return power(k).apply(new double[] {k}, a);
    }

    public static Variable powInPlace(Variable a, double k) {
        return power(k).applyInPlace(new double[] {k}, a);
    }

    /** k^a. */
    public static Variable rpow(double k, Variable a) {
        return SCALAR_POW.apply(new double[] {k}, a);
    }

    private static PointwiseOp power(double k) {
        if (k == 0) {
            return ONES;
        }
        return k == 2 ? SQUARE : k == 3 ? CUBE : k == 0.5 ? SQUARE_ROOT : POW_SCALAR;
    }
}
