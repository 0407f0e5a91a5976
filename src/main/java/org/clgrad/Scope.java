package org.clgrad;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes, at its end, every tensor that its thread made since it was opened, except those kept. Scopes nest.
 *
 * <pre>{@code
 * try (Scope s = Scope.open()) {
 *     Tensor loss = model(x);
 *     loss.backward();
 * }                                  // all intermediate tensors are gone, the leaves' gradients stay
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

    private final @Nullable Scope outer = CURRENT.get();
    private final Thread thread = Thread.currentThread();
    private final List<Tensor> tensors = new ArrayList<>();
    private boolean closed;

    private Scope() {}

    public static Scope open() {
        Scope scope = new Scope();
        CURRENT.set(scope);
        return scope;
    }

    static void register(Tensor tensor) {
        Scope scope = CURRENT.get();
        if (scope != null) {
            scope.tensors.add(tensor);
        }
    }

    /**
     * Moves a tensor that this scope would close to the scope around it, or out of all scopes. A tensor of another scope stays where it is: it is for
     * that scope to keep it.
     *
     * @throws IllegalStateException if the tensor is closed
     */
    public Tensor keep(Tensor tensor) {
        tensor.variable("keep");
        if (tensors.removeIf(t -> t == tensor) && outer != null) {
            outer.tensors.add(tensor);
        }
        return tensor;
    }

    /** @throws IllegalStateException if it was closed before, on another thread, or before a scope opened inside it */
    @Override
    public void close() {
        if (closed || Thread.currentThread() != thread || CURRENT.get() != this) {
            throw new IllegalStateException(
                    closed
                            ? "scope: closed twice"
                            : "scope: scopes close on the thread that opened them, the innermost first");
        }
        closed = true;
        CURRENT.set(outer);
        for (Tensor tensor : tensors) {
            if (!tensor.isClosed()) {
                tensor.close();
            }
        }
        tensors.clear(); // somebody may still refer to this scope, but nobody needs their graphs
    }
}
