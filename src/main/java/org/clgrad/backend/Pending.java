package org.clgrad.backend;

/** Work that was asked for and is not done. It has the buffers that it reads on loan until {@link #end}. */
abstract sealed class Pending permits PendingPointwise, PendingProduct {
    private final NdArray[] inputs;
    private final int[] shape;
    private int uses;

    /** @param inputs their buffers are lent to this */
    Pending(NdArray[] inputs, int... shape) {
        this.inputs = inputs;
        this.shape = shape;
    }

    /** Computes the values, of which there is at least one. */
    abstract void run(NdArray out);

    /** Whether it costs much more to compute the values than to read them. */
    abstract boolean isCostly();

    NdArray[] inputs() {
        return inputs;
    }

    int[] shape() {
        return shape;
    }

    /** How much other work includes this. */
    int uses() {
        return uses;
    }

    void used() {
        uses++;
    }

    /** Reads {@code to} in place of {@code from}; returns whether there was anything to change. */
    boolean redirect(Buffer from, Buffer to) {
        boolean changed = false;
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].buffer() == from) {
                to.lend();
                inputs[i] = new NdArray(to, inputs[i].layout());
                from.giveBack();
                changed = true;
            }
        }
        return changed;
    }

    void end() {
        for (NdArray input : inputs) {
            input.buffer().giveBack();
        }
    }
}
