package org.clgrad.backend;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.constant;
import static org.clgrad.backend.Expr.div;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.backend.Expr.sub;
import static org.clgrad.backend.RowProgram.scalar;
import static org.clgrad.backend.RowProgram.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Layer normalization as row programs, by what is there and what is wanted. They are the definition; a backend may know them and have
 * something faster.
 *
 * <pre>
 * m = mean a, r = 1 / sqrt(mean (a - m)^2 + eps), z = (a - m) r
 * y = z w + b
 * da = r (p - mean p - z mean p z) with p = g w      dw = sum g z over rows      db = sum g over rows
 * </pre>
 *
 * <p>The deviation is summed in a second pass over the row, so that a large mean costs no digits.
 */
public final class LayerNormRows {
    /** The gradient of the input is wanted. */
    public static final int INPUT = 1;
    /** ... of a layer with a weight. */
    public static final int WEIGHTED = 2;
    /** The gradient of the weight is wanted. */
    public static final int WEIGHT = 4;
    /** The gradient of the bias is wanted. */
    public static final int BIAS = 8;

    /** One more than the largest sum of them. */
    public static final int KINDS = 16;

    private static final Expr COUNT = constant(0);
    private static final Expr EPS = constant(1);
    private static final Expr MEAN = scalar(0);
    private static final Expr DEVIATION = sub(input(0), MEAN);
    private static final List<RowProgram.Stage> MOMENTS = List.of(
            sum(input(0)).then(div(MEAN, COUNT)),
            sum(mul(DEVIATION, DEVIATION)).then(div(literal(1), of(Fn.SQRT, add(div(scalar(1), COUNT), EPS)))));
    private static final Expr Z = mul(DEVIATION, scalar(1));

    /** By whether there is a weight, and a bias. */
    private static final RowProgram[][] FORWARD = {
        {normalized(Z), normalized(add(Z, input(1)))},
        {normalized(mul(Z, input(1))), normalized(add(mul(Z, input(1)), input(2)))}
    };

    private static final RowProgram[] BACKWARD =
            IntStream.range(0, KINDS).mapToObj(LayerNormRows::gradients).toArray(RowProgram[]::new);

    private LayerNormRows() {}

    /** Over a, the weight and the bias, and constants n and eps: y, and for each row m and r. */
    public static RowProgram forward(boolean hasWeight, boolean hasBias) {
        return FORWARD[hasWeight ? 1 : 0][hasBias ? 1 : 0];
    }

    /**
     * Over g, a, m and r, and the weight if it is {@link #WEIGHTED}, and constant n: da, and the sums dw and db.
     *
     * @param wanted a sum of the constants above
     */
    public static RowProgram backward(int wanted) {
        return BACKWARD[wanted];
    }

    private static RowProgram normalized(Expr result) {
        return new RowProgram(MOMENTS, result, List.of(MEAN, scalar(1)));
    }

    private static RowProgram gradients(int wanted) {
        Expr g = input(0);
        Expr z = mul(sub(input(1), input(2)), input(3));
        Expr p = hasAny(wanted, WEIGHTED) ? mul(g, input(4)) : g;
        List<Expr> sums = new ArrayList<>();
        if (hasAny(wanted, WEIGHT)) {
            sums.add(mul(g, z));
        }
        if (hasAny(wanted, BIAS)) {
            sums.add(g);
        }
        return hasAny(wanted, INPUT)
                ? new RowProgram(
                        List.of(
                                sum(p).then(div(scalar(0), COUNT)),
                                sum(mul(p, z)).then(div(scalar(1), COUNT))),
                        mul(input(3), sub(sub(p, scalar(0)), mul(z, scalar(1)))),
                        List.of(),
                        sums)
                : new RowProgram(List.of(), null, List.of(), sums);
    }

    /** Whether any of the flags is among what is wanted. */
    public static boolean hasAny(int wanted, int flags) {
        return (wanted & flags) != 0;
    }
}
