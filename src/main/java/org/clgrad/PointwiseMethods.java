package org.clgrad;

import static org.clgrad.Tensor.argument;

import org.clgrad.autograd.Variable;
import org.clgrad.backend.Fn;
import org.clgrad.op.Activations;
import org.clgrad.op.Arithmetic;
import org.clgrad.op.Comparisons;
import org.clgrad.op.Exponentials;

/**
 * Operations element by element. Two tensors broadcast: shapes are aligned at the right and sizes of 1 stretch. They must
 * share dtype (FLOAT32 or FLOAT64) and device, else {@link IllegalArgumentException}. NaN and infinities flow through as
 * in PyTorch. Derivatives stand at the operations in {@code org.clgrad.op}.
 */
public sealed interface PointwiseMethods permits Tensor {

    /** The variable behind this tensor, for an operation that an error would name. */
    Variable variable(String operation);

    /** this + other. */
    default Tensor add(Tensor other) {
        return new Tensor(Arithmetic.add(variable("add"), argument("add", other)));
    }

    default Tensor add(double other) {
        return new Tensor(Arithmetic.add(variable("add"), other));
    }

    /** this - other. */
    default Tensor sub(Tensor other) {
        return new Tensor(Arithmetic.sub(variable("sub"), argument("sub", other)));
    }

    default Tensor sub(double other) {
        return new Tensor(Arithmetic.sub(variable("sub"), other));
    }

    /** other - this. */
    default Tensor rsub(double other) {
        return new Tensor(Arithmetic.rsub(other, variable("rsub")));
    }

    /** this * other. */
    default Tensor mul(Tensor other) {
        return new Tensor(Arithmetic.mul(variable("mul"), argument("mul", other)));
    }

    default Tensor mul(double other) {
        return new Tensor(Arithmetic.mul(variable("mul"), other));
    }

    /** this / other. */
    default Tensor div(Tensor other) {
        return new Tensor(Arithmetic.div(variable("div"), argument("div", other)));
    }

    default Tensor div(double other) {
        return new Tensor(Arithmetic.div(variable("div"), other));
    }

    /** other / this. */
    default Tensor rdiv(double other) {
        return new Tensor(Arithmetic.rdiv(other, variable("rdiv")));
    }

    /** -this. */
    default Tensor neg() {
        return new Tensor(Arithmetic.neg(variable("neg")));
    }

    /** this to the power of exponent. */
    default Tensor pow(Tensor exponent) {
        return new Tensor(Exponentials.pow(variable("pow"), argument("pow", exponent)));
    }

    default Tensor pow(double exponent) {
        return new Tensor(Exponentials.pow(variable("pow"), exponent));
    }

    /** base to the power of this: torch.pow(number, tensor). */
    default Tensor rpow(double base) {
        return new Tensor(Exponentials.rpow(base, variable("rpow")));
    }

    default Tensor exp() {
        return new Tensor(Exponentials.exp(variable("exp")));
    }

    /** Natural logarithm. */
    default Tensor log() {
        return new Tensor(Exponentials.log(variable("log")));
    }

    /** log(1 + this), accurate near 0. */
    default Tensor log1p() {
        return new Tensor(Exponentials.log1p(variable("log1p")));
    }

    default Tensor sqrt() {
        return new Tensor(Exponentials.sqrt(variable("sqrt")));
    }

    /** Sine of an angle in radians. */
    default Tensor sin() {
        return new Tensor(Exponentials.sin(variable("sin")));
    }

    /** Cosine of an angle in radians. */
    default Tensor cos() {
        return new Tensor(Exponentials.cos(variable("cos")));
    }

    default Tensor abs() {
        return new Tensor(Comparisons.abs(variable("abs")));
    }

    /** -1, 0 or 1; 0 for NaN. */
    default Tensor sign() {
        return new Tensor(Comparisons.sign(variable("sign")));
    }

    /** 1 / (1 + exp(-this)). */
    default Tensor sigmoid() {
        return new Tensor(Activations.sigmoid(variable("sigmoid")));
    }

    default Tensor tanh() {
        return new Tensor(Activations.tanh(variable("tanh")));
    }

    /** max(this, 0). */
    default Tensor relu() {
        return new Tensor(Activations.relu(variable("relu")));
    }

    /** The error function, 2 / sqrt(pi) times the integral of exp(-t t) from 0 to this. */
    default Tensor erf() {
        return new Tensor(Activations.erf(variable("erf")));
    }

    /** GELU, this (1 + erf(this / sqrt(2))) / 2: torch.nn.functional.gelu. For its approximation see Functional.gelu. */
    default Tensor gelu() {
        return new Tensor(Activations.gelu(variable("gelu")));
    }

    /** The larger of two; NaN if either is. At a tie both get half the gradient. */
    default Tensor maximum(Tensor other) {
        return new Tensor(Comparisons.maximum(variable("maximum"), argument("maximum", other)));
    }

    /** The smaller of two; NaN if either is. At a tie both get half the gradient. */
    default Tensor minimum(Tensor other) {
        return new Tensor(Comparisons.minimum(variable("minimum"), argument("minimum", other)));
    }

    /** min(max(this, low), high). The gradient passes where low <= this <= high. */
    default Tensor clamp(double low, double high) {
        return new Tensor(Comparisons.clamp(variable("clamp"), low, high));
    }

    /** this where the BOOL condition holds, else other. */
    default Tensor where(Tensor condition, Tensor other) {
        return new Tensor(Comparisons.where(argument("where", condition), variable("where"), argument("where", other)));
    }

    /** BOOL: this == other. */
    default Tensor eq(Tensor other) {
        return compare(Fn.EQ, other);
    }

    default Tensor eq(double other) {
        return compare(Fn.EQ, other);
    }

    /** BOOL: this != other. */
    default Tensor ne(Tensor other) {
        return compare(Fn.NE, other);
    }

    default Tensor ne(double other) {
        return compare(Fn.NE, other);
    }

    /** BOOL: this < other. */
    default Tensor lt(Tensor other) {
        return compare(Fn.LT, other);
    }

    default Tensor lt(double other) {
        return compare(Fn.LT, other);
    }

    /** BOOL: this <= other. */
    default Tensor le(Tensor other) {
        return compare(Fn.LE, other);
    }

    default Tensor le(double other) {
        return compare(Fn.LE, other);
    }

    /** BOOL: this > other. */
    default Tensor gt(Tensor other) {
        return compare(Fn.GT, other);
    }

    default Tensor gt(double other) {
        return compare(Fn.GT, other);
    }

    /** BOOL: this >= other. */
    default Tensor ge(Tensor other) {
        return compare(Fn.GE, other);
    }

    default Tensor ge(double other) {
        return compare(Fn.GE, other);
    }

    private Tensor compare(Fn comparison, Tensor other) {
        String operation = comparison.kernelName();
        return new Tensor(Comparisons.compare(comparison, variable(operation), argument(operation, other)));
    }

    private Tensor compare(Fn comparison, double other) {
        return new Tensor(Comparisons.compare(comparison, variable(comparison.kernelName()), other));
    }
}
