package org.clgrad;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.clgrad.array.DType;
import org.jspecify.annotations.Nullable;

/**
 * Compares vector-Jacobian products with central differences.
 *
 * <p>FLOAT64: every element of every input is moved by eps, and {@code (v . f(x + eps) - v . f(x - eps)) / 2 eps} must
 * equal the gradient for a fixed v, to atol + rtol |numeric|. FLOAT32 has too few digits for single elements: there all
 * inputs move together along a random direction.
 */
record GradCheck(double eps, double atol, double rtol, boolean alongDirection) {

    static GradCheck forDtype(Tensor... inputs) {
        boolean single = Arrays.stream(inputs).anyMatch(t -> t.dtype() == DType.FLOAT32);
        return single ? new GradCheck(1e-2, 2e-3, 2e-2, true) : new GradCheck(1e-6, 1e-5, 1e-3, false);
    }

    boolean check(Function<Tensor[], Tensor> function, Tensor... inputs) {
        double[] weights;
        double[][] analytic = new double[inputs.length][];
        try (Scope scope = Scope.open()) {
            Tensor output = function.apply(inputs);
            weights = pattern((int) output.numel());
            List<Tensor> checked = Autograd.requiring(inputs);
            if (checked.isEmpty()) {
                throw new IllegalArgumentException("gradCheck: no input requires grad; call requiresGrad(true) on it");
            }
            List<@Nullable Tensor> grads = output.requiresGrad()
                    ? Autograd.grad(List.of(output), checked, List.of(like(output, weights)), true, false, true)
                    : java.util.Collections.nCopies(checked.size(), null);
            for (int i = 0; i < inputs.length; i++) {
                int at = checked.indexOf(inputs[i]);
                if (at >= 0) {
                    Tensor grad = grads.get(at);
                    analytic[i] = grad == null ? new double[(int) inputs[i].numel()] : grad.toDoubleArray();
                }
            }
        }
        if (alongDirection) {
            compareAlongDirection(function, inputs, weights, analytic);
            return true;
        }
        for (int i = 0; i < inputs.length; i++) {
            for (int j = 0; analytic[i] != null && j < analytic[i].length; j++) {
                double[] step = new double[analytic[i].length];
                step[j] = eps;
                double[][] steps = new double[inputs.length][];
                steps[i] = step;
                double numeric = difference(function, inputs, steps, weights) / (2 * eps);
                compare("input " + i + ", index " + j, analytic[i][j], numeric, 1);
            }
        }
        return true;
    }

    private void compareAlongDirection(
            Function<Tensor[], Tensor> function, Tensor[] inputs, double[] weights, double[][] analytic) {
        double[][] steps = new double[inputs.length][];
        double slope = 0;
        double size = 0;
        for (int i = 0; i < inputs.length; i++) {
            if (analytic[i] != null) {
                steps[i] = pattern(analytic[i].length);
                for (int j = 0; j < steps[i].length; j++) {
                    slope += steps[i][j] * analytic[i][j];
                    size += Math.abs(steps[i][j] * analytic[i][j]);
                    steps[i][j] *= eps;
                }
            }
        }
        compare("along a direction", slope, difference(function, inputs, steps, weights) / (2 * eps), 1 + size);
    }

    private void compare(String where, double analytic, double numeric, double scale) {
        boolean close = Math.abs(analytic - numeric) <= atol * scale + rtol * Math.abs(numeric);
        if (!close && !(Double.isNaN(analytic) && Double.isNaN(numeric)) && analytic != numeric) {
            throw new GradCheckException(
                    "gradCheck: " + where + ": analytic " + analytic + ", numeric " + numeric + " differ");
        }
    }

    boolean checkSecond(Function<Tensor[], Tensor> function, Tensor... inputs) {
        Tensor[] all;
        try (Scope scope = Scope.open()) {
            Tensor output = function.apply(inputs);
            all = Arrays.copyOf(inputs, inputs.length + 1);
            all[inputs.length] =
                    scope.keep(like(output, pattern((int) output.numel()))).requiresGrad(true);
        }
        Function<Tensor[], Tensor> gradient = args -> {
            Tensor[] own = Arrays.copyOf(args, inputs.length);
            Tensor output = function.apply(own);
            List<@Nullable Tensor> grads = Autograd.grad(
                    List.of(output), Autograd.requiring(own), List.of(args[inputs.length]), true, true, true);
            Tensor sum = Tensor.zeros(output.device(), output.dtype());
            int salt = 1;
            for (Tensor grad : grads) { // one number that depends on all of them
                if (grad != null) {
                    sum = sum.add(grad.mul(like(grad, pattern((int) grad.numel() + salt++)))
                            .sum()
                            .to(output.dtype()));
                }
            }
            return sum;
        };
        return check(gradient, all);
    }

    /** v . f(x + step) - v . f(x - step). */
    private static double difference(
            Function<Tensor[], Tensor> function, Tensor[] inputs, double[][] steps, double[] weights) {
        return weighted(function, inputs, steps, 1, weights) - weighted(function, inputs, steps, -1, weights);
    }

    private static double weighted(
            Function<Tensor[], Tensor> function, Tensor[] inputs, double[][] steps, int sign, double[] weights) {
        try (Scope scope = Scope.open()) {
            Tensor[] moved = inputs.clone();
            for (int i = 0; i < inputs.length; i++) {
                if (steps[i] != null) {
                    double[] values = inputs[i].toDoubleArray();
                    for (int j = 0; j < values.length; j++) {
                        values[j] += sign * steps[i][j];
                    }
                    moved[i] = like(inputs[i], values).requiresGrad(true);
                }
            }
            double[] out = function.apply(moved).toDoubleArray();
            double sum = 0;
            for (int i = 0; i < out.length; i++) {
                sum += weights[i] * out[i];
            }
            return sum;
        }
    }

    private static Tensor like(Tensor like, double[] values) {
        double[] prefix = Arrays.copyOf(values, (int) like.numel());
        return like.dtype() == DType.FLOAT64
                ? Tensor.of(like.device(), prefix, like.shape()).reshape(like.shape())
                : Tensor.of(like.device(), floats(prefix), like.shape()).reshape(like.shape());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Numbers between 0.5 and 1.5 in size, both signs, without a pattern that errors could cancel in. */
    private static double[] pattern(int length) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            double fraction = (0.618033988749895 * (i + 1)) % 1;
            values[i] = (i % 3 == 1 ? -1 : 1) * (0.5 + fraction);
        }
        return values;
    }
}
