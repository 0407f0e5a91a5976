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

    void run(List<Expr> results, NdArray[][] groups, double[] constants) {
        Program<A> program = programs.computeIfAbsent(
                new Key(results, groups[0].length), key -> ProgramCompiler.compileToSlots(results, key.arrays, loops));
        double[] scalars = program.scalarValues(loops, constants);
        int[] firstTask = new int[groups.length + 1];
        long total = 0;
        for (int g = 0; g < groups.length; g++) {
            long n = groups[g][0].numel();
            firstTask[g + 1] = firstTask[g] + (int) ((n + CHUNK - 1) / CHUNK);
            total += n;
        }
        int tasks = firstTask[groups.length];
        if (total * program.cost() < Pointwise.PARALLEL_COST) {
            tasks(program, scalars, groups, firstTask, 0, tasks);
        } else {
            workers.inRuns(
                    tasks, Pointwise.TOGETHER, (from, to) -> tasks(program, scalars, groups, firstTask, from, to));
        }
    }

    private void tasks(Program<A> program, double[] scalars, NdArray[][] groups, int[] firstTask, int first, int end) {
        try (Frame<A> frame = frames.take()) {
            frame.reserve(program.slots());
            for (int task = first; task < end; task++) {
                task(frame, program, scalars, groups, firstTask, task);
            }
        }
    }

    private void task(
            Frame<A> frame, Program<A> program, double[] scalars, NdArray[][] groups, int[] firstTask, int task) {
        int group = 0;
        while (task >= firstTask[group + 1]) {
            group++;
        }
        NdArray[] arrays = groups[group];
        int from = (task - firstTask[group]) * CHUNK;
        int to = (int) Math.min(from + (long) CHUNK, arrays[0].numel());
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
        frame.run(program, scalars, padded);
        for (int r = 0; r < program.results().length; r++) {
            int slot = program.results()[r];
            if (slot != r) { // what stays as it is stays in its place
                int to = (int) arrays[r].layout().offset() + at;
                elements.move(frame.arrays[slot], frame.offsets[slot], 1, array(arrays[r]), to, 1, n);
            }
        }
    }

    private A array(NdArray array) {
        return elements.cast(((CpuBuffer) array.buffer()).array());
    }
}
