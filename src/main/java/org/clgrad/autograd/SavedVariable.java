package org.clgrad.autograd;

import org.clgrad.array.Shapes;
import org.clgrad.backend.NdArray;

/** A value that a node keeps for the backward pass, with the version that its contents had. */
public final class SavedVariable {
    private final Node node;
    private final Variable variable;
    private final int version;
    private boolean released;

    SavedVariable(Node node, Variable variable) {
        this.node = node;
        this.variable = variable;
        this.version = variable.value().buffer().version();
        variable.value().buffer().settleIfCostly();
        variable.value().buffer().retain();
    }

    /**
     * The saved value.
     *
     * @throws IllegalStateException if it was freed by a backward pass, or written to since
     */
    public synchronized Variable get() {
        if (released) {
            throw new IllegalStateException(
                    "Trying to backward through the graph a second time (or directly access saved"
                            + " tensors after they have already been freed). Saved intermediate values of the graph are freed when"
                            + " you call backward() or Autograd.grad(). Specify retainGraph = true if you need to backward through"
                            + " the graph a second time or if you need to access saved tensors after calling backward. The node is "
                            + node.name() + ".");
        }
        NdArray value = variable.value();
        if (value.buffer().version() != version) {
            throw new IllegalStateException(
                    "one of the variables needed for gradient computation has been modified by an"
                            + " inplace operation: a " + value.dtype() + " tensor of shape "
                            + Shapes.text(value.shape())
                            + ", saved for " + node.name() + ", is at version "
                            + value.buffer().version() + "; expected version "
                            + version
                            + " instead. Use the operation that returns a new tensor, or write to a clone().");
        }
        return variable;
    }

    synchronized void release() {
        if (!released) {
            released = true;
            variable.value().buffer().release();
        }
    }
}
