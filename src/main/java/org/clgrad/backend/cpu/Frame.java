package org.clgrad.backend.cpu;

import java.util.Arrays;
import java.util.List;

/** Slots of one thread, with a block of elements for each, in which programs run. */
final class Frame<A> {
    static final int BLOCK = 1024;

    private static final int KEPT = 8;

    private final Loops<A> loops;
    private final Elements<A> elements;
    A[] arrays = slots(0);
    A[] blocks = slots(0);
    int[] offsets = new int[0];
    private final A[] kept = slots(KEPT);
    private final double[] keptValue = new double[KEPT];
    private final int[] keptLength = new int[KEPT];
    private final long[] keptCall = new long[KEPT]; // when it was last used
    private long calls;

    Frame(Loops<A> loops) {
        this.loops = loops;
        this.elements = loops.elements;
    }

    @SuppressWarnings("unchecked") // used as nothing but Object[]
    static <A> A[] slots(int n) {
        return (A[]) new Object[n];
    }

    /** Makes room for {@code slots} slots, each with a block of its own. */
    void reserve(int slots) {
        int have = blocks.length;
        if (have < slots) {
            arrays = Arrays.copyOf(arrays, slots);
            offsets = Arrays.copyOf(offsets, slots);
            blocks = Arrays.copyOf(blocks, slots);
            for (int i = have; i < slots; i++) {
                blocks[i] = elements.newArray(BLOCK);
            }
        }
    }

    /** Fills the slots of a program's scalars, and gives its intermediate results their blocks. The slots are reserved. */
    void prepare(Program<A> program, double[] scalars, int length) {
        calls++;
        for (int slot = program.inputs(); slot < program.slots(); slot++) {
            int scalar = slot - program.inputs();
            boolean temporary = scalar >= scalars.length;
            arrays[slot] = temporary ? blocks[slot] : filled(slot, scalars[scalar], length);
            offsets[slot] = 0;
        }
    }

    /** A block that holds {@code value} everywhere; the last few are kept, as most programs use few numbers. */
    private A filled(int slot, double value, int length) {
        int oldest = 0;
        for (int i = 0; i < KEPT; i++) {
            boolean same = Double.doubleToRawLongBits(keptValue[i]) == Double.doubleToRawLongBits(value);
            if (same && keptLength[i] >= length) {
                keptCall[i] = calls;
                return kept[i];
            }
            oldest = keptCall[i] < keptCall[oldest] ? i : oldest;
        }
        if (keptCall[oldest] == calls) { // this call uses them all
            elements.fill(blocks[slot], 0, length, value);
            return blocks[slot];
        }
        if (kept[oldest] == null) {
            kept[oldest] = elements.newArray(BLOCK);
        }
        elements.fill(kept[oldest], 0, length, value);
        keptValue[oldest] = value;
        keptLength[oldest] = length;
        keptCall[oldest] = calls;
        return kept[oldest];
    }

    /** Runs one loop over n elements. */
    void run(Program.Step<A> step, double[] scalars, A o, int io, int n) {
        int[] args = step.args();
        A a = arrays[args[0]];
        int ia = offsets[args[0]];
        if (step.unary() != null) {
            step.unary().run(a, ia, o, io, n);
            return;
        }
        A b = arrays[args[1]];
        int ib = offsets[args[1]];
        if (step.exponent() >= 0) {
            loops.powBy(scalars[step.exponent()]).run(a, ia, b, ib, o, io, n);
        } else if (step.binary() != null) {
            step.binary().run(a, ia, b, ib, o, io, n);
        } else if (step.ternary() != null) {
            step.ternary().run(a, ia, b, ib, arrays[args[2]], offsets[args[2]], o, io, n);
        }
    }

    /** Runs a program that leaves its results in slots over n elements, a multiple of the loops' lanes. */
    void run(Program<A> program, double[] scalars, int n) {
        run(program, scalars, 0, program.steps().size(), n);
    }

    /** Runs the rest of a program, from step {@code from} on, which leaves the value of a slot in {@code o[io ..]} instead. */
    void run(Program<A> program, double[] scalars, int from, int slot, A o, int io, int n) {
        List<Program.Step<A>> steps = program.steps();
        int last = steps.size() - 1;
        if (last >= from && steps.get(last).target() == slot) {
            run(program, scalars, from, last, n);
            run(steps.get(last), scalars, o, io, n);
        } else {
            run(program, scalars, from, last + 1, n);
            elements.move(arrays[slot], offsets[slot], 1, o, io, 1, n);
        }
    }

    /** Runs steps {@code from .. to - 1} of it. */
    void run(Program<A> program, double[] scalars, int from, int to, int n) {
        List<Program.Step<A>> steps = program.steps();
        for (int i = from; i < to; i++) {
            Program.Step<A> step = steps.get(i);
            run(step, scalars, arrays[step.target()], 0, n);
        }
    }

    /** Forgets the caller's arrays, which must not live as long as the thread. */
    void clear(int inputs) {
        Arrays.fill(arrays, 0, inputs, null);
    }
}
