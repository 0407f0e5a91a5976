package org.clgrad.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * One call of a row program whose rows are short runs of memory. A block is as many whole rows as it holds, one behind the other, so
 * that a loop takes all of them at once; only the reductions go from row to row. What one stage computed is there for the next. A
 * stage's numbers are kept twice: one for each row, for what is computed of numbers, and spread over the row's elements.
 */
final class ShortRows<A> implements RowPrograms.Call<A> {
    private static final int FOLDED = 16; // numbers that one loop combines

    private final Loops<A> loops;
    private final Combiner<A> combiner;
    private final Frames<A> frames;
    private final RowProgram program;
    private final RowPrograms.Compiled<A> compiled;
    private final double[] scalars;
    private final double[] numberScalars;
    private final int rows;
    private final int length;
    private final int together;
    private final List<RowPlace<A>> inputs = new ArrayList<>();
    private final @Nullable RowPlace<A> out;
    private final List<RowPlace<A>> rowOuts = new ArrayList<>();

    /** Whether the program's arrays, of shape [outer, n, inner], are of this kind. */
    static boolean fits(int... shape) {
        return shape[2] == 1 && shape[0] > 1 && shape[1] <= Frame.BLOCK / 2;
    }

    ShortRows(
            Combiner<A> combiner,
            Frames<A> frames,
            RowProgram program,
            RowPrograms.Compiled<A> compiled,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        this.loops = combiner.loops();
        this.combiner = combiner;
        this.frames = frames;
        this.program = program;
        this.compiled = compiled;
        scalars = compiled.together().scalarValues(loops, constants);
        numberScalars = compiled.numbers().scalarValues(loops, constants);
        rows = inputs[0].shape()[0];
        length = inputs[0].shape()[1];
        together = Math.min(rows, Frame.BLOCK / length);
        for (NdArray input : inputs) {
            this.inputs.add(RowPlace.of(loops.elements, input, 1));
        }
        this.out = out == null ? null : RowPlace.of(loops.elements, out, 1);
        for (NdArray rowOut : rowOuts) {
            this.rowOuts.add(RowPlace.of(loops.elements, rowOut, 0));
        }
    }

    @Override
    public int count() {
        return (rows + together - 1) / together;
    }

    @Override
    public void run(Frame<A> frame, int first, int end, ColumnSums<A> sums, int part) {
        Program<A> whole = compiled.together();
        frame.reserve(whole.slots());
        frame.prepare(whole, scalars, Frame.BLOCK);
        try (Frame<A> numbers = frames.take()) {
            numbers.reserve(compiled.numbers().slots());
            numbers.prepare(compiled.numbers(), numberScalars, Frame.BLOCK);
            for (int s = 0; s < program.stages().size(); s++) {
                frame.useBlock(RowProgram.INPUTS + s);
                numbers.useBlock(RowProgram.INPUTS + s);
            }
            for (int block = first; block < end; block++) {
                int o = block * together;
                block(frame, numbers, o, Math.min(together, rows - o), block == first, sums, part);
            }
        }
    }

    /** @param numbers has a stage's numbers in its slot, one for each row, where {@code frame} has them for each element */
    private void block(Frame<A> frame, Frame<A> numbers, int o, int n, boolean isFirst, ColumnSums<A> sums, int part) {
        Program<A> whole = compiled.together();
        for (int k = 0; k < inputs.size(); k++) {
            load(frame, k, inputs.get(k), o, n, isFirst);
        }
        int padded = padded(n * length);
        int done = 0;
        for (int s = 0; s < program.stages().size(); s++) {
            frame.run(whole, scalars, done, whole.ends()[s], padded);
            done = whole.ends()[s];
            reduce(frame, numbers, s, n);
        }
        int known = program.stages().size();
        if (sums.columns() > 0) {
            int end = whole.ends()[known + sums.columns() - 1];
            frame.run(whole, scalars, done, end, padded);
            done = end;
            for (int c = 0; c < sums.columns(); c++) {
                int slot = whole.results()[known++];
                for (int r = 0; r < n; r++) {
                    sums.add(part, c, 0, frame.arrays[slot], frame.offsets[slot] + r * length, length);
                }
            }
        }
        if (out != null && program.result() != null) {
            int slot = whole.results()[known];
            if (padded == n * length) {
                frame.run(whole, scalars, done, slot, out.array(), out.at(o), padded);
            } else {
                frame.run(whole, scalars, done, whole.steps().size(), padded);
                loops.elements.move(frame.arrays[slot], frame.offsets[slot], 1, out.array(), out.at(o), 1, n * length);
            }
        }
        int stages = program.stages().size();
        if (!rowOuts.isEmpty()) {
            Program<A> all = compiled.numbers();
            numbers.run(
                    all,
                    numberScalars,
                    stages == 0 ? 0 : all.ends()[stages - 1],
                    all.steps().size(),
                    padded(n));
        }
        for (int r = 0; r < rowOuts.size(); r++) {
            RowPlace<A> to = rowOuts.get(r);
            int slot = compiled.numbers().results()[stages + r];
            loops.elements.move(numbers.arrays[slot], numbers.offsets[slot], 1, to.array(), to.at(o), to.outer(), n);
        }
    }

    /** Leaves the numbers of stage s in its slots. */
    private void reduce(Frame<A> frame, Frame<A> numbers, int s, int n) {
        Reduction kind = program.stages().get(s).kind();
        int from = compiled.together().results()[s];
        int own = RowProgram.INPUTS + s;
        A spread = frame.arrays[own];
        int spreadAt = frame.offsets[own];
        A values = frame.arrays[from];
        int at = frame.offsets[from];
        A to = numbers.arrays[own];
        int toAt = numbers.offsets[own];
        if (length > FOLDED && length % loops.lanes() == 0) {
            loops.foldEach(kind).run(values, at, length, n, spread, spreadAt, to, toAt);
        } else {
            for (int r = 0; r < n; r++) {
                fold(kind, values, at + r * length, spread, spreadAt, to, toAt + r);
            }
        }
        Program<A> all = compiled.numbers();
        numbers.run(all, numberScalars, s == 0 ? 0 : all.ends()[s - 1], all.ends()[s], padded(n));
        int slot = all.results()[s];
        for (int r = 0; r < n; r++) {
            int number = numbers.offsets[slot] + r;
            loops.elements.move(numbers.arrays[slot], number, 0, spread, spreadAt + r * length, 1, length);
        }
    }

    /** Combines the second half of a row with the first until little is left; the order depends on the length alone. */
    private void fold(Reduction kind, A values, int at, A scratch, int scratchAt, A to, int r) {
        A from = values;
        int first = at;
        int left = length;
        while (left > FOLDED) {
            int half = left / 2;
            int rest = left - half;
            combiner.run(kind, from, first, from, first + rest, scratch, scratchAt, half);
            if (rest > half) {
                loops.elements.move(from, first + half, 1, scratch, scratchAt + half, 1, 1);
            }
            from = scratch;
            first = scratchAt;
            left = rest;
        }
        combiner.plain().fold(kind).run(from, first, left, to, r);
    }

    private int padded(int n) {
        return (n + loops.lanes() - 1) / loops.lanes() * loops.lanes();
    }

    private boolean isDense(RowPlace<A> place) {
        return place.along() == 1 && place.outer() == length;
    }

    /** Brings n rows into a slot. Rows that all are the same, such as a weight, stay there from one block to the next. */
    private void load(Frame<A> frame, int slot, RowPlace<A> from, int o, int n, boolean isFirst) {
        if (isDense(from) && n * length % loops.lanes() == 0) {
            frame.useArray(slot, from.array(), from.at(o));
            return;
        }
        frame.useBlock(slot);
        A block = frame.arrays[slot];
        int at = frame.offsets[slot];
        if (isDense(from)) {
            loops.elements.move(from.array(), from.at(o), 1, block, at, 1, n * length);
        } else if (from.outer() != 0 || isFirst) {
            for (int r = 0; r < n; r++) {
                loops.elements.move(from.array(), from.at(o + r), from.along(), block, at + r * length, 1, length);
            }
        }
    }
}
