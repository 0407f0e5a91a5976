package org.clgrad;

import static org.clgrad.Tensor.argument;

import org.clgrad.autograd.Variable;
import org.clgrad.op.Arithmetic;
import org.clgrad.op.Comparisons;
import org.clgrad.op.Convert;
import org.clgrad.op.Exponentials;
import org.clgrad.op.Fill;

/**
 * Operations that write into this tensor and return it. The argument broadcasts to this tensor's shape, never the other
 * way. Arithmetic is for FLOAT32 and FLOAT64, both sides of one dtype; {@code fill_}, {@code zero_} and {@code copy_} are for all. What does not fit is an
 * IllegalArgumentException. Each raises the version of the memory, which views share, so that a backward pass notices when a value it saved
 * was overwritten. On a leaf that requires grad they throw {@link IllegalStateException} unless inside
 * {@link Autograd#noGrad}; on a tensor whose elements share memory, as expanded ones do, always.
 */
public sealed interface InPlaceMethods permits Tensor {

    /** The variable behind this tensor, for an operation that an error would name. */
    Variable variable(String operation);

    /** this += other. */
    default Tensor add_(Tensor other) {
        return add_(other, 1);
    }

    /** this += alpha * other. */
    default Tensor add_(Tensor other, double alpha) {
        Arithmetic.addInPlace(variable("add_"), argument("add_", other), alpha);
        return (Tensor) this;
    }

    default Tensor add_(double other) {
        Arithmetic.addInPlace(variable("add_"), other);
        return (Tensor) this;
    }

    /** this -= other. */
    default Tensor sub_(Tensor other) {
        return sub_(other, 1);
    }

    /** this -= alpha * other. */
    default Tensor sub_(Tensor other, double alpha) {
        Arithmetic.subInPlace(variable("sub_"), argument("sub_", other), alpha);
        return (Tensor) this;
    }

    default Tensor sub_(double other) {
        Arithmetic.subInPlace(variable("sub_"), other);
        return (Tensor) this;
    }

    /** this *= other. */
    default Tensor mul_(Tensor other) {
        Arithmetic.mulInPlace(variable("mul_"), argument("mul_", other));
        return (Tensor) this;
    }

    default Tensor mul_(double other) {
        Arithmetic.mulInPlace(variable("mul_"), other);
        return (Tensor) this;
    }

    /** this /= other. */
    default Tensor div_(Tensor other) {
        Arithmetic.divInPlace(variable("div_"), argument("div_", other));
        return (Tensor) this;
    }

    default Tensor div_(double other) {
        Arithmetic.divInPlace(variable("div_"), other);
        return (Tensor) this;
    }

    /** this = this to the power of exponent. */
    default Tensor pow_(double exponent) {
        Exponentials.powInPlace(variable("pow_"), exponent);
        return (Tensor) this;
    }

    /** this = min(max(this, low), high). */
    default Tensor clamp_(double low, double high) {
        Comparisons.clampInPlace(variable("clamp_"), low, high);
        return (Tensor) this;
    }

    /** Every element 0. */
    default Tensor zero_() {
        return fill_(0);
    }

    /** Every element the same. */
    default Tensor fill_(double value) {
        Fill.fillInPlace(variable("fill_"), value);
        return (Tensor) this;
    }

    /** The values of a source of any dtype and device, broadcast. */
    default Tensor copy_(Tensor source) {
        Convert.copyInPlace(variable("copy_"), argument("copy_", source));
        return (Tensor) this;
    }
}
