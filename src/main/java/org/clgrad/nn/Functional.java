package org.clgrad.nn;

import java.util.Objects;
import org.clgrad.Tensor;
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

    /** The squared differences of an input and a target of one shape and dtype, with a choice of what becomes of them. */
    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction) {
        return new Tensor(Losses.mseLoss(
                Objects.requireNonNull(input, "mseLoss: the input is null").variable("mseLoss"),
                Objects.requireNonNull(target, "mseLoss: the target is null").variable("mseLoss"),
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
