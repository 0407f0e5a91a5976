package org.clgrad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.clgrad.autograd.GradMode;
import org.clgrad.autograd.Tape;
import org.clgrad.autograd.Variable;
import org.jspecify.annotations.Nullable;

/** Automatic differentiation beyond {@link Tensor#backward()}: torch.autograd. */
public final class Autograd {
    private Autograd() {}

    /** Operations of this thread are not recorded until the guard is closed. */
    public static GradMode.Guard noGrad() {
        return GradMode.set(false);
    }

    /** Operations of this thread are recorded until the guard is closed, inside {@link #noGrad} too. */
    public static GradMode.Guard enableGrad() {
        return GradMode.set(true);
    }

    public static boolean isGradEnabled() {
        return GradMode.isEnabled();
    }

    /**
     * The gradients of a scalar for inputs, each of its input's shape and dtype, without touching any {@code grad()} but of tensors that
     * {@link Tensor#retainGrad retain} theirs. Frees the graph.
     *
     * @throws IllegalArgumentException if there are no inputs
     * @throws IllegalStateException if the output is no scalar or was not recorded, its graph was freed before, a saved value was overwritten, or an
     *     input does not require grad or was not used
     */
    public static List<Tensor> grad(Tensor output, Tensor... inputs) {
        List<@Nullable Tensor> grads = grad(List.of(output), Arrays.asList(inputs), List.of(), false, false, false);
        return grads.stream().map(Objects::requireNonNull).toList();
    }

    /**
     * The vector-Jacobian products of outputs for inputs, each of its input's shape and dtype, without touching any {@code grad()} but of tensors
     * that {@link Tensor#retainGrad retain} theirs: torch.autograd.grad.
     *
     * @param gradOutputs a gradient for each output, of its shape, dtype and device; null or left out for scalars
     * @param retainGraph whether the graph can be used again
     * @param createGraph whether the results are recorded, so that they can be differentiated in turn; keeps the graph too
     * @param allowUnused whether an input that no output depends on gives null; otherwise it is an error
     * @throws IllegalArgumentException if there are no inputs, or a gradient does not fit its output
     * @throws IllegalStateException as from {@link #grad(Tensor, Tensor...)}
     */
    public static List<@Nullable Tensor> grad(
            List<Tensor> outputs,
            List<Tensor> inputs,
            List<? extends @Nullable Tensor> gradOutputs,
            boolean retainGraph,
            boolean createGraph,
            boolean allowUnused) {
        List<Variable> roots = variables(outputs);
        List<Variable> leaves = variables(inputs);
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException(
                    "grad requires non-empty inputs: name the tensors to differentiate by, or call backward()");
        }
        for (int i = 0; i < leaves.size(); i++) {
            if (!leaves.get(i).requiresGrad()) {
                throw new IllegalStateException(
                        "One of the differentiated Tensors does not require grad: input " + i + " of grad");
            }
        }
        List<@Nullable Variable> seeds = new ArrayList<>();
        gradOutputs.forEach(t -> seeds.add(t == null ? null : t.variable("grad")));

        List<@Nullable Variable> found =
                Tape.grad(roots, Tape.seeds(roots, seeds), leaves, retainGraph || createGraph, createGraph);
        List<@Nullable Tensor> grads = new ArrayList<>();
        for (Variable gradient : found) {
            grads.add(gradient == null ? null : new Tensor(gradient));
            if (gradient != null) {
                gradient.value().buffer().release(); // the tape's hold; the tensor has its own
            }
        }
        int unused = grads.indexOf(null);
        if (unused >= 0 && !allowUnused) {
            grads.stream().filter(Objects::nonNull).forEach(Tensor::close);
            throw new IllegalStateException(
                    "One of the differentiated Tensors appears to not have been used in the graph."
                            + " Set allow_unused=True if this is the desired behavior. It is input " + unused
                            + "; the argument is called allowUnused.");
        }
        return grads;
    }

    private static List<Variable> variables(List<Tensor> tensors) {
        return tensors.stream().map(t -> Tensor.argument("grad", t)).toList();
    }

    /**
     * Compares the derivatives of a function with differences of its values: torch.autograd.gradcheck with eps 1e-6, atol 1e-5, rtol 1e-3. If an
     * input is FLOAT32, which has too few digits for that, all move together along one direction, with eps 1e-2, atol 2e-3, rtol 2e-2.
     *
     * @param inputs best FLOAT64; those that require grad are checked
     * @return true
     * @throws IllegalArgumentException if no input requires grad
     * @throws GradCheckException with the input, the index and both values, where they differ
     */
    public static boolean gradCheck(Function<Tensor[], Tensor> function, Tensor... inputs) {
        return GradCheck.forDtype(inputs).check(function, inputs);
    }

    /** Likewise for the derivatives of the derivatives, with random gradients coming in: torch.autograd.gradgradcheck. */
    public static boolean gradGradCheck(Function<Tensor[], Tensor> function, Tensor... inputs) {
        return GradCheck.forDtype(inputs).checkSecond(function, inputs);
    }

    static List<Tensor> requiring(Tensor... inputs) {
        return Arrays.stream(inputs).filter(Tensor::requiresGrad).toList();
    }
}
