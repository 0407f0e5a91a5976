package org.clgrad.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * One call of a row program whose rows lie side by side. A tile is as many of them as fit into a cache, whole, and is worked through in blocks of
 * several steps along its rows. To the loops a block is one array: a stage combines blocks element by element, then the steps of what it gets, and its
 * number is laid out as often as a block has steps.
 */
final class RowTiles<A> implements RowPrograms.Call<A> {
    private static final int CACHED = 1 << 17; // elements of a tile
    private static final int NARROWEST = 64;
    private static final int WIDEST = 512;

    private final Loops<A> loops;
    private final Combiner<A> combiner;
    private final RowProgram program;
    private final int slots;
    private final int outer;
    private final int length;
    private final int across;
    private final int width;
    private final int steps;
    private final List<Place<A>> inputs = new ArrayList<>();
    private final @Nullable Place<A> out;
    private final List<Place<A>> rowOuts = new ArrayList<>();
    private final List<Bound<A>> stages = new ArrayList<>();
    private final List<@Nullable Bound<A>> thens = new ArrayList<>();
    private final @Nullable Bound<A> result;
    private final List<Bound<A>> rowResults = new ArrayList<>();

    /** A program and the values of its scalars. */
    private record Bound<A>(Program<A> program, double[] scalars) {}

    /** Where the elements of an array [outer, length, across] are. */
    private record Place<A>(A array, int offset, int outer, int along, int across) {
        int at(int o, int i, int j) {
            return offset + o * outer + i * along + j * across;
        }

        /** Whether n steps of a tile are one run. */
        boolean isDense(int wide) {
            return across == 1 && along == wide;
        }
    }

    RowTiles(
            Combiner<A> combiner,
            RowProgram program,
            RowPrograms.Parts<A> parts,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        this.loops = combiner.loops();
        this.combiner = combiner;
        this.program = program;
        this.slots = parts.slots();
        int[] shape = inputs[0].shape();
        outer = shape[0];
        length = shape[1];
        across = shape[2];
        int fitting = Math.max(NARROWEST, Math.min(WIDEST, CACHED / length));
        width = Math.min(across, fitting);
        steps = Math.min(length, Frame.BLOCK / width);
        for (NdArray input : inputs) {
            this.inputs.add(place(input));
        }
        this.out = out == null ? null : place(out);
        for (NdArray rowOut : rowOuts) {
            this.rowOuts.add(place(rowOut.with(rowOut.layout().unsqueeze(1))));
        }
        parts.stages().forEach(stage -> stages.add(bind(stage, constants)));
        parts.thens().forEach(then -> thens.add(then == null ? null : bind(then, constants)));
        parts.rowResults().forEach(number -> rowResults.add(bind(number, constants)));
        result = parts.result() == null ? null : bind(parts.result(), constants);
    }

    private Bound<A> bind(Program<A> compiled, double[] constants) {
        return new Bound<>(compiled, compiled.scalarValues(loops, constants));
    }

    private Place<A> place(NdArray a) {
        long[] strides = a.layout().strides();
        return new Place<>(
                loops.elements.cast(((CpuBuffer) a.buffer()).array()),
                (int) a.layout().offset(),
                (int) strides[0],
                (int) strides[1],
                (int) strides[2]);
    }

    private int tilesAcross() {
        return (across + width - 1) / width;
    }

    @Override
    public int count() {
        return outer * tilesAcross();
    }

    @Override
    public void run(Frame<A> frame, int first, int end, ColumnSums<A> sums, int part) {
        frame.reserve(slots);
        for (int tile = first; tile < end; tile++) {
            int j = tile % tilesAcross() * width;
            int wide = Math.min(width, across - j);
            tile(frame, tile / tilesAcross(), j, wide);
        }
    }

    private void tile(Frame<A> frame, int o, int j, int wide) {
        boolean kept = false;
        for (int s = 0; s < stages.size(); s++) {
            stage(frame, o, j, wide, s, kept);
            kept |= program.stages().get(s).kept();
        }
        if (result != null && out != null) {
            prepare(frame, result);
            for (int i = 0; i < length; i += steps) {
                int n = Math.min(steps, length - i);
                load(frame, o, i, n, j, wide, kept);
                if (out.isDense(wide) && n * wide % loops.lanes() == 0) {
                    int slot = result.program.result();
                    frame.run(result.program, result.scalars, 0, slot, out.array, out.at(o, i, j), n * wide);
                } else {
                    int slot = run(frame, result, n * wide);
                    store(frame.arrays[slot], frame.offsets[slot], out, out.at(o, i, j), n, wide);
                }
            }
        }
        for (int r = 0; r < rowOuts.size(); r++) {
            prepare(frame, rowResults.get(r));
            int slot = run(frame, rowResults.get(r), wide);
            Place<A> to = rowOuts.get(r);
            store(frame.arrays[slot], frame.offsets[slot], to, to.at(o, 0, j), 1, wide);
        }
    }

    /** Leaves the stage's number in its slot, once for each element of a block. */
    private void stage(Frame<A> frame, int o, int j, int wide, int s, boolean kept) {
        Bound<A> stage = stages.get(s);
        Reduction kind = program.stages().get(s).kind();
        boolean keeps = program.stages().get(s).kept();
        int own = RowProgram.INPUTS + s;
        prepare(frame, stage);
        frame.useBlock(own);
        A sums = frame.arrays[own];
        int sum = frame.offsets[own];
        for (int i = 0; i < length; i += steps) {
            int n = Math.min(steps, length - i);
            load(frame, o, i, n, j, wide, kept);
            int slot = run(frame, stage, n * wide);
            A values = frame.arrays[slot];
            int at = frame.offsets[slot];
            if (keeps && out != null) {
                store(values, at, out, out.at(o, i, j), n, wide);
            }
            if (i == 0) {
                loops.elements.move(values, at, 1, sums, sum, 1, n * wide);
            } else {
                combiner.run(kind, sums, sum, values, at, sums, sum, n * wide);
            }
        }
        fold(kind, sums, sum, wide);
        Bound<A> then = thens.get(s);
        if (then != null) {
            prepare(frame, then);
            int slot = run(frame, then, wide);
            loops.elements.move(frame.arrays[slot], frame.offsets[slot], 1, sums, sum, 1, wide);
        }
        for (int have = wide; have < steps * wide; have *= 2) {
            loops.elements.move(sums, sum, 1, sums, sum + have, 1, Math.min(have, steps * wide - have));
        }
    }

    private void prepare(Frame<A> frame, Bound<A> bound) {
        frame.prepare(bound.program, bound.scalars, Frame.BLOCK);
    }

    /** Runs a prepared program over n elements or a few more; returns the slot of what it gives. */
    private int run(Frame<A> frame, Bound<A> bound, int n) {
        int lanes = loops.lanes();
        frame.run(bound.program, bound.scalars, (n + lanes - 1) / lanes * lanes);
        return bound.program.result();
    }

    /** Combines the steps of a block: the second half with the first until one is left. */
    private void fold(Reduction kind, A sums, int at, int wide) {
        int n = steps;
        while (n > 1) {
            int half = n / 2;
            combiner.run(kind, sums, at, sums, at + (n - half) * wide, sums, at, half * wide);
            n -= half;
        }
    }

    /** Brings n steps of a tile, from step i on, into the inputs' slots, and what was kept into its own. */
    private void load(Frame<A> frame, int o, int i, int n, int j, int wide, boolean kept) {
        for (int k = 0; k < inputs.size(); k++) {
            load(frame, k, inputs.get(k), inputs.get(k).at(o, i, j), n, wide);
        }
        if (kept && out != null) {
            load(frame, RowProgram.KEPT_SYMBOL, out, out.at(o, i, j), n, wide);
        }
    }

    private void load(Frame<A> frame, int slot, Place<A> from, int at, int n, int wide) {
        boolean dense = from.isDense(wide);
        if (dense && n * wide % loops.lanes() == 0) {
            frame.useArray(slot, from.array, at);
            return;
        }
        frame.useBlock(slot);
        A block = frame.arrays[slot];
        int to = frame.offsets[slot];
        if (dense) {
            loops.elements.move(from.array, at, 1, block, to, 1, n * wide);
        } else {
            for (int k = 0; k < n; k++) {
                loops.elements.move(from.array, at + k * from.along, from.across, block, to + k * wide, 1, wide);
            }
        }
    }

    private void store(A values, int from, Place<A> to, int at, int n, int wide) {
        if (to.isDense(wide)) {
            loops.elements.move(values, from, 1, to.array, at, 1, n * wide);
            return;
        }
        for (int k = 0; k < n; k++) {
            loops.elements.move(values, from + k * wide, 1, to.array, at + k * to.along, to.across, wide);
        }
    }
}
