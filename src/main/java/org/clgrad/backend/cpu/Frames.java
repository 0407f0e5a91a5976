package org.clgrad.backend.cpu;

/** The frames of one element type, and the memory of their blocks. */
final class Frames<A> {
    private final Elements<A> elements;
    private final Spares<Frame<A>> spares;
    private final int length; // of an array
    private A memory;
    private int used;

    Frames(Loops<A> loops) {
        elements = loops.elements;
        length = Elements.OWN_REGION / elements.bytes();
        memory = elements.newArray(0);
        used = length;
        spares = new Spares<>(() -> new Frame<>(loops, this));
    }

    /** A frame for the caller alone, until it is closed. */
    Frame<A> take() {
        return spares.take();
    }

    void give(Frame<A> frame) {
        spares.give(frame);
    }

    /** {@link Frame#BLOCK} elements. */
    record Block<A>(A array, int at) {}

    /**
     * A new block, at a line of memory where the collector allows ({@link Elements#OWN_REGION}): Java 25 runs loops over such blocks twice
     * as fast.
     */
    synchronized Block<A> newBlock() {
        if (used + Frame.BLOCK > length) {
            memory = elements.newArray(length);
            used = elements.firstOnLine();
        }
        used += Frame.BLOCK;
        return new Block<>(memory, used - Frame.BLOCK);
    }
}
