package org.clgrad.op;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.clgrad.autograd.GradMode;
import org.clgrad.autograd.Node;
import org.clgrad.autograd.SavedVariable;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** The one place that decides whether an operation is recorded. */
final class Recorder {
    private Recorder() {}

    /** The gradient of one input, from the output's gradient and the variables saved for it. */
    interface Rule {
        @Nullable
        Variable apply(Variable g, Variable[] saved);
    }

    /** A rule and the variables that it needs. */
    record Vjp(Rule rule, Variable... saved) {}

    /** A rule that needs the incoming gradient alone. */
    static Vjp vjp(java.util.function.UnaryOperator<Variable> rule) {
        return new Vjp((g, saved) -> rule.apply(g));
    }

    static Vjp vjp(Rule rule, Variable... saved) {
        return new Vjp(rule, saved);
    }

    static boolean shouldRecord(Variable... inputs) {
        if (GradMode.isEnabled()) {
            for (Variable input : inputs) {
                if (input.requiresGrad()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A variable for a value computed from inputs; each has a rule for its gradient. */
    static Variable record(String name, NdArray value, Variable[] inputs, Vjp... vjps) {
        return recordOn(new Variable(value), name, inputs, vjps);
    }

    /** Gives a variable its history. */
    static Variable recordOn(Variable result, String name, Variable[] inputs, Vjp... vjps) {
        Node node = node(name, inputs, vjps);
        if (node != null) {
            result.setHistory(node, 0);
        }
        return result;
    }

    /** The node of an operation, or null if it is not to be recorded. */
    static @Nullable Node node(String name, Variable[] inputs, Vjp... vjps) {
        return shouldRecord(inputs) ? new RuleNode(name, inputs, vjps) : null;
    }

    private static final class RuleNode extends Node {
        private final Rule[] rules;
        private final SavedVariable[][] saved;

        RuleNode(String name, Variable[] inputs, Vjp... vjps) {
            super(name, inputs);
            rules = new Rule[inputs.length];
            saved = new SavedVariable[inputs.length][];
            for (int i = 0; i < inputs.length; i++) {
                if (needsInputGrad(i)) {
                    rules[i] = vjps[i].rule();
                    Variable[] needed = vjps[i].saved();
                    saved[i] = new SavedVariable[needed.length];
                    Arrays.setAll(saved[i], k -> save(needed[k]));
                }
            }
        }

        @Override
        protected @Nullable Variable[] backward(Variable g) {
            @Nullable Variable[] grads = new @Nullable Variable[rules.length];
            for (int i = 0; i < rules.length; i++) {
                if (needsInputGrad(i)) {
                    SavedVariable[] kept = saved[i];
                    Variable[] values = new Variable[kept.length];
                    Arrays.setAll(values, k -> kept[k].get());
                    grads[i] = rules[i].apply(g, values);
                }
            }
            return grads;
        }
    }

    /** Checks that an operand is of a dtype that computes. */
    static void checkFloating(String operation, Variable a) {
        if (!a.dtype().isFloating()) {
            throw new IllegalArgumentException(operation + ": " + a.dtype()
                    + " tensors hold data and do not compute: convert it with to(DType.FLOAT32)");
        }
    }

    /** Checks that operands share a dtype and a device. */
    static void checkSameKind(String operation, Variable... inputs) {
        for (int i = 1; i < inputs.length; i++) {
            if (inputs[i].dtype() != inputs[0].dtype()) {
                throw new IllegalArgumentException(
                        operation + ": " + kinds(inputs) + ": expected tensors of one dtype; convert with to(DType."
                                + inputs[0].dtype().name() + ")");
            }
            if (inputs[i].backend() != inputs[0].backend()) {
                throw new IllegalArgumentException(operation + ": " + kinds(inputs)
                        + ": expected all tensors to be on the same device; move one with to(Device)");
            }
        }
    }

    private static String kinds(Variable... inputs) {
        return Arrays.stream(inputs)
                .map(v -> v.dtype() + Arrays.toString(v.shape()) + " on "
                        + v.backend().describe().name())
                .collect(Collectors.joining(" and "));
    }

    /** The method's name for a node's: {@code Mul} is mul, {@code Log1P} is log1p. */
    static String operationName(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1).replace("1P", "1p");
    }
}
