package org.clgrad.op;

import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;

/** Division of a fresh array by a number, where nobody else sees it yet. */
final class Scaling {
    private static final Expr QUOTIENT = Expr.div(Expr.input(0), Expr.constant(0));

    private Scaling() {}

    static void divideInPlace(NdArray array, double divisor) {
        if (array.numel() > 0) {
            array.backend().pointwise(QUOTIENT, new NdArray[] {array}, new double[] {divisor}, array);
        }
    }
}
