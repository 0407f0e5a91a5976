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

    /** Works through elements of a group. */
    private interface Body<A> {
        void run(Frame<A> frame, NdArray[] arrays, int from, int to);
    }

    void run(List<Expr> results, NdArray[][] groups, double[] constants) {
        Program<A> program = programs.computeIfAbsent(
                new Key(results, groups[0].length), key -> ProgramCompiler.compileToSlots(results, key.arrays, loops));
        Loops.Moments<A> own = loops.moments(results);
        Body<A> body;
        if (own != null) {
            body = (frame, arrays, from, to) -> moments(own, constants, frame, arrays, from, to);
        } else {
            double[] scalars = program.scalarValues(loops, constants);
            body = (frame, arrays, from, to) -> steps(program, scalars, frame, arrays, from, to);
        }
        int[] firstTask = new int[groups.length + 1];
        long total = 0;
        for (int g = 0; g < groups.length; g++) {
            long n = groups[g][0].numel();
            firstTask[g + 1] = firstTask[g] + (int) ((n + CHUNK - 1) / CHUNK);
            total += n;
        }
        int tasks = firstTask[groups.length];
        Workers.Run run = (first, end) -> {
            try (Frame<A> frame = frames.take()) {
                frame.reserve(program.slots());
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

    private static <A> void task(Body<A> body, Frame<A> frame, NdArray[][] groups, int[] firstTask, int task) {
        int group = 0;
        while (task >= firstTask[group + 1]) {
            group++;
        }
        NdArray[] arrays = groups[group];
        int from = (task - firstTask[group]) * CHUNK;
        body.run(frame, arrays, from, (int) Math.min(from + (long) CHUNK, arrays[0].numel()));
    }

    /** By a loop of the update's own. */
    private void moments(Loops.Moments<A> own, double[] constants, Frame<A> frame, NdArray[] arrays, int from, int to) {
        int whole = (to - from) - (to - from) % loops.lanes();
        if (whole > 0) {
            place(frame, arrays, from, whole, whole);
            moments(own, constants, frame, whole);
        }
        int rest = to - from - whole;
        if (rest > 0) {
            place(frame, arrays, from + whole, rest, loops.lanes());
            moments(own, constants, frame, loops.lanes());
            for (int r = 0; r < arrays.length - 1; r++) {
                keep(frame, r, arrays[r], from + whole, rest);
            }
        }
    }

    private void moments(Loops.Moments<A> own, double[] constants, Frame<A> frame, int n) {
        A[] a = frame.arrays;
        int[] at = frame.offsets;
        own.run(a[0], at[0], a[1], at[1], a[2], at[2], a[3], at[3], constants, n);
    }

    /** Step by step, block by block. */
    private void steps(Program<A> program, double[] scalars, Frame<A> frame, NdArray[] arrays, int from, int to) {
        int lanes = loops.lanes();
        frame.prepare(program, scalars, Math.min(Frame.BLOCK, to - from + lanes - 1));
        for (int at = from; at < to; at += Frame.BLOCK) {
            int n = Math.min(Frame.BLOCK, to - at);
            int whole = n - n % lanes;
            if (whole > 0) {
                block(frame, program, scalars, arrays, at, whole, whole);
            }
            if (whole < n) {
                block(frame, program, scalars, arrays, at + whole, n - whole, lanes);
            }
        }
    }

    /** Elements {@code at .. at + n - 1}, computed as {@code padded} elements. */
    private void block(
            Frame<A> frame, Program<A> program, double[] scalars, NdArray[] arrays, int at, int n, int padded) {
        place(frame, arrays, at, n, padded);
        frame.run(program, scalars, padded);
        for (int r = 0; r < program.results().length; r++) {
            int slot = program.results()[r];
            if (slot != r) { // what stays as it is stays in its place
                keep(frame, slot, arrays[r], at, n);
            }
        }
    }

    /** Puts elements of a group into the first slots, in the caller's memory where loops may take them there. */
    private void place(Frame<A> frame, NdArray[] arrays, int at, int n, int padded) {
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
    }

    /** Writes what is in a slot to an array's elements. */
    private void keep(Frame<A> frame, int slot, NdArray to, int at, int n) {
        elements.move(
                frame.arrays[slot],
                frame.offsets[slot],
                1,
                array(to),
                (int) to.layout().offset() + at,
                1,
                n);
    }

    private A array(NdArray array) {
        return elements.cast(((CpuBuffer) array.buffer()).array());
    }
}
