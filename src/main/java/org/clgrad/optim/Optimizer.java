package org.clgrad.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.clgrad.Tensor;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.op.Update;
import org.jspecify.annotations.Nullable;

/**
 * Moves parameters along their gradients: torch.optim.Optimizer. The learning rate may change between steps, other options
 * before the first one.
 *
 * <pre>{@code
 * Optimizer optimizer = new SGD(List.of(w, b), 0.1).momentum(0.9);
 * for (int step = 0; step < 100; step++) {
 *     optimizer.zeroGrad();
 *     loss(w, b).backward();
 *     optimizer.step();
 * }
 * }</pre>
 *
 * <p>A parameter without a gradient is skipped, and its state does not age. Writes raise the version of the parameter's memory:
 * a graph that saved its old value says so when it is used. State belongs to no {@link org.clgrad.Scope}: it goes back when the
 * optimizer is closed, or after the garbage collector finds it.
 */
public abstract sealed class Optimizer implements AutoCloseable permits SGD, Adam {
    /** The parameter, in formulas; its state follows as inputs 1, 2, .. and its gradient is the last. */
    static final Expr PARAMETER = Expr.input(0);

    private final String name = getClass().getSimpleName();
    private final List<Tensor> parameters;
    private final List<@Nullable State> states;
    private double learningRate;
    private @Nullable Rule rule;

    /**
     * What a step does.
     *
     * @param state names of the arrays that are kept for each parameter, zeros before its first step
     * @param results the new parameter, and its new state
     */
    record Rule(List<String> state, List<Expr> results) {}

    private record State(Variable[] arrays, long steps) {}

    /** What a step does to the parameter of an index: the parameter, its state and its gradient, and the state afterwards. */
    private record Move(int index, Variable[] group, State after) {}

    Optimizer(List<Tensor> parameters, double learningRate) {
        this.parameters = List.copyOf(parameters);
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(name + ": optimizer got an empty parameter list");
        }
        Set<Variable> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor parameter : parameters) {
            Variable variable = parameter.variable(name);
            if (!variable.isLeaf() && !variable.retainsGrad()) {
                throw new IllegalArgumentException(name + ": can't optimize a non-leaf Tensor: it was made by "
                        + variable.gradFn() + "; give the leaf that it was computed from");
            }
            if (!distinct.add(variable)) {
                throw new IllegalArgumentException(name + ": the list has a parameter twice, of shape "
                        + java.util.Arrays.toString(variable.shape()));
            }
        }
        states = new ArrayList<>(Collections.nCopies(parameters.size(), null));
        this.learningRate = atLeastZero("learning rate", learningRate);
    }

    /** Formulas for the options chosen. */
    abstract Rule rule();

    /**
     * The numbers of the formulas.
     *
     * @param step how many steps a parameter has made with this one: 1 for the first
     */
    abstract double[] constants(long step);

    /**
     * Moves every parameter that has a gradient.
     *
     * @throws IllegalArgumentException at the first step, if options do not go together
     * @throws IllegalStateException if a parameter is closed
     */
    public final void step() {
        if (rule == null) {
            rule = rule();
        }
        Map<Long, List<Move>> bySteps = new TreeMap<>(); // formulas may depend on how many steps there were
        for (int i = 0; i < parameters.size(); i++) {
            Variable parameter = parameters.get(i).variable("step");
            Variable gradient = parameter.grad();
            if (gradient == null) {
                continue;
            }
            State state = states.get(i);
            Variable[] arrays = state == null ? zeros(parameter, rule.state.size()) : state.arrays;
            long step = state == null ? 1 : state.steps + 1;
            Variable[] group = new Variable[arrays.length + 2];
            group[0] = parameter;
            System.arraycopy(arrays, 0, group, 1, arrays.length);
            group[arrays.length + 1] = gradient;
            bySteps.computeIfAbsent(step, s -> new ArrayList<>()).add(new Move(i, group, new State(arrays, step)));
        }
        Rule formulas = rule;
        bySteps.forEach((step, moves) -> {
            Update.apply(formulas.results, moves.stream().map(Move::group).toList(), constants(step));
            moves.forEach(move -> states.set(move.index, move.after)); // not before: a step that is refused is none
        });
    }

    private static Variable[] zeros(Variable like, int count) {
        Variable[] zeros = new Variable[count];
        for (int i = 0; i < count; i++) {
            NdArray array = like.value().allocateLike(like.shape());
            array.backend().fill(array, 0);
            array.buffer().retain(); // no tensor holds it that a scope might close
            zeros[i] = new Variable(array);
        }
        return zeros;
    }

    /** Forgets all gradients; their memory goes back. */
    public final void zeroGrad() {
        zeroGrad(true);
    }

    /** Forgets all gradients, or writes zeros to them. */
    public final void zeroGrad(boolean setToNone) {
        List<Variable[]> gradients = new ArrayList<>();
        for (Tensor tensor : parameters) {
            Variable parameter = tensor.variable("zeroGrad");
            Variable gradient = parameter.grad();
            if (setToNone) {
                parameter.setGrad(null);
            } else if (gradient != null) {
                Variable plain = gradient.requiresGrad() ? gradient.detach() : gradient; // zeros have no history
                parameter.setGrad(plain);
                gradients.add(new Variable[] {plain});
            }
        }
        Update.apply(List.of(Expr.literal(0)), gradients);
    }

    public final double learningRate() {
        return learningRate;
    }

    /** Sets the learning rate of the steps to come. */
    public final Optimizer learningRate(double rate) {
        learningRate = atLeastZero("learning rate", rate);
        return this;
    }

    public final List<Tensor> parameters() {
        return parameters;
    }

    /**
     * What is kept for a parameter, by PyTorch's names in camelCase; empty before its first step. The tensors share the memory.
     *
     * @throws IllegalArgumentException if it is none of the parameters
     */
    public final Map<String, Tensor> state(Tensor parameter) {
        int index = parameters.indexOf(parameter);
        if (index < 0) {
            throw new IllegalArgumentException(name + ": state: not one of the parameters");
        }
        Map<String, Tensor> named = new LinkedHashMap<>();
        State state = states.get(index);
        if (state != null) {
            List<String> names = Objects.requireNonNull(rule).state;
            for (int i = 0; i < names.size(); i++) {
                named.put(names.get(i), new Tensor(state.arrays[i]));
            }
        }
        return named;
    }

    /** Forgets the state, and gives its memory back. A step after that is a first one. */
    @Override
    public final void close() {
        for (State state : states) {
            if (state != null) {
                for (Variable array : state.arrays) {
                    array.value().buffer().release();
                }
            }
        }
        Collections.fill(states, null);
    }

    /** @throws IllegalStateException after the first step */
    final void beforeFirstStep(String option) {
        if (rule != null) {
            throw new IllegalStateException(
                    name + ": " + option + " cannot change after the first step; only the learning rate can");
        }
    }

    final double atLeastZero(String what, double value) {
        return checked(what, value, value >= 0);
    }

    final double checked(String what, double value, boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException(name + ": Invalid " + what + ": " + value);
        }
        return value;
    }
}
