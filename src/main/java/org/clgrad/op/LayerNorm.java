package org.clgrad.op;

import static org.clgrad.backend.LayerNormRows.BIAS;
import static org.clgrad.backend.LayerNormRows.INPUT;
import static org.clgrad.backend.LayerNormRows.WEIGHT;
import static org.clgrad.backend.LayerNormRows.WEIGHTED;
import static org.clgrad.backend.LayerNormRows.hasAny;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.GradMode;
import org.clgrad.autograd.Node;
import org.clgrad.autograd.SavedVariable;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.LayerNormRows;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** Rows brought to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton, 2016); the formulas: {@link LayerNormRows}. */
public final class LayerNorm {
    private LayerNorm() {}

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
                LayerNormRows.forward(weight != null, bias != null),
                inputs.stream().map(Variable::value).toArray(NdArray[]::new),
                new double[] {rows.length(), eps},
                mean,
                scale);
        Variable result = new Variable(out);
        Variable[] all = inputs.toArray(Variable[]::new);
        if (Recorder.shouldRecord(all)) {
            result.setHistory(new LayerNormNode(rows, eps, weight != null, mean, scale, all), 0);
        } else {
            mean.buffer().freeIfUnheld();
            scale.buffer().freeIfUnheld();
        }
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

    /** The record: the gradients of input, weight and bias come of one pass over the rows. */
    private static final class LayerNormNode extends Node {
        private final Rows rows;
        private final double eps;
        private final boolean hasWeight;
        private final int[][] shapes;
        /** a, m, r and the weight, as far as they are needed. */
        private final List<SavedVariable> saved = new ArrayList<>();

        /** @param inputs a, and the weight and the bias if there are any */
        LayerNormNode(Rows rows, double eps, boolean hasWeight, NdArray mean, NdArray scale, Variable... inputs) {
            super("NativeLayerNormBackward0", inputs);
            this.rows = rows;
            this.eps = eps;
            this.hasWeight = hasWeight;
            shapes = Arrays.stream(inputs).map(Variable::shape).toArray(int[][]::new);
            if (hasAny(wanted(), INPUT | WEIGHT)) {
                saved.add(save(inputs[0]));
                saved.add(save(new Variable(mean)));
                saved.add(save(new Variable(scale)));
            }
            if (hasAny(wanted(), WEIGHTED)) {
                saved.add(save(inputs[1]));
            }
        }

        private int wanted() {
            int wanted = needsInputGrad(0) ? INPUT | (hasWeight ? WEIGHTED : 0) : 0;
            for (int i = 1; i < shapes.length; i++) {
                wanted |= !needsInputGrad(i) ? 0 : i == 1 && hasWeight ? WEIGHT : BIAS;
            }
            return wanted;
        }

        @Override
        protected @Nullable Variable[] backward(Variable g) {
            Variable[] s = saved.stream().map(SavedVariable::get).toArray(Variable[]::new);
            return GradMode.isEnabled() ? recorded(g, s) : computed(g, s);
        }

        private @Nullable Variable[] computed(Variable g, Variable... s) {
            @Nullable Variable[] grads = new @Nullable Variable[shapes.length];
            NdArray[] arrays = new NdArray[s.length + 1];
            Arrays.setAll(arrays, i -> i == 0 ? g.value() : s[i - 1].value());
            List<NdArray> sums = new ArrayList<>();
            for (int i = 0; i < grads.length; i++) {
                if (needsInputGrad(i)) {
                    NdArray grad = g.value().allocateLike(shapes[i]);
                    grads[i] = new Variable(grad);
                    if (i > 0) {
                        sums.add(grad);
                    }
                }
            }
            NdArray out = grads[0] == null ? null : grads[0].value();
            rows.runForSums(
                    out,
                    LayerNormRows.backward(wanted()),
                    arrays,
                    new double[] {rows.length()},
                    sums.toArray(NdArray[]::new));
            return grads;
        }

        /** The same in operations that are recorded; m and r depend on a, which the record has to show. */
        private @Nullable Variable[] recorded(Variable g, Variable... s) {
            @Nullable Variable[] grads = new @Nullable Variable[shapes.length];
            int wanted = wanted();
            if (hasAny(wanted, BIAS)) {
                grads[grads.length - 1] = Sum.sumTo(g, shapes[grads.length - 1]);
            }
            if (hasAny(wanted, INPUT | WEIGHT)) {
                Moments moments = Moments.of(s[0], rows, eps);
                if (hasAny(wanted, WEIGHT)) {
                    grads[1] = Sum.sumTo(Arithmetic.mul(g, moments.z()), shapes[1]);
                }
                if (hasAny(wanted, INPUT)) {
                    grads[0] = moments.backward(hasAny(wanted, WEIGHTED) ? Arithmetic.mul(g, s[3]) : g);
                }
            }
            return grads;
        }
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

        Variable backward(Variable p) {
            Variable along = Arithmetic.mul(z(), mean(Arithmetic.mul(p, z())));
            return Arithmetic.mul(r, Arithmetic.sub(Arithmetic.sub(p, mean(p)), along));
        }

        private Variable mean(Variable v) {
            return Sum.mean(v, axes, true);
        }
    }
}
