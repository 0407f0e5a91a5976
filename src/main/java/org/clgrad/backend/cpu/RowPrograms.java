package org.clgrad.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
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
    private final ConcurrentHashMap<RowProgram, Compiled<A>> programs = new ConcurrentHashMap<>();
    private final Frames<A> frames;

    /** A row program on certain arrays, which are cut into tiles. */
    interface Call<A> {
        int count();

        /** Works through tiles {@code first .. end - 1}, and adds what they have of sums over rows to those of a part. */
        void run(Frame<A> frame, int first, int end, ColumnSums<A> sums, int part);
    }

    /**
     * Loops of the program's own if there are any, the program of all stages, column sums and the result together, that of all numbers of
     * rows, and those of the stages, of what becomes of their numbers (null for nothing), of the column sums, of the result, and of the row
     * results.
     */
    record Compiled<A>(
            @Nullable RowLoops<A> own,
            Program<A> together,
            Program<A> numbers,
            List<Program<A>> stages,
            List<@Nullable Program<A>> thens,
            List<Program<A>> columns,
            @Nullable Program<A> result,
            List<Program<A>> rowResults,
            int slots,
            int cost) {}

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
        Compiled<A> compiled = programs.computeIfAbsent(program, this::compile);
        int[] shape = inputs[0].shape();
        RowLoops<A> own = compiled.own();
        Call<A> call = own != null && WholeRows.fits(own, loops.lanes(), inputs)
                ? new WholeRows<>(own, loops.elements, inputs, constants, out, rowOuts)
                : ShortRows.fits(shape)
                        ? new ShortRows<>(combiner, frames, program, compiled, inputs, constants, out, rowOuts)
                        : new RowTiles<>(combiner, program, compiled, inputs, constants, out, rowOuts);
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
        if (inputs[0].numel() * compiled.cost < PARALLEL_COST) {
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

    private Compiled<A> compile(RowProgram program) {
        List<Program<A>> all = new ArrayList<>();
        List<Program<A>> stages = new ArrayList<>();
        List<@Nullable Program<A>> thens = new ArrayList<>();
        List<Program<A>> rowResults = new ArrayList<>();
        for (RowProgram.Stage stage : program.stages()) {
            stages.add(compile(stage.element(), all));
            thens.add(stage.then() == null ? null : compile(stage.then(), all));
        }
        for (Expr number : program.rowResults()) {
            rowResults.add(compile(number, all));
        }
        List<Program<A>> columns = new ArrayList<>();
        for (Expr sum : program.columnSums()) {
            columns.add(compile(sum, all));
        }
        Program<A> result = program.result() == null ? null : compile(program.result(), all);
        int slots = all.stream().mapToInt(Program::slots).max().orElse(0);
        int cost = all.stream().mapToInt(Program::cost).sum();
        return new Compiled<>(
                loops.rows(program),
                ProgramCompiler.compileStages(program, loops),
                ProgramCompiler.compileNumbers(program, loops),
                stages,
                thens,
                columns,
                result,
                rowResults,
                slots,
                cost);
    }

    private Program<A> compile(Expr expr, List<Program<A>> all) {
        Program<A> program = ProgramCompiler.compileToSlots(List.of(expr), RowProgram.SYMBOLS, loops);
        all.add(program);
        return program;
    }
}
