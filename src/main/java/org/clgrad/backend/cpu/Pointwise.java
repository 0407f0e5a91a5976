package org.clgrad.backend.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.clgrad.array.Layout;
import org.clgrad.array.LoopNest;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * Runs expressions block by block, so that intermediate results stay in the first-level cache. Contiguous arrays are read
 * and written where they lie; others pass through a block. A last block that is not a multiple of the loops' lanes passes
 * through padded blocks, so every element sees the same instructions.
 */
final class Pointwise<A> {
    private static final int BLOCK = 1024;
    private static final int CHUNK = 1 << 15; // elements of a task: what a core does between two looks at the queue
    private static final long PARALLEL_COST = 1 << 17; // additions, about 20 microseconds
    private static final int MOST_PROGRAMS = 4096; // literals that never repeat must not fill the memory

    private final Loops<A> loops;
    private final Elements<A> elements;
    private final Workers workers;
    private final ConcurrentHashMap<Expr, Program<A>> programs = new ConcurrentHashMap<>();
    private final ThreadLocal<Frame<A>> frames;

    Pointwise(Loops<A> loops, Workers workers) {
        this.loops = loops;
        this.elements = loops.elements;
        this.workers = workers;
        this.frames = ThreadLocal.withInitial(() -> new Frame<>(loops.elements));
    }

    void run(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        long n = out.numel();
        if (n == 0) {
            return;
        }
        Program<A> program = program(expr, inputs.length);
        Call<A> call = new Call<>(this, program, inputs, program.scalarValues(loops, constants), out, n);
        if (n * program.cost() < PARALLEL_COST) {
            call.run(0, n);
        } else {
            int tasks = (int) ((n + CHUNK - 1) / CHUNK);
            workers.forEach(tasks, i -> call.run((long) i * CHUNK, Math.min((long) (i + 1) * CHUNK, n)));
        }
    }

    private Program<A> program(Expr expr, int inputs) {
        Program<A> program = programs.get(expr);
        if (program == null || program.inputs() < inputs) {
            if (programs.size() >= MOST_PROGRAMS) {
                programs.clear();
            }
            program = ProgramCompiler.compile(expr, inputs, loops);
            programs.put(expr, program);
        }
        return program;
    }

    /** Blocks and slots of one thread. */
    private static final class Frame<A> {
        private static final int KEPT = 8;

        private final Elements<A> elements;
        private A[] arrays = slots(0);
        private A[] blocks = slots(0);
        private int[] offsets = new int[0];
        private final A[] kept = slots(KEPT);
        private final double[] keptValue = new double[KEPT];
        private final int[] keptLength = new int[KEPT];
        private final long[] keptCall = new long[KEPT]; // when it was last used
        private long calls;

        Frame(Elements<A> elements) {
            this.elements = elements;
        }

        @SuppressWarnings("unchecked") // never leaves this class as anything but Object[]
        private static <A> A[] slots(int n) {
            return (A[]) new Object[n];
        }

        /** Makes room for {@code slots} slots, each with a block of its own. */
        void reserve(int slots) {
            int have = blocks.length;
            if (have < slots) {
                arrays = slots(slots);
                offsets = new int[slots];
                blocks = Arrays.copyOf(blocks, slots);
                for (int i = have; i < slots; i++) {
                    blocks[i] = elements.newArray(BLOCK);
                }
            }
        }

        /** A block that holds {@code value} everywhere; the last few are kept, as most programs use few numbers. */
        A filled(int slot, double value, int length) {
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

        /** Forgets the caller's arrays, which must not live as long as the thread. */
        void clear(int inputs) {
            Arrays.fill(arrays, 0, inputs, null);
        }
    }

    /** One call: what all its threads share. */
    private static final class Call<A> {
        private final Pointwise<A> owner;
        private final Elements<A> elements;
        private final Program<A> program;
        private final A[] inputs;
        private final int[] bases; // first element of a contiguous input, or STRIDED
        private final double[] scalars;
        private final A out;
        private final int outBase;
        private final @Nullable LoopNest nest; // null if all is contiguous

        private static final int STRIDED = -1;

        Call(Pointwise<A> owner, Program<A> program, NdArray[] in, double[] scalars, NdArray out, long n) {
            this.owner = owner;
            this.elements = owner.elements;
            this.program = program;
            this.scalars = scalars;
            this.out = elements.cast(((CpuBuffer) out.buffer()).array());
            this.outBase = base(out.layout());
            inputs = Frame.slots(program.inputs());
            bases = new int[program.inputs()];
            boolean strided = outBase == STRIDED;
            for (int i = 0; i < in.length; i++) {
                inputs[i] = elements.cast(((CpuBuffer) in[i].buffer()).array());
                bases[i] = base(in[i].layout());
                strided |= bases[i] == STRIDED;
            }
            nest = strided ? nest(in, out) : null;
        }

        private static int base(Layout layout) {
            return layout.isContiguous() ? (int) layout.offset() : STRIDED;
        }

        private static LoopNest nest(NdArray[] in, NdArray out) {
            Layout[] layouts = new Layout[in.length + 1];
            for (int i = 0; i < in.length; i++) {
                layouts[i] = in[i].layout();
            }
            layouts[in.length] = out.layout();
            return LoopNest.of(layouts);
        }

        void run(long from, long to) {
            Frame<A> frame = owner.frames.get();
            frame.reserve(program.slots() + 1);
            int lanes = owner.loops.lanes();
            int firstScalar = program.inputs();
            int length = (int) Math.min(BLOCK, to - from + lanes - 1);
            frame.calls++;
            for (int slot = firstScalar; slot < program.slots(); slot++) {
                int scalar = slot - firstScalar;
                boolean temporary = scalar >= scalars.length;
                frame.arrays[slot] = temporary ? frame.blocks[slot] : frame.filled(slot, scalars[scalar], length);
                frame.offsets[slot] = 0;
            }
            for (long at = from; at < to; at += BLOCK) {
                int n = (int) Math.min(BLOCK, to - at);
                int whole = n - n % lanes;
                if (whole > 0) {
                    block(frame, at, whole, whole);
                }
                if (whole < n) {
                    block(frame, at + whole, n - whole, lanes);
                }
            }
            frame.clear(program.inputs());
        }

        /** Elements {@code at .. at + n - 1}, computed as {@code padded} elements. */
        private void block(Frame<A> frame, long at, int n, int padded) {
            for (int i = 0; i < program.inputs(); i++) {
                if (bases[i] == STRIDED) {
                    frame.arrays[i] = frame.blocks[i];
                    frame.offsets[i] = 0;
                    Runs.gather(elements, inputs[i], new Cursor(nest(), i, 0, at), n, frame.blocks[i], 0);
                } else if (n < padded) {
                    frame.arrays[i] = frame.blocks[i];
                    frame.offsets[i] = 0;
                    elements.move(inputs[i], bases[i] + (int) at, 1, frame.blocks[i], 0, 1, n);
                } else {
                    frame.arrays[i] = inputs[i];
                    frame.offsets[i] = bases[i] + (int) at;
                }
            }
            boolean direct = outBase != STRIDED && n == padded;
            A target = direct ? out : frame.blocks[program.slots()];
            int offset = direct ? outBase + (int) at : 0;
            List<Program.Step<A>> steps = program.steps();
            for (int i = 0; i < steps.size(); i++) {
                Program.Step<A> step = steps.get(i);
                boolean last = step.target() == Program.OUTPUT;
                step(step, frame, last ? target : frame.arrays[step.target()], last ? offset : 0, padded);
            }
            if (steps.isEmpty()) {
                A result = frame.arrays[program.result()];
                elements.move(result, frame.offsets[program.result()], 1, target, offset, 1, n);
            }
            if (!direct && outBase == STRIDED) {
                Cursor cursor = new Cursor(nest(), nest().offsets().length - 1, 0, at);
                Runs.scatter(elements, target, 0, out, cursor, n);
            } else if (!direct) {
                elements.move(target, 0, 1, out, outBase + (int) at, 1, n);
            }
        }

        private void step(Program.Step<A> step, Frame<A> frame, A o, int io, int n) {
            int[] args = step.args();
            A a = frame.arrays[args[0]];
            int ia = frame.offsets[args[0]];
            if (step.unary() != null) {
                step.unary().run(a, ia, o, io, n);
                return;
            }
            A b = frame.arrays[args[1]];
            int ib = frame.offsets[args[1]];
            if (step.exponent() >= 0) {
                owner.loops.powBy(scalars[step.exponent()]).run(a, ia, b, ib, o, io, n);
            } else if (step.binary() != null) {
                step.binary().run(a, ia, b, ib, o, io, n);
            } else if (step.ternary() != null) {
                step.ternary().run(a, ia, b, ib, frame.arrays[args[2]], frame.offsets[args[2]], o, io, n);
            }
        }

        private LoopNest nest() {
            if (nest == null) {
                throw new IllegalStateException("no strided array in this call");
            }
            return nest;
        }
    }
}
