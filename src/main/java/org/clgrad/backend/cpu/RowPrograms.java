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
    private static final long PARALLEL_COST = 1 << 17; // additions

    private final Loops<A> loops;
    private final Loops<A> plain;
    private final Workers workers;
    private final ConcurrentHashMap<RowProgram, Compiled<A>> programs = new ConcurrentHashMap<>();
    private final Frames<A> frames;

    /** A row program on certain arrays, which are cut into tiles. */
    interface Call<A> {
        int count();

        /** Works through tiles {@code first .. end - 1}. */
        void run(Frame<A> frame, int first, int end);
    }

    /** The program of all stages and the result together, and those of the stages, of what becomes of their numbers (null for nothing), of the result, and of the row results. */
    record Compiled<A>(
            Program<A> together,
            List<Program<A>> stages,
            List<@Nullable Program<A>> thens,
            @Nullable Program<A> result,
            List<Program<A>> rowResults,
            int slots,
            int cost) {}

    /** @param plain loops for lengths that are no multiple of the lanes of {@code loops} */
    RowPrograms(Loops<A> loops, Loops<A> plain, Frames<A> frames, Workers workers) {
        this.loops = loops;
        this.plain = plain;
        this.workers = workers;
        this.frames = frames;
    }

    void run(RowProgram program, NdArray[] inputs, double[] constants, @Nullable NdArray out, NdArray[] rowOuts) {
        Compiled<A> compiled = programs.computeIfAbsent(program, this::compile);
        Call<A> call = ShortRows.fits(inputs[0].shape())
                ? new ShortRows<>(loops, plain, frames, program, compiled, inputs, constants, out, rowOuts)
                : new RowTiles<>(loops, plain, program, compiled, inputs, constants, out, rowOuts);
        int count = call.count();
        long elements = inputs[0].numel();
        if (elements * compiled.cost < PARALLEL_COST) {
            run(call, 0, count);
        } else {
            int together = (int) Math.max(1, Math.min(count, (long) TASK * count / elements));
            workers.forEach((count + together - 1) / together, task -> {
                int first = task * together;
                run(call, first, Math.min(count, first + together));
            });
        }
    }

    private void run(Call<A> call, int first, int end) {
        try (Frame<A> frame = frames.take()) {
            call.run(frame, first, end);
        }
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
        Program<A> result = program.result() == null ? null : compile(program.result(), all);
        int slots = all.stream().mapToInt(Program::slots).max().orElse(0);
        int cost = all.stream().mapToInt(Program::cost).sum();
        return new Compiled<>(
                ProgramCompiler.compileStages(program, loops), stages, thens, result, rowResults, slots, cost);
    }

    private Program<A> compile(Expr expr, List<Program<A>> all) {
        Program<A> program = ProgramCompiler.compileToSlots(List.of(expr), RowProgram.SYMBOLS, loops);
        all.add(program);
        return program;
    }
}
