package org.clgrad.op;

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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.GradMode;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * Rows brought to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton, 2016).
 *
 * <pre>
 * m = mean a, r = 1 / sqrt(mean (a - m)^2 + eps), z = (a - m) r
 * y = z w + b
 * da = r (p - mean p - z mean p z) with p = g w      dw = sum g z over rows      db = sum g over rows
 * </pre>
 *
 * <p>The deviation is summed in a second pass over the row, so that a large mean costs no digits.
 */
public final class LayerNorm {
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
        {forward(Z), forward(add(Z, input(1)))},
        {forward(mul(Z, input(1))), forward(add(mul(Z, input(1)), input(2)))}
    };

    private static final RowProgram BACKWARD = backward(input(0));
    private static final RowProgram BACKWARD_WEIGHTED = backward(mul(input(0), input(4)));

    /** (g, a, m, r): g z. */
    private static final PointwiseOp TIMES_Z =
            new PointwiseOp("NativeLayerNorm", 4, mul(input(0), mul(sub(input(1), input(2)), input(3))));

    private LayerNorm() {}

    private static RowProgram forward(Expr result) {
        return new RowProgram(MOMENTS, result, List.of(MEAN, scalar(1)));
    }

    /** Over g, a, m and r, and maybe w. */
    private static RowProgram backward(Expr p) {
        Expr z = mul(sub(input(1), input(2)), input(3));
        return new RowProgram(
                List.of(sum(p).then(div(scalar(0), COUNT)), sum(mul(p, z)).then(div(scalar(1), COUNT))),
                mul(input(3), sub(sub(p, scalar(0)), mul(z, scalar(1)))),
                List.of());
    }

    /**
     * The normalized input.
     *
     * @param normalizedShape the last axes of a, which make a row
     * @param weight of that shape, or null for ones
     * @param bias of that shape, or null for zeros
     */
    public static Variable layerNorm(
            Variable a, int[] normalizedShape, @Nullable Variable weight, @Nullable Variable bias, double eps) {
        check(a, normalizedShape, weight, bias);
        Rows rows = new Rows(a.shape(), a.dim() - normalizedShape.length, a.dim());
        NdArray mean = a.value().allocateLike(rows.reduced());
        NdArray scale = a.value().allocateLike(rows.reduced());
        List<Variable> inputs = new ArrayList<>(List.of(a));
        if (weight != null) {
            inputs.add(weight);
        }
        if (bias != null) {
            inputs.add(bias);
        }
        NdArray out = rows.run(
                FORWARD[weight == null ? 0 : 1][bias == null ? 0 : 1],
                inputs.stream().map(Variable::value).toArray(NdArray[]::new),
                new double[] {rows.length(), eps},
                mean,
                scale);
        Variable m = new Variable(mean);
        Variable r = new Variable(scale);
        List<Recorder.Vjp> vjps = new ArrayList<>();
        Variable[] saved = weight == null ? new Variable[] {a, m, r} : new Variable[] {a, m, r, weight};
        vjps.add(Recorder.vjp((g, s) -> backward(g, s, rows, eps), saved));
        if (weight != null) {
            int[] shape = weight.shape();
            vjps.add(Recorder.vjp((g, s) -> Sum.sumTo(timesZ(g, s, rows, eps), shape), a, m, r));
        }
        if (bias != null) {
            int[] shape = bias.shape();
            vjps.add(Recorder.vjp(g -> Sum.sumTo(g, shape)));
        }
        Variable result = Recorder.record(
                "NativeLayerNormBackward0", out, inputs.toArray(Variable[]::new), vjps.toArray(Recorder.Vjp[]::new));
        mean.buffer().freeIfUnheld(); // a record holds them
        scale.buffer().freeIfUnheld();
        return result;
    }

    private static void check(Variable a, int[] normalizedShape, @Nullable Variable weight, @Nullable Variable bias) {
        Recorder.checkFloating("layerNorm", a);
        int first = a.dim() - normalizedShape.length;
        if (normalizedShape.length == 0
                || first < 0
                || !Arrays.equals(normalizedShape, Arrays.copyOfRange(a.shape(), first, a.dim()))) {
            throw new IllegalArgumentException("layerNorm: Given normalized_shape=" + Shapes.text(normalizedShape)
                    + ", expected input with shape [*, "
                    + Shapes.text(normalizedShape).substring(1)
                    + ", but got input of size " + Shapes.text(a.shape()));
        }
        for (Variable affine : new @Nullable Variable[] {weight, bias}) {
            if (affine != null) {
                Recorder.checkSameKind("layerNorm", a, affine);
                if (!Arrays.equals(affine.shape(), normalizedShape)) {
                    throw new IllegalArgumentException("layerNorm: Expected " + (affine == weight ? "weight" : "bias")
                            + " to be of same shape as normalized_shape, but got " + Shapes.text(affine.shape())
                            + " and normalized_shape = " + Shapes.text(normalizedShape));
                }
            }
        }
    }

    /** The gradient of a; s is a, m, r, and the weight if there is one. */
    private static Variable backward(Variable g, Variable[] s, Rows rows, double eps) {
        if (!GradMode.isEnabled()) {
            NdArray[] arrays = new NdArray[s.length + 1];
            arrays[0] = g.value();
            for (int i = 0; i < s.length; i++) {
                arrays[i + 1] = s[i].value();
            }
            RowProgram program = s.length == 3 ? BACKWARD : BACKWARD_WEIGHTED;
            return new Variable(rows.run(program, arrays, new double[] {rows.length()}));
        }
        Moments moments = Moments.of(s[0], rows, eps); // m and r depend on a, which the record has to show
        Variable p = s.length == 3 ? g : Arithmetic.mul(g, s[3]);
        Variable centered = Arithmetic.sub(p, moments.mean(p));
        Variable along = Arithmetic.mul(moments.z(), moments.mean(Arithmetic.mul(p, moments.z())));
        return Arithmetic.mul(moments.r, Arithmetic.sub(centered, along));
    }

    private static Variable timesZ(Variable g, Variable[] s, Rows rows, double eps) {
        return GradMode.isEnabled()
                ? Arithmetic.mul(g, Moments.of(s[0], rows, eps).z())
                : TIMES_Z.apply(g, s[0], s[1], s[2]);
    }

    /** What is normalized, in operations that are recorded. */
    private record Moments(Variable deviation, Variable r, int[] axes) {
        static Moments of(Variable a, Rows rows, double eps) {
            int[] axes = IntStream.range(rows.first(), rows.end()).toArray();
            Variable deviation = Arithmetic.sub(a, Sum.mean(a, axes, true));
            Variable variance = Sum.mean(Arithmetic.mul(deviation, deviation), axes, true);
            return new Moments(deviation, Exponentials.pow(Arithmetic.add(variance, eps), -0.5), axes);
        }

        Variable z() {
            return Arithmetic.mul(deviation, r);
        }

        Variable mean(Variable v) {
            return Sum.mean(v, axes, true);
        }
    }
}
