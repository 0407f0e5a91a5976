package org.clgrad;

import static org.clgrad.Tensor.argument;

import org.clgrad.autograd.Variable;
import org.clgrad.op.Extremum;
import org.clgrad.op.MatMul;
import org.clgrad.op.Softmax;
import org.clgrad.op.Sum;

/**
 * Operations that combine elements: sums, means, extremes and softmax over axes, and products of matrices. Negative axes count
 * from the back. FLOAT32 and FLOAT64.
 *
 * <p>An axis that is not there is an IndexOutOfBoundsException; one that is named twice, an extreme of no elements, and shapes, dtypes or
 * devices that do not fit are an IllegalArgumentException.
 */
public sealed interface ReductionMethods permits Tensor {

    /** The variable behind this tensor, for an operation that an error would name. */
    Variable variable(String operation);

    /** Sum of all elements, of shape []. */
    default Tensor sum() {
        return new Tensor(Sum.sum(variable("sum"), new int[0], false));
    }

    /** Sum over one axis, which vanishes. */
    default Tensor sum(int axis) {
        return sum(new int[] {axis}, false);
    }

    /** Sum over axes, which become 1 with keepDim and vanish without. No axes means all. */
    default Tensor sum(int[] axes, boolean keepDim) {
        return new Tensor(Sum.sum(variable("sum"), axes, keepDim));
    }

    /** Mean of all elements, of shape []; NaN for no elements. */
    default Tensor mean() {
        return new Tensor(Sum.mean(variable("mean"), new int[0], false));
    }

    /** Mean over one axis, which vanishes. */
    default Tensor mean(int axis) {
        return mean(new int[] {axis}, false);
    }

    /** Mean over axes, which become 1 with keepDim and vanish without. No axes means all. */
    default Tensor mean(int[] axes, boolean keepDim) {
        return new Tensor(Sum.mean(variable("mean"), axes, keepDim));
    }

    /** Largest element, of shape []. Ties share the gradient evenly. */
    default Tensor max() {
        return new Tensor(Extremum.max(variable("max"), new int[0], false));
    }

    /** Largest elements over one axis, which vanishes. */
    default Tensor max(int axis) {
        return max(new int[] {axis}, false);
    }

    /** Largest elements over axes, which become 1 with keepDim and vanish without: torch.amax. Ties share the gradient evenly. */
    default Tensor max(int[] axes, boolean keepDim) {
        return new Tensor(Extremum.max(variable("max"), axes, keepDim));
    }

    /** Smallest element, of shape []. Ties share the gradient evenly. */
    default Tensor min() {
        return new Tensor(Extremum.min(variable("min"), new int[0], false));
    }

    /** Smallest elements over one axis, which vanishes. */
    default Tensor min(int axis) {
        return min(new int[] {axis}, false);
    }

    /** Smallest elements over axes, which become 1 with keepDim and vanish without: torch.amin. Ties share the gradient evenly. */
    default Tensor min(int[] axes, boolean keepDim) {
        return new Tensor(Extremum.min(variable("min"), axes, keepDim));
    }

    /** exp(this) / sum exp(this) over one axis, without overflow: torch.softmax. */
    default Tensor softmax(int axis) {
        return new Tensor(Softmax.softmax(variable("softmax"), axis));
    }

    /** The logarithm of {@link #softmax}, without loss: torch.log_softmax. */
    default Tensor logSoftmax(int axis) {
        return new Tensor(Softmax.logSoftmax(variable("logSoftmax"), axis));
    }

    /**
     * Matrix product: [.., m, k] x [.., k, n] gives [.., m, n]. Batch axes broadcast; a vector [k] stands for one row on
     * the left, one column on the right, and that axis is left out of the result.
     *
     * @throws IllegalArgumentException if the inner sizes differ, or an argument has no dimension
     */
    default Tensor matmul(Tensor other) {
        return new Tensor(MatMul.matmul(variable("matmul"), argument("matmul", other)));
    }
}
