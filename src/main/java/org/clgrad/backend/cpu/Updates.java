package org.clgrad.backend.cpu;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;

/** Updates in place, block by block: all new values of a block are computed before any is written. */
final class Updates<A> {
    private static final int CHUNK = Pointwise.CHUNK;

    private final Loops<A> loops;
    private final Elements<A> elements;
    private final Workers workers;
    private final ConcurrentHashMap<Key, Program<A>> programs = new ConcurrentHashMap<>();
    private final Frames<A> frames;

    private record Key(List<Expr> results, int arrays) {}

    Updates(Loops<A> loops, Frames<A> frames, Workers workers) {
        this.loops = loops;
        this.elements = loops.elements;
        this.workers = workers;
        this.frames = frames;
    }

    /**
     * What is done to elements that are in the first slots.
     *
     * @param step most elements at a time
     * @param results slots that then have the new values
     */
    private record Body<A>(Work<A> work, int step, int... results) {
        interface Work<A> {
            void run(Frame<A> frame, int n);
        }
    }

    void run(List<Expr> results, NdArray[][] groups, double[] constants) {
        Program<A> program = programs.computeIfAbsent(
                new Key(results, groups[0].length), key -> ProgramCompiler.compileToSlots(results, key.arrays, loops));
        double[] scalars = program.scalarValues(loops, constants);
        Loops.Moments<A> own = loops.moments(results);
        Body<A> body = own != null
                ? new Body<>((frame, n) -> moments(own, constants, frame, n), CHUNK, 0, 1, 2)
                : new Body<>((frame, n) -> frame.run(program, scalars, n), Frame.BLOCK, program.results());
        int[] firstTask = new int[groups.length + 1];
        long total = 0;
        for (int g = 0; g < groups.length; g++) {
            long n = groups[g][0].numel();
            firstTask[g + 1] = firstTask[g] + (int) ((n + CHUNK - 1) / CHUNK);
            total += n;
        }
        int tasks = firstTask[groups.length];
        int longest = (int) Math.min(Frame.BLOCK, total + loops.lanes() - 1);
        Workers.Run run = (first, end) -> {
            try (Frame<A> frame = frames.take()) {
                frame.reserve(program.slots());
                if (own == null) {
                    frame.prepare(program, scalars, longest);
                }
                for (int task = first; task < end; task++) {
                    task(body, frame, groups, firstTask, task);
                }
            }
        };
        if (total * program.cost() < Pointwise.PARALLEL_COST) {
            run.run(0, tasks);
        } else {
            workers.inRuns(tasks, Pointwise.TOGETHER, run);
        }
    }

    private void task(Body<A> body, Frame<A> frame, NdArray[][] groups, int[] firstTask, int task) {
        int group = 0;
        while (task >= firstTask[group + 1]) {
            group++;
        }
        NdArray[] arrays = groups[group];
        int from = (task - firstTask[group]) * CHUNK;
        int to = (int) Math.min(from + (long) CHUNK, arrays[0].numel());
        for (int at = from; at < to; at += body.step) {
            int n = Math.min(body.step, to - at);
            int whole = n - n % loops.lanes();
            if (whole > 0) {
                piece(body, frame, arrays, at, whole, whole);
            }
            if (whole < n) {
                piece(body, frame, arrays, at + whole, n - whole, loops.lanes());
            }
        }
    }

    /** Elements {@code at .. at + n - 1}, computed as {@code padded} elements. */
    private void piece(Body<A> body, Frame<A> frame, NdArray[] arrays, int at, int n, int padded) {
        for (int i = 0; i < arrays.length; i++) {
            A array = array(arrays[i]);
            int from = (int) arrays[i].layout().offset() + at;
            if (n < padded) {
                frame.useBlock(i);
                elements.move(array, from, 1, frame.arrays[i], frame.offsets[i], 1, n);
            } else {
                frame.useArray(i, array, from);
            }
        }
        body.work.run(frame, padded);
        for (int r = 0; r < body.results.length; r++) {
            int slot = body.results[r];
            if (slot != r || n < padded) { // else it is in its place
                int to = (int) arrays[r].layout().offset() + at;
                elements.move(frame.arrays[slot], frame.offsets[slot], 1, array(arrays[r]), to, 1, n);
            }
        }
    }

    private void moments(Loops.Moments<A> own, double[] constants, Frame<A> frame, int n) {
        A[] a = frame.arrays;
        int[] at = frame.offsets;
        own.run(a[0], at[0], a[1], at[1], a[2], at[2], a[3], at[3], constants, n);
    }

    private A array(NdArray array) {
        return elements.cast(((CpuBuffer) array.buffer()).array());
    }
}
