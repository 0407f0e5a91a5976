package org.clgrad.nn;

import java.util.Objects;
import org.clgrad.Tensor;
import org.clgrad.autograd.Variable;
import org.clgrad.op.Activations;
import org.clgrad.op.CrossEntropy;
import org.clgrad.op.LayerNorm;
import org.clgrad.op.Losses;
import org.jspecify.annotations.Nullable;

/** Functions without state: torch.nn.functional. */
public final class Functional {
    private Functional() {}

    /** The mean of the binary cross entropies of logits and targets of one shape. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target) {
        return binaryCrossEntropyWithLogits(input, target, null, null, Reduction.MEAN);
    }

    /** Likewise, with a choice of what becomes of the terms. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target, Reduction reduction) {
        return binaryCrossEntropyWithLogits(input, target, null, null, reduction);
    }

    /**
     * Binary cross entropy of the probability {@code sigmoid(x)} against a target y: the terms are
     * {@code -w (p y log sigmoid(x) + (1 - y) log(1 - sigmoid(x)))}, computed without overflow for logits of any size.
     * torch.nn.functional.binary_cross_entropy_with_logits.
     *
     * @param input logits x, FLOAT32 or FLOAT64
     * @param target y between 0 and 1, of the input's shape and dtype
     * @param weight w, broadcast to the input's shape; null for 1
     * @param posWeight p, the weight of positive targets, broadcast to the input's shape; null for 1
     * @throws IllegalArgumentException if shapes, dtypes or devices do not fit
     */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, @Nullable Tensor posWeight, Reduction reduction) {
        String operation = "binaryCrossEntropyWithLogits";
        return new Tensor(Losses.binaryCrossEntropyWithLogits(
                Objects.requireNonNull(input, operation + ": the input is null").variable(operation),
                Objects.requireNonNull(target, operation + ": the target is null")
                        .variable(operation),
                weight == null ? null : weight.variable(operation),
                posWeight == null ? null : posWeight.variable(operation),
                collect(reduction)));
    }

    /** The mean of the squared differences: torch.nn.functional.mse_loss. */
    public static Tensor mseLoss(Tensor input, Tensor target) {
        return mseLoss(input, target, Reduction.MEAN);
    }

    /**
     * The squared differences of an input and a target of one shape and dtype, with a choice of what becomes of them.
     *
     * @throws IllegalArgumentException if shapes, dtypes or devices differ
     */
    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction) {
        return new Tensor(Losses.mseLoss(
                Objects.requireNonNull(input, "mseLoss: the input is null").variable("mseLoss"),
                Objects.requireNonNull(target, "mseLoss: the target is null").variable("mseLoss"),
                collect(reduction)));
    }

    /** GELU, {@code x P(x)} with P the distribution function of the normal distribution: torch.nn.functional.gelu. */
    public static Tensor gelu(Tensor input) {
        return gelu(input, Approximation.NONE);
    }

    /**
     * GELU, exact, or with {@code 1/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))} in place of P(x).
     *
     * @param input FLOAT32 or FLOAT64, any shape
     */
    public static Tensor gelu(Tensor input, Approximation approximate) {
        Variable x = Objects.requireNonNull(input, "gelu: the input is null").variable("gelu");
        return new Tensor(
                switch (Objects.requireNonNull(approximate, "gelu: the approximation is null")) {
                    case NONE -> Activations.gelu(x);
                    case TANH -> Activations.geluTanh(x);
                });
    }

    /** Probabilities of logits along an axis, {@code exp(x) / sum exp(x)}: torch.nn.functional.softmax. */
    public static Tensor softmax(Tensor input, int axis) {
        return Objects.requireNonNull(input, "softmax: the input is null").softmax(axis);
    }

    /** Their logarithms, {@code x - log sum exp(x)}: torch.nn.functional.log_softmax. */
    public static Tensor logSoftmax(Tensor input, int axis) {
        return Objects.requireNonNull(input, "logSoftmax: the input is null").logSoftmax(axis);
    }

    /** As below, with eps 1e-5. */
    public static Tensor layerNorm(
            Tensor input, int[] normalizedShape, @Nullable Tensor weight, @Nullable Tensor bias) {
        return layerNorm(input, normalizedShape, weight, bias, 1e-5);
    }

    /**
     * Layer normalization, {@code (x - mean) / sqrt(variance + eps) * weight + bias}, mean and (biased) variance being those of
     * the last axes: torch.nn.functional.layer_norm.
     *
     * @param input FLOAT32 or FLOAT64
     * @param normalizedShape the last axes of the input, at least one
     * @param weight of normalizedShape; null for ones
     * @param bias of normalizedShape; null for zeros
     * @throws IllegalArgumentException if shapes, dtypes or devices do not fit
     */
    public static Tensor layerNorm(
            Tensor input, int[] normalizedShape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        return new Tensor(LayerNorm.layerNorm(
                Objects.requireNonNull(input, "layerNorm: the input is null").variable("layerNorm"),
                Objects.requireNonNull(normalizedShape, "layerNorm: the shape is null")
                        .clone(),
                weight == null ? null : weight.variable("layerNorm"),
                bias == null ? null : bias.variable("layerNorm"),
                eps));
    }

    /** The mean of the cross entropies of logits and targets. */
    public static Tensor crossEntropy(Tensor input, Tensor target) {
        return crossEntropy(input, target, Reduction.MEAN);
    }

    /**
     * Cross entropy {@code -sum over classes of t log softmax(x)}: torch.nn.functional.cross_entropy.
     *
     * @param input logits x, [classes] or [n, classes, ..], FLOAT32 or FLOAT64
     * @param target probabilities t of the input's shape and dtype, or INT64 classes of its shape without the axis of classes; rows of
     *     class -100 do not count. A class that does not exist makes NaN.
     * @param reduction NONE gives the input's shape without the axis of classes
     * @throws IllegalArgumentException if shapes, dtypes or devices do not fit
     */
    public static Tensor crossEntropy(Tensor input, Tensor target, Reduction reduction) {
        return new Tensor(CrossEntropy.crossEntropy(
                Objects.requireNonNull(input, "crossEntropy: the input is null").variable("crossEntropy"),
                Objects.requireNonNull(target, "crossEntropy: the target is null")
                        .variable("crossEntropy"),
                collect(reduction)));
    }

    private static Losses.Collect collect(Reduction reduction) {
        return switch (Objects.requireNonNull(reduction, "the reduction is null")) {
            case NONE -> Losses.Collect.TERMS;
            case MEAN -> Losses.Collect.MEAN;
            case SUM -> Losses.Collect.SUM;
        };
    }
}
