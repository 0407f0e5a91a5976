package org.clgrad;

import java.util.stream.IntStream;
import org.clgrad.autograd.Variable;
import org.clgrad.op.Convert;
import org.clgrad.op.Views;

/**
 * Other looks at the same elements. All are views, which share memory with this tensor, so that writing to either is seen by both;
 * but {@code reshape}, {@code flatten} and {@code contiguous} copy where strides ask for it. Negative axes count from the back.
 *
 * <p>An axis or index that is not there is an IndexOutOfBoundsException, a shape or list of axes that does not fit an
 * IllegalArgumentException.
 */
public sealed interface ShapeMethods permits Tensor {

    /** The variable behind this tensor, for an operation that an error would name. */
    Variable variable(String operation);

    /** The same elements in row-major order under another shape, a copy where strides do not allow a view. One size may be -1. */
    default Tensor reshape(int... shape) {
        return new Tensor(Views.reshape(variable("reshape"), shape));
    }

    /** One axis of all elements. */
    default Tensor flatten() {
        return reshape(-1);
    }

    /** Two axes exchanged. */
    default Tensor transpose(int first, int second) {
        return new Tensor(Views.transpose(variable("transpose"), first, second));
    }

    /** A matrix transposed. */
    default Tensor t() {
        int dim = variable("t").dim();
        if (dim > 2) {
            throw new IllegalArgumentException("t: expects a tensor with <= 2 dimensions, but self is " + dim + "D");
        }
        return dim < 2 ? reshape(variable("t").shape()) : transpose(0, 1);
    }

    /** Axis i of the result is axis order[i] of this. */
    default Tensor permute(int... order) {
        return new Tensor(Views.permute(variable("permute"), order));
    }

    /** Axes of size 1 stretched and axes added in front, without copying; -1 keeps a size. */
    default Tensor expand(int... shape) {
        return new Tensor(Views.expand(variable("expand"), shape));
    }

    /** A new axis of size 1. */
    default Tensor unsqueeze(int axis) {
        return new Tensor(Views.unsqueeze(variable("unsqueeze"), axis));
    }

    /** An axis removed, if its size is 1. */
    default Tensor squeeze(int axis) {
        return new Tensor(Views.squeeze(variable("squeeze"), axis));
    }

    /** All axes of size 1 removed. */
    default Tensor squeeze() {
        int[] shape = variable("squeeze").shape();
        return reshape(IntStream.of(shape).filter(size -> size != 1).toArray());
    }

    /** Elements start, start + 1, .. below end of an axis: Python's x[start:end]. */
    default Tensor slice(int axis, int start, int end) {
        return slice(axis, start, end, 1);
    }

    /** Elements start, start + step, .. below end of an axis: Python's x[start:end:step], step above 0. */
    default Tensor slice(int axis, int start, int end, int step) {
        return new Tensor(Views.slice(variable("slice"), axis, start, end, step));
    }

    /** One index of an axis, which vanishes. */
    default Tensor select(int axis, int index) {
        return new Tensor(Views.select(variable("select"), axis, index));
    }

    /** The element or sub-tensor at indices of the first axes: Python's x[i, j]. */
    default Tensor get(int... indices) {
        return new Tensor(Views.get(variable("get"), indices));
    }

    /** The elements in row-major order without gaps: this tensor if they are, else a copy. */
    default Tensor contiguous() {
        return new Tensor(Convert.contiguous(variable("contiguous")));
    }
}
