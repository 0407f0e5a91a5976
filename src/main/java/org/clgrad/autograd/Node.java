package org.clgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A recorded operation: knows where its inputs came from and how to turn its output's gradient into theirs. */
public abstract class Node {
    private static final AtomicLong RECORDED = new AtomicLong();

    private final String name;
    private final @Nullable Edge[] next;
    private final long number = RECORDED.getAndIncrement();
    private List<Variable> retained = List.of();
    private List<SavedVariable> saved = List.of();

    /**
     * @param name PyTorch's name, such as {@code MulBackward0}
     * @param inputs the operation's inputs; those that need no gradient get no edge
     */
    protected Node(String name, Variable... inputs) {
        this.name = name;
        this.next = new @Nullable Edge[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            next[i] = inputs[i].edge();
        }
    }

    /** Of this very object, as equality is, but without the call into the JVM that an object's first hash code takes. */
    @Override
    public final int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other;
    }

    /** PyTorch's name of the operation's derivative. */
    public final String name() {
        return name;
    }

    /** Where the gradients of the inputs go; null for an input that needs none. */
    public final List<@Nullable Edge> nextFunctions() {
        return java.util.Collections.unmodifiableList(Arrays.asList(next));
    }

    /** The leaf whose gradient this node accumulates; null for the node of an operation. */
    public @Nullable Variable variable() {
        return null;
    }

    /** Whether input {@code i} needs a gradient. */
    public final boolean needsInputGrad(int i) {
        return next[i] != null;
    }

    /**
     * The gradients of the inputs.
     *
     * @param g the output's gradient, of its shape and dtype
     * @return one an input; null where {@link #needsInputGrad} is false, or where the gradient is zero
     */
    protected abstract @Nullable Variable[] backward(Variable g);

    /** Keeps a value for the backward pass. */
    protected final SavedVariable save(Variable variable) {
        SavedVariable kept = new SavedVariable(this, variable);
        if (saved.isEmpty()) {
            saved = new ArrayList<>(2);
        }
        saved.add(kept);
        return kept;
    }

    /** Lets go of all saved values; using them afterwards is an error. */
    final void releaseSaved() {
        saved.forEach(SavedVariable::release);
    }

    final @Nullable Edge[] edges() {
        return next;
    }

    /** Nodes with higher numbers run first. */
    long sequence() {
        return number;
    }

    final void retainGradOf(Variable variable) {
        if (retained.isEmpty()) {
            retained = new ArrayList<>(1);
        }
        retained.add(variable);
    }

    final List<Variable> retained() {
        return retained;
    }

    @Override
    public String toString() {
        return "<" + name + ">";
    }
}
