package org.clgrad.op;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.neg;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.backend.Expr.sub;
import static org.clgrad.op.PointwiseOp.A;
import static org.clgrad.op.PointwiseOp.B;
import static org.clgrad.op.PointwiseOp.C;
import static org.clgrad.op.PointwiseOp.D;
import static org.clgrad.op.PointwiseOp.G;

import java.util.Arrays;
import java.util.List;
import org.clgrad.array.Broadcast;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * Losses: a pointwise term, and its sum or mean, as one operation.
 *
 * <pre>
 * squared error            (a - y)^2                                      da = 2 g (a - y)
 * binary cross entropy     (1 - y) x + max(-x, 0) + log(1 + exp(-|x|))    dx = g (sigmoid(x) - y),  dy = -g x
 *   with positive weight   (1 - y) x + (1 + (p - 1) y) bce(x, 1)
 * </pre>
 */
public final class Losses {
    /** What becomes of the terms of a loss. */
    public enum Collect {
        TERMS,
        SUM,
        MEAN
    }

    private static final String BCE_NAME = "BinaryCrossEntropyWithLogits";

    private static final Expr BCE = of(Fn.BCE_WITH_LOGITS, A, B);
    private static final PointwiseOp PLAIN =
            new PointwiseOp(BCE_NAME, 2, BCE, of(Fn.BCE_WITH_LOGITS_BACKWARD, G, A, B), neg(mul(G, A)));
    static final List<PointwiseOp> RULES = List.of(PLAIN);

    private static final PointwiseOp WEIGHTED = new PointwiseOp(BCE_NAME, 3, mul(C, BCE));
    private static final PointwiseOp POSITIVE = new PointwiseOp(BCE_NAME, 3, positive(C));
    private static final PointwiseOp POSITIVE_WEIGHTED = new PointwiseOp(BCE_NAME, 4, mul(C, positive(D)));
    private static final PointwiseOp SQUARED =
            new PointwiseOp("MseLoss", 2, mul(sub(A, B), sub(A, B)), slope(A, B), slope(B, A));

    private Losses() {}

    private static Expr positive(Expr weight) {
        Expr one = literal(1);
        Expr factor = add(one, mul(sub(weight, one), B));
        return add(mul(sub(one, B), A), mul(factor, of(Fn.BCE_WITH_LOGITS, A, one)));
    }

    private static Expr slope(Expr of, Expr from) {
        return mul(G, mul(literal(2), sub(of, from)));
    }

    /**
     * Binary cross entropy of logits and targets of one shape.
     *
     * @param weight factor of each term, or null
     * @param posWeight factor of the terms of positive targets, or null
     */
    public static Variable binaryCrossEntropyWithLogits(
            Variable logits,
            Variable targets,
            @Nullable Variable weight,
            @Nullable Variable posWeight,
            Collect collect) {
        checkShapes("binaryCrossEntropyWithLogits", logits, targets);
        checkExpands("weight", weight, logits);
        checkExpands("posWeight", posWeight, logits);
        if (weight == null) {
            return posWeight == null
                    ? loss(PLAIN, collect, logits, targets)
                    : loss(POSITIVE, collect, logits, targets, posWeight);
        }
        return posWeight == null
                ? loss(WEIGHTED, collect, logits, targets, weight)
                : loss(POSITIVE_WEIGHTED, collect, logits, targets, weight, posWeight);
    }

    public static Variable mseLoss(Variable input, Variable target, Collect collect) {
        checkShapes("mseLoss", input, target);
        return loss(SQUARED, collect, input, target);
    }

    private static void checkShapes(String operation, Variable input, Variable target) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException(operation + ": Target size (" + Shapes.text(target.shape())
                    + ") must be the same as input size (" + Shapes.text(input.shape()) + ")");
        }
    }

    private static void checkExpands(String name, @Nullable Variable weight, Variable logits) {
        if (weight != null && !Broadcast.expands(weight.shape(), logits.shape())) {
            throw new IllegalArgumentException("binaryCrossEntropyWithLogits: " + name + " of shape "
                    + Shapes.text(weight.shape()) + " does not broadcast to the input's shape "
                    + Shapes.text(logits.shape()));
        }
    }

    private static Variable loss(PointwiseOp term, Collect collect, Variable... inputs) {
        if (collect == Collect.TERMS) {
            return term.apply(inputs);
        }
        NdArray terms = term.compute(new double[0], inputs);
        int[] axes = Shapes.axes(terms.dim());
        NdArray total = Sum.total(terms, axes);
        terms.buffer().freeIfUnheld();
        double count = collect == Collect.MEAN ? terms.numel() : 1;
        NdArray result = total;
        if (count != 1) {
            result = Scaling.divide(total, count);
            total.buffer().freeIfUnheld();
        }
        int[] shape = terms.shape();
        Recorder.Vjp[] vjps = new Recorder.Vjp[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            int input = i;
            int[] target = inputs[i].shape();
            vjps[i] = Recorder.vjp(
                    (g, saved) -> {
                        Variable each = Views.expand(count == 1 ? g : Arithmetic.div(g, count), shape);
                        Variable wide = term.gradient(
                                input, new double[0], each, symbol -> saved[((Expr.Input) symbol).index()]);
                        return wide == null ? Fill.zeros(g, target) : Sum.sumTo(wide, target);
                    },
                    inputs);
        }
        return Recorder.record(term.nodeName(), result.reshape(), inputs, vjps);
    }
}
