package org.clgrad.backend;

import static org.clgrad.backend.Expr.div;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.backend.Expr.sub;
import static org.clgrad.backend.RowProgram.KEPT;
import static org.clgrad.backend.RowProgram.max;
import static org.clgrad.backend.RowProgram.scalar;
import static org.clgrad.backend.RowProgram.sum;

import java.util.List;

/**
 * Softmax and its logarithm as row programs. They are the definition; a backend may know them and have something faster.
 *
 * <pre>
 * y = exp(a - max a) / sum exp(a - max a)          da = y (g - sum g y)
 * y = a - max a - log sum exp(a - max a)           da = g - exp(y) sum g
 * </pre>
 *
 * <p>The quotient is a product with the sum's reciprocal: a division takes a processor five times as long, and here there is one for each row.
 */
public final class SoftmaxRows {
    private static final Expr A = input(0);
    private static final Expr G = input(0);
    private static final Expr Y = input(1);
    private static final RowProgram.Stage POWERS = sum(of(Fn.EXP, sub(A, scalar(0))));

    /** Over a. */
    public static final RowProgram SOFTMAX = new RowProgram(
            List.of(max(A), POWERS.keep().then(div(literal(1), scalar(1)))), mul(KEPT, scalar(1)), List.of());

    /** Over a. */
    public static final RowProgram LOG_SOFTMAX = new RowProgram(
            List.of(max(A), POWERS.then(of(Fn.LOG, scalar(1)))), sub(sub(A, scalar(0)), scalar(1)), List.of());

    /** Over g and y. */
    public static final RowProgram BACKWARD =
            new RowProgram(List.of(sum(mul(G, Y))), mul(Y, sub(G, scalar(0))), List.of());

    /** Over g and y. */
    public static final RowProgram LOG_BACKWARD =
            new RowProgram(List.of(sum(G)), sub(G, mul(of(Fn.EXP, Y), scalar(0))), List.of());

    private SoftmaxRows() {}
}
