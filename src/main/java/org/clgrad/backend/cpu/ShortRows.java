package org.clgrad.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * One call of a row program whose rows are short runs of memory. A block is as many whole rows as it holds, one behind the other, so
 * that a loop takes all of them at once; only the reductions go from row to row. A stage's numbers are kept twice: one for each
 * row, for what is computed of numbers, and spread over the row's elements.
 */
final class ShortRows<A> implements RowPrograms.Call<A> {
    private static final int FOLDED = 16; // numbers that are combined from left to right
    private static final int KEPT = RowProgram.SYMBOLS - 1;

    private final Loops<A> loops;
    private final Loops<A> plain;
    private final RowProgram program;
    private final RowPrograms.Compiled<A> compiled;
    private final double[] constants;
    private final int rows;
    private final int length;
    private final int together;
    private final List<Place<A>> inputs = new ArrayList<>();
    private final @Nullable Place<A> out;
    private final List<Place<A>> rowOuts = new ArrayList<>();

    /** Where element i of row o is. */
    private record Place<A>(A array, int offset, int outer, int along) {
        int at(int o) {
            return offset + o * outer;
        }
    }

    /** Whether the program's arrays, of shape [outer, n, inner], are of this kind. */
    static boolean fits(int... shape) {
        return shape[2] == 1 && shape[0] > 1 && shape[1] <= Frame.BLOCK / 2;
    }

    ShortRows(
            Loops<A> loops,
            Loops<A> plain,
            RowProgram program,
            RowPrograms.Compiled<A> compiled,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        this.loops = loops;
        this.plain = plain;
        this.program = program;
        this.compiled = compiled;
        this.constants = constants;
        rows = inputs[0].shape()[0];
        length = inputs[0].shape()[1];
        together = Math.min(rows, Frame.BLOCK / length);
        for (NdArray input : inputs) {
            this.inputs.add(place(input, 1));
        }
        this.out = out == null ? null : place(out, 1);
        for (NdArray rowOut : rowOuts) {
            this.rowOuts.add(place(rowOut, 0));
        }
    }

    private Place<A> place(NdArray a, int alongAxis) {
        long[] strides = a.layout().strides();
        return new Place<>(
                loops.elements.cast(((CpuBuffer) a.buffer()).array()),
                (int) a.layout().offset(),
                (int) strides[0],
                (int) strides[alongAxis]);
    }

    @Override
    public int count() {
        return (rows + together - 1) / together;
    }

    @Override
    public void run(Frame<A> frame, int first, int end) {
        frame.reserve(compiled.slots() + RowProgram.SYMBOLS);
        for (int block = first; block < end; block++) {
            int o = block * together;
            block(frame, o, Math.min(together, rows - o), block == first);
        }
        frame.clear(RowProgram.SYMBOLS);
    }

    private void block(Frame<A> frame, int o, int n, boolean isFirst) {
        for (int k = 0; k < inputs.size(); k++) {
            load(frame, k, inputs.get(k), o, n, isFirst);
        }
        for (int s = 0; s < compiled.stages().size(); s++) {
            stage(frame, s, o, n);
        }
        if (compiled.result() != null && out != null) {
            int slot = run(frame, compiled.result(), n * length);
            store(frame, slot, o, n);
        }
        for (int s = 0; s < compiled.stages().size() && !rowOuts.isEmpty(); s++) {
            frame.arrays[RowProgram.INPUTS + s] = numbers(frame, s);
        }
        for (int r = 0; r < rowOuts.size(); r++) {
            Place<A> to = rowOuts.get(r);
            int slot = run(frame, compiled.rowResults().get(r), n);
            loops.elements.move(frame.arrays[slot], frame.offsets[slot], 1, to.array, to.at(o), to.outer, n);
        }
    }

    /** Where a stage's numbers are, one for each row. */
    private A numbers(Frame<A> frame, int stage) {
        return frame.blocks[compiled.slots() + RowProgram.INPUTS + stage];
    }

    private void stage(Frame<A> frame, int s, int o, int n) {
        Reduction kind = program.stages().get(s).kind();
        int own = RowProgram.INPUTS + s;
        A numbers = numbers(frame, s);
        int slot = run(frame, compiled.stages().get(s), n * length);
        if (program.stages().get(s).kept() && out != null) {
            store(frame, slot, o, n);
            load(frame, KEPT, out, o, n, true);
        }
        for (int r = 0; r < n; r++) {
            fold(kind, frame.arrays[slot], frame.offsets[slot] + r * length, frame.blocks[own], numbers, r);
        }
        Program<A> then = compiled.thens().get(s);
        if (then != null) {
            for (int i = 0; i <= s; i++) {
                frame.arrays[RowProgram.INPUTS + i] = numbers(frame, i);
                frame.offsets[RowProgram.INPUTS + i] = 0;
            }
            int number = run(frame, then, n);
            loops.elements.move(frame.arrays[number], frame.offsets[number], 1, numbers, 0, 1, n);
        }
        for (int i = 0; i <= s; i++) {
            frame.arrays[RowProgram.INPUTS + i] = frame.blocks[RowProgram.INPUTS + i];
            frame.offsets[RowProgram.INPUTS + i] = 0;
        }
        for (int r = 0; r < n; r++) {
            loops.elements.move(numbers, r, 0, frame.blocks[own], r * length, 1, length);
        }
    }

    /** Combines the second half of a row with the first until little is left; the order depends on the length alone. */
    private void fold(Reduction kind, A values, int at, A scratch, A to, int r) {
        A from = values;
        int first = at;
        int left = length;
        if (length > FOLDED && loops.lanes() > 1 && length % loops.lanes() == 0) {
            loops.toLanes(kind, values, at, length, scratch, 0);
            from = scratch;
            first = 0;
            left = loops.lanes();
        }
        while (left > FOLDED) {
            int half = left / 2;
            int rest = left - half;
            int whole = half - half % loops.lanes();
            Fn fn = fn(kind);
            if (whole > 0) {
                loops.binary(fn).run(from, first, from, first + rest, scratch, 0, whole);
            }
            if (whole < half) {
                plain.binary(fn).run(from, first + whole, from, first + rest + whole, scratch, whole, half - whole);
            }
            if (rest > half) {
                loops.elements.move(from, first + half, 1, scratch, half, 1, 1);
            }
            from = scratch;
            first = 0;
            left = rest;
        }
        plain.fold(kind).run(from, first, left, to, r);
    }

    private static Fn fn(Reduction kind) {
        return switch (kind) {
            case SUM -> Fn.ADD;
            case MAX -> Fn.MAXIMUM;
            case MIN -> Fn.MINIMUM;
        };
    }

    /** Runs a program over n elements or a few more; returns the slot of what it gives. */
    private int run(Frame<A> frame, Program<A> what, int n) {
        int lanes = loops.lanes();
        double[] scalars = what.scalarValues(loops, constants);
        frame.prepare(what, scalars, Frame.BLOCK);
        frame.run(what, scalars, (n + lanes - 1) / lanes * lanes);
        return what.result();
    }

    private boolean isDense(Place<A> place) {
        return place.along == 1 && place.outer == length;
    }

    /** Brings n rows into a slot. Rows that all are the same, such as a weight, stay there from one block to the next. */
    private void load(Frame<A> frame, int slot, Place<A> from, int o, int n, boolean isFirst) {
        if (isDense(from) && n * length % loops.lanes() == 0) {
            frame.arrays[slot] = from.array;
            frame.offsets[slot] = from.at(o);
            return;
        }
        A block = frame.blocks[slot];
        frame.arrays[slot] = block;
        frame.offsets[slot] = 0;
        if (isDense(from)) {
            loops.elements.move(from.array, from.at(o), 1, block, 0, 1, n * length);
        } else if (from.outer != 0 || isFirst) {
            for (int r = 0; r < n; r++) {
                loops.elements.move(from.array, from.at(o + r), from.along, block, r * length, 1, length);
            }
        }
    }

    private void store(Frame<A> frame, int slot, int o, int n) {
        Place<A> to = java.util.Objects.requireNonNull(out);
        loops.elements.move(frame.arrays[slot], frame.offsets[slot], 1, to.array, to.at(o), 1, n * length);
    }
}
