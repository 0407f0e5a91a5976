package org.clgrad.bench.engine;

import java.util.List;
import java.util.function.Supplier;

/** An optimizer of parameters. */
public interface Trainer<T> {
    /** Forgets the gradients, computes the loss and its gradients, moves the parameters; gives the loss. */
    T step(Supplier<T> loss);

    /** Moves the parameters by these gradients. */
    void update(List<T> gradients);
}
