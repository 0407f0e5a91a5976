package org.clgrad.backend.cpu;

import java.util.concurrent.ConcurrentHashMap;
import org.clgrad.array.Layout;
import org.clgrad.array.LoopNest;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * Runs expressions block by block, so that intermediate results stay in the first-level cache; a single loop has none, and takes
 * all that a thread takes at once. Contiguous arrays are read and written where they lie; others pass through a block. A last block that is not a multiple of the loops' lanes passes
 * through padded blocks, so every element sees the same instructions.
 */
final class Pointwise<A> {
    private static final int BLOCK = Frame.BLOCK;
    static final int CHUNK = 1 << 13; // elements of a task
    static final int TOGETHER = 4; // tasks that a core takes at once, at least
    static final long PARALLEL_COST = 1 << 15; // additions, about 5 microseconds
    private static final int LONGEST = 1 << 20; // elements of one loop: a collector must not wait for it long
    private static final int MOST_PROGRAMS = 4096; // literals that never repeat must not fill the memory

    private final Loops<A> loops;
    private final Elements<A> elements;
    private final Workers workers;
    private final ConcurrentHashMap<Expr, Program<A>> programs = new ConcurrentHashMap<>();
    private final Frames<A> frames;

    Pointwise(Loops<A> loops, Frames<A> frames, Workers workers) {
        this.loops = loops;
        this.elements = loops.elements;
        this.workers = workers;
        this.frames = frames;
    }

    void run(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        long n = out.numel();
        if (n == 0) {
            return;
        }
        Program<A> program = program(expr, inputs.length);
        Call<A> call = new Call<>(this, program, inputs, program.scalarValues(loops, constants), out);
        if (n * program.cost() < PARALLEL_COST) {
            call.run(0, n);
        } else {
            int tasks = (int) ((n + CHUNK - 1) / CHUNK);
            workers.inRuns(
                    tasks, TOGETHER, (first, end) -> call.run((long) first * CHUNK, Math.min((long) end * CHUNK, n)));
        }
    }

    /** Computes some elements, in row-major order, into an array. */
    interface Range<A> {
        void compute(long from, long to, A out, int at);
    }

    /** An expression of inputs of one shape that is evaluated bit by bit, by any thread. */
    Range<A> range(Expr expr, NdArray[] inputs, double[] constants, int... shape) {
        Program<A> program = program(expr, inputs.length);
        double[] scalars = program.scalarValues(loops, constants);
        Layout dense = Layout.contiguous(shape);
        return (from, to, out, at) ->
                new Call<>(this, program, inputs, scalars, dense, out, at - (int) from).run(from, to);
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

    /** One call: what all its threads share. */
    private static final class Call<A> {
        private final Pointwise<A> owner;
        private final Elements<A> elements;
        private final Program<A> program;
        private final A[] inputs; // of this call; a program made for more does not use the rest
        private final int[] bases; // first elements
        private final int[] steps; // to the next element: 1 or 0, or STRIDED
        private final double[] scalars;
        private final A out;
        private final int outBase;
        private final int outStep;
        private final boolean isContiguous; // all is
        private final @Nullable LoopNest nest; // null if nothing is strided

        private static final int STRIDED = -1;

        Call(Pointwise<A> owner, Program<A> program, NdArray[] in, double[] scalars, NdArray out) {
            this(
                    owner,
                    program,
                    in,
                    scalars,
                    out.layout(),
                    owner.elements.cast(((CpuBuffer) out.buffer()).array()),
                    (int) out.layout().offset());
        }

        /** @param outBase where element 0 would be in {@code out} */
        Call(
                Pointwise<A> owner,
                Program<A> program,
                NdArray[] in,
                double[] scalars,
                Layout outLayout,
                A out,
                int outBase) {
            this.owner = owner;
            this.elements = owner.elements;
            this.program = program;
            this.scalars = scalars;
            this.out = out;
            this.outBase = outBase;
            inputs = Frame.slots(in.length);
            bases = new int[in.length];
            steps = new int[in.length];
            outStep = outLayout.isContiguous() ? 1 : STRIDED;
            boolean contiguous = outStep == 1;
            boolean strided = !contiguous;
            for (int i = 0; i < in.length; i++) {
                Layout layout = in[i].layout();
                inputs[i] = elements.cast(((CpuBuffer) in[i].buffer()).array());
                bases[i] = (int) layout.offset();
                steps[i] = layout.isContiguous() ? 1 : layout.isOneElement() ? 0 : STRIDED;
                contiguous &= steps[i] == 1;
                strided |= steps[i] == STRIDED;
            }
            isContiguous = contiguous;
            nest = strided ? nest(in, outLayout) : null;
        }

        private static LoopNest nest(NdArray[] in, Layout out) {
            Layout[] layouts = new Layout[in.length + 1];
            for (int i = 0; i < in.length; i++) {
                layouts[i] = in[i].layout();
            }
            layouts[in.length] = out;
            return LoopNest.of(layouts);
        }

        void run(long from, long to) {
            int lanes = owner.loops.lanes();
            try (Frame<A> frame = owner.frames.take()) {
                frame.reserve(program.slots() + 1);
                frame.prepare(program, scalars, (int) Math.min(BLOCK, to - from + lanes - 1));
                int step = needsNoBlocks() ? LONGEST : BLOCK;
                for (long at = from; at < to; at += step) {
                    int n = (int) Math.min(step, to - at);
                    int whole = n - n % lanes;
                    if (whole > 0) {
                        block(frame, at, whole, whole);
                    }
                    if (whole < n) {
                        block(frame, at + whole, n - whole, lanes);
                    }
                }
            }
        }

        /** Whether a single loop reads and writes arrays where they lie. */
        private boolean needsNoBlocks() {
            return isContiguous && !program.needsBlocks();
        }

        /** Elements {@code at .. at + n - 1}, computed as {@code padded} elements. */
        private void block(Frame<A> frame, long at, int n, int padded) {
            for (int i = 0; i < inputs.length; i++) {
                if (steps[i] == STRIDED) {
                    frame.useBlock(i);
                    Cursor cursor = new Cursor(nest(), i, 0, at);
                    Runs.gather(elements, inputs[i], cursor, n, frame.arrays[i], frame.offsets[i]);
                } else if (n < padded || steps[i] == 0) {
                    frame.useBlock(i);
                    elements.move(
                            inputs[i],
                            bases[i] + (int) at * steps[i],
                            steps[i],
                            frame.arrays[i],
                            frame.offsets[i],
                            1,
                            n);
                } else {
                    frame.useArray(i, inputs[i], bases[i] + (int) at);
                }
            }
            boolean direct = outStep != STRIDED && n == padded;
            int own = program.slots();
            frame.useBlock(own);
            A target = direct ? out : frame.arrays[own];
            int offset = direct ? outBase + (int) at : frame.offsets[own];
            frame.run(program, scalars, 0, program.result(), target, offset, padded);
            if (!direct && outStep == STRIDED) {
                Cursor cursor = new Cursor(nest(), nest().offsets().length - 1, 0, at);
                Runs.scatter(elements, target, offset, out, cursor, n);
            } else if (!direct) {
                elements.move(target, offset, 1, out, outBase + (int) at, 1, n);
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
