package org.clgrad.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/** Row programs, compiled once each; tiles of rows are shared among threads. */
final class RowPrograms<A> {
    private static final int TASK = 1 << 15; // elements
    private static final int FEWEST_ROWS = 8; // of a task that sums over rows: its sums must be few beside what it adds
    private static final int MOST_ROWS = 128; // which are added up one after the other
    private static final long PARALLEL_COST = 1 << 17; // additions

    private final Loops<A> loops;
    private final Combiner<A> combiner;
    private final Workers workers;
    private final ConcurrentHashMap<Key, Compiled<A>> programs = new ConcurrentHashMap<>();
    private final Frames<A> frames;

    /** @param constants how many come with a call */
    private record Key(RowProgram program, int constants) {}

    /** A row program on certain arrays, which are cut into tiles. */
    interface Call<A> {
        int count();

        /** Works through tiles {@code first .. end - 1}, and adds what they have of sums over rows to those of a part. */
        void run(Frame<A> frame, int first, int end, ColumnSums<A> sums, int part);
    }

    /**
     * A program, compiled.
     *
     * @param own loops of its own, if there are any
     * @param together all stages, column sums and the result
     * @param numbers all numbers of rows
     * @param tiled parts that take the numbers of stages as arrays
     * @param rowwise parts that take them as numbers
     */
    record Compiled<A>(
            @Nullable RowLoops<A> own, Program<A> together, Program<A> numbers, Parts<A> tiled, Parts<A> rowwise) {}

    /**
     * Programs for what a program's stages reduce, for what becomes of their numbers (null for nothing), for the column sums, the result and the row
     * results.
     */
    record Parts<A>(
            List<Program<A>> stages,
            List<@Nullable Program<A>> thens,
            List<Program<A>> columns,
            @Nullable Program<A> result,
            List<Program<A>> rowResults,
            int slots) {}

    /** @param plain loops for lengths that are no multiple of the lanes of {@code loops} */
    RowPrograms(Loops<A> loops, Loops<A> plain, Frames<A> frames, Workers workers) {
        this.loops = loops;
        this.combiner = new Combiner<>(loops, plain);
        this.workers = workers;
        this.frames = frames;
    }

    void run(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts) {
        Compiled<A> compiled = programs.computeIfAbsent(new Key(program, constants.length), this::compile);
        int[] shape = inputs[0].shape();
        RowLoops<A> own = compiled.own();
        Call<A> call;
        if (own != null && WholeRows.fits(own, loops.lanes(), inputs)) {
            call = new WholeRows<>(own, loops.elements, inputs, constants, out, rowOuts);
        } else if (ShortRows.fits(shape)) {
            call = new ShortRows<>(combiner, frames, program, compiled, inputs, constants, out, rowOuts);
        } else if (shape[2] == 1) {
            call = new LongRows<>(combiner, program, compiled.rowwise(), inputs, constants, out, rowOuts);
        } else {
            call = new RowTiles<>(combiner, program, compiled.tiled(), inputs, constants, out, rowOuts);
        }
        int count = call.count();
        int together = together(count, inputs[0].numel(), columnOuts.length > 0 ? shape[0] : 0);
        int tasks = (count + together - 1) / together;
        ColumnSums<A> sums = new ColumnSums<>(combiner, tasks, columnOuts.length, shape[1]);
        Workers.Run run = (from, to) -> {
            try (Frame<A> frame = frames.take()) {
                for (int task = from; task < to; task++) {
                    int first = task * together;
                    call.run(frame, first, Math.min(count, first + together), sums, task);
                }
            }
        };
        if (inputs[0].numel() * compiled.together().cost() < PARALLEL_COST) {
            run.run(0, tasks);
        } else {
            workers.inRuns(tasks, 1, run);
        }
        sums.finish(columnOuts);
    }

    /**
     * Tiles of a task.
     *
     * @param summed rows, if there are sums over them
     */
    private static int together(int count, long elements, int summed) {
        int together = (int) Math.max(1, Math.min(count, (long) TASK * count / elements));
        if (summed == 0) {
            return together;
        }
        int rows = Math.max(1, summed / count); // of a tile
        return Math.max(FEWEST_ROWS / rows, Math.min(together, Math.max(1, MOST_ROWS / rows)));
    }

    private Compiled<A> compile(Key key) {
        RowProgram program = key.program;
        return new Compiled<>(
                loops.rows(program),
                ProgramCompiler.compileStages(program, loops),
                ProgramCompiler.compileNumbers(program, loops),
                parts(
                        program,
                        List.of(), // rows side by side are not summed
                        expr -> ProgramCompiler.compileToSlots(List.of(expr), RowProgram.SYMBOLS, loops)),
                parts(
                        program,
                        program.columnSums(),
                        expr -> ProgramCompiler.compileWithNumbers(expr, key.constants, loops)));
    }

    private static <A> Parts<A> parts(RowProgram program, List<Expr> sums, Function<Expr, Program<A>> compiler) {
        List<Program<A>> all = new ArrayList<>();
        Function<Expr, Program<A>> compile = expr -> {
            Program<A> part = compiler.apply(expr);
            all.add(part);
            return part;
        };
        List<Program<A>> stages = new ArrayList<>();
        List<@Nullable Program<A>> thens = new ArrayList<>();
        for (RowProgram.Stage stage : program.stages()) {
            stages.add(compile.apply(stage.element()));
            thens.add(stage.then() == null ? null : compile.apply(stage.then()));
        }
        List<Program<A>> columns = sums.stream().map(compile).toList();
        Program<A> result = program.result() == null ? null : compile.apply(program.result());
        List<Program<A>> rowResults = program.rowResults().stream().map(compile).toList();
        int slots = all.stream().mapToInt(Program::slots).max().orElse(0);
        return new Parts<>(stages, thens, columns, result, rowResults, slots);
    }
}
