package org.clgrad.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Slots, with a block of elements for each, in which programs run. A slot is where its array and offset say: in its block, or the caller's memory. */
final class Frame<A> implements AutoCloseable {
    static final int BLOCK = 1024;

    private static final int KEPT = 8;

    private final Loops<A> loops;
    private final Elements<A> elements;
    private final Frames<A> owner;
    A[] arrays = slots(0);
    int[] offsets = new int[0];
    private int foreign; // slots that may be in the caller's memory: the first so many
    private final List<Frames.Block<A>> blocks = new ArrayList<>();
    private final List<Frames.Block<A>> kept = new ArrayList<>();
    private final double[] keptValue = new double[KEPT];
    private final int[] keptLength = new int[KEPT];
    private final long[] keptCall = new long[KEPT]; // when it was last used
    private long calls;

    Frame(Loops<A> loops, Frames<A> owner) {
        this.loops = loops;
        this.elements = loops.elements;
        this.owner = owner;
    }

    @SuppressWarnings("unchecked") // used as nothing but Object[]
    static <A> A[] slots(int n) {
        return (A[]) new Object[n];
    }

    /** Makes room for {@code slots} slots, each with a block of its own. */
    void reserve(int slots) {
        if (arrays.length < slots) {
            arrays = Arrays.copyOf(arrays, slots);
            offsets = Arrays.copyOf(offsets, slots);
        }
        while (blocks.size() < slots) {
            blocks.add(owner.newBlock());
        }
    }

    /** Puts a slot into its block. */
    void useBlock(int slot) {
        use(slot, blocks.get(slot));
    }

    private void use(int slot, Frames.Block<A> block) {
        use(slot, block.array(), block.at());
    }

    private void use(int slot, A array, int at) {
        if (arrays[slot] != array) { // a write to an old object takes the collector G1 as long as a small loop
            arrays[slot] = array;
        }
        offsets[slot] = at;
    }

    /** Puts a slot into the caller's memory, until the frame is given back. */
    void useArray(int slot, A array, int at) {
        use(slot, array, at);
        foreign = Math.max(foreign, slot + 1);
    }

    /** Fills the slots of a program's scalars, and gives its intermediate results their blocks. The slots are reserved. */
    void prepare(Program<A> program, double[] scalars, int length) {
        calls++;
        for (int slot = program.inputs(); slot < program.slots(); slot++) {
            int scalar = slot - program.inputs();
            if (scalar >= scalars.length) {
                use(slot, blocks.get(slot));
            } else if (program.isArray()[scalar]) {
                use(slot, filled(slot, scalars[scalar], length));
            }
        }
    }

    /** A block that holds {@code value} everywhere; the last few are kept, as most programs use few numbers. */
    private Frames.Block<A> filled(int slot, double value, int length) {
        if (kept.isEmpty()) {
            for (int i = 0; i < KEPT; i++) {
                kept.add(owner.newBlock());
            }
        }
        int oldest = 0;
        for (int i = 0; i < KEPT; i++) {
            boolean same = Double.doubleToRawLongBits(keptValue[i]) == Double.doubleToRawLongBits(value);
            if (same && keptLength[i] >= length) {
                keptCall[i] = calls;
                return kept.get(i);
            }
            oldest = keptCall[i] < keptCall[oldest] ? i : oldest;
        }
        boolean allInUse = keptCall[oldest] == calls;
        Frames.Block<A> block = allInUse ? blocks.get(slot) : kept.get(oldest);
        elements.fill(block.array(), block.at(), length, value);
        if (!allInUse) {
            keptValue[oldest] = value;
            keptLength[oldest] = length;
            keptCall[oldest] = calls;
        }
        return block;
    }

    /** Runs one loop over n elements. */
    void run(Program.Step<A> step, double[] scalars, A o, int io, int n) {
        Loops.Loop<A> loop = step.loop();
        int[] args = step.args();
        int[] numbers = step.numbers();
        A a = arrays[args[0]];
        int ia = offsets[args[0]];
        if (loop instanceof Loops.Unary<A> unary) {
            unary.run(a, ia, o, io, n);
            return;
        }
        if (loop instanceof Loops.Affine<A> affine) {
            affine.run(a, ia, scalars[numbers[0]], scalars[numbers[1]], o, io, n);
            return;
        }
        A b = arrays[args[1]];
        int ib = offsets[args[1]];
        if (loop instanceof Loops.Binary<A> binary) {
            Loops.Binary<A> run = numbers.length > 0 ? loops.powBy(scalars[numbers[0]]) : binary;
            run.run(a, ia, b, ib, o, io, n);
        } else if (loop instanceof Loops.Linear<A> linear) {
            linear.run(a, ia, scalars[numbers[0]], b, ib, scalars[numbers[1]], o, io, n);
        } else {
            ((Loops.Ternary<A>) loop).run(a, ia, b, ib, arrays[args[2]], offsets[args[2]], o, io, n);
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
            run(step, scalars, arrays[step.target()], offsets[step.target()], n);
        }
    }

    /** Gives the frame back. It forgets the caller's arrays, which must not live as long. */
    @Override
    public void close() {
        Arrays.fill(arrays, 0, foreign, null);
        foreign = 0;
        owner.give(this);
    }
}
