package org.clgrad.backend.cpu;

/** The frames of one element type, and the memory of their blocks. */
final class Frames<A> {
    private static final int BYTES = 1 << 21;
    private static final int LINE = 64;
    private static final int HEADER = 16; // of an array

    private final Loops<A> loops;
    private final Spares<Frame<A>> spares;
    private final int length; // of an array
    private final int first; // element of an array that begins at a line of memory
    private A memory;
    private int used;

    Frames(Loops<A> loops) {
        this.loops = loops;
        int bytes = loops.elements.bytes();
        length = BYTES / bytes;
        first = (LINE - HEADER) / bytes;
        memory = loops.elements.newArray(0);
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
     * A new block, whose vectors lie across no two lines of memory where the collector allows: to G1 an array of 2 MiB is mostly so large
     * that it begins at a region, and its elements behind the header. Java 25 runs loops over blocks twice as fast then.
     */
    synchronized Block<A> newBlock() {
        if (used + Frame.BLOCK > length) {
            memory = loops.elements.newArray(length);
            used = first;
        }
        used += Frame.BLOCK;
        return new Block<>(memory, used - Frame.BLOCK);
    }
}
