package org.clgrad.backend.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * One call of a row program on rows that are too long for {@link ShortRows} or do not fit its blocks: row by row, and piece by piece of each. What a stage
 * gives is a number to the loops, as the call's constants are, which most loops need not read from an array.
 */
final class LongRows<A> implements RowPrograms.Call<A> {
    private final Loops<A> loops;
    private final Elements<A> elements;
    private final Combiner<A> combiner;
    private final RowProgram program;
    private final RowPrograms.Parts<A> parts;
    private final double[] constants;
    private final int rows;
    private final int length;
    private final int filled; // elements of a block that holds one number: as many as a piece, padded, may have
    private final List<RowPlace<A>> inputs;
    private final @Nullable RowPlace<A> out;
    private final List<RowPlace<A>> rowOuts;

    LongRows(
            Combiner<A> combiner,
            RowProgram program,
            RowPrograms.Parts<A> parts,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        this.loops = combiner.loops();
        this.elements = loops.elements;
        this.combiner = combiner;
        this.program = program;
        this.parts = parts;
        this.constants = constants;
        rows = inputs[0].shape()[0];
        length = inputs[0].shape()[1];
        filled = Math.min(Frame.BLOCK, length + loops.lanes() - 1);
        this.inputs = places(1, inputs);
        this.out = out == null ? null : RowPlace.of(elements, out, 1);
        this.rowOuts = places(0, rowOuts);
    }

    private List<RowPlace<A>> places(int axis, NdArray... arrays) {
        return Stream.of(arrays)
                .map(array -> RowPlace.of(elements, array, axis))
                .toList();
    }

    @Override
    public int count() {
        return rows;
    }

    @Override
    public void run(Frame<A> frame, int first, int end, ColumnSums<A> sums, int part) {
        int scratch = parts.slots();
        frame.reserve(scratch + 1);
        frame.useBlock(scratch);
        for (int o = first; o < end; o++) {
            new Row(frame, o).run(sums, part);
        }
    }

    /** What is done with elements {@code i .. i + n - 1} when they have been computed. */
    private interface Piece {
        void run(int i, int n);
    }

    /** The work on one row. */
    private final class Row {
        private final Frame<A> frame;
        private final int o;
        private final double[] numbers =
                Arrays.copyOf(constants, constants.length + program.stages().size());
        private boolean kept;

        Row(Frame<A> frame, int o) {
            this.frame = frame;
            this.o = o;
            for (int k = 0; k < inputs.size(); k++) {
                if (inputs.get(k).along() == 0) { // for all pieces
                    frame.useBlock(k);
                    elements.move(
                            inputs.get(k).array(),
                            inputs.get(k).at(o, 0),
                            0,
                            frame.arrays[k],
                            frame.offsets[k],
                            1,
                            filled);
                }
            }
        }

        void run(ColumnSums<A> sums, int part) {
            for (int s = 0; s < program.stages().size(); s++) {
                stage(s);
                kept |= program.stages().get(s).kept();
            }
            for (int c = 0; c < parts.columns().size(); c++) {
                Program<A> column = parts.columns().get(c);
                int at = c;
                compute(column, null, (i, n) -> {
                    int slot = column.result();
                    sums.add(part, at, i, frame.arrays[slot], frame.offsets[slot], n);
                });
            }
            if (parts.result() != null) {
                compute(parts.result(), out, (i, n) -> {});
            }
            for (int r = 0; r < rowOuts.size(); r++) {
                double number = number(parts.rowResults().get(r));
                elements.fill(rowOuts.get(r).array(), rowOuts.get(r).at(o, 0), 1, number);
            }
        }

        /** Leaves the stage's number among the numbers. */
        private void stage(int s) {
            RowProgram.Stage stage = program.stages().get(s);
            Program<A> element = parts.stages().get(s);
            int own = constants.length + s;
            compute(element, stage.kept() ? out : null, (i, n) -> {
                double next = stage.kept() && out != null
                        ? fold(stage.kind(), out.array(), out.at(o, i), n)
                        : fold(stage.kind(), frame.arrays[element.result()], frame.offsets[element.result()], n);
                numbers[own] = i == 0 ? next : Scalars.apply(stage.kind().fn(), numbers[own], next);
            });
            numbers[own] = loops.rounded(numbers[own]);
            Program<A> then = parts.thens().get(s);
            if (then != null) {
                numbers[own] = number(then);
            }
        }

        /** The value of an expression over numbers. */
        private double number(Program<A> program) {
            return program.scalarValues(loops, numbers)[program.result() - program.inputs()];
        }

        /** Computes an expression piece by piece, in its slot or where it is to be. */
        private void compute(Program<A> program, @Nullable RowPlace<A> to, Piece then) {
            double[] scalars = program.scalarValues(loops, numbers);
            frame.prepare(program, scalars, filled);
            for (int i = 0; i < length; i += Frame.BLOCK) {
                int n = Math.min(Frame.BLOCK, length - i);
                int whole = n - n % loops.lanes();
                if (whole > 0) {
                    compute(program, scalars, to, i, whole, whole);
                    then.run(i, whole);
                }
                if (whole < n) {
                    compute(program, scalars, to, i + whole, n - whole, loops.lanes());
                    then.run(i + whole, n - whole);
                }
            }
        }

        /** Computes elements {@code i .. i + n - 1}, as {@code padded} elements. */
        private void compute(Program<A> program, double[] scalars, @Nullable RowPlace<A> to, int i, int n, int padded) {
            for (int k = 0; k < inputs.size(); k++) {
                load(k, inputs.get(k), i, n, padded);
            }
            if (kept && out != null) {
                load(RowProgram.KEPT_SYMBOL, out, i, n, padded);
            }
            int slot = program.result();
            if (to == null) {
                frame.run(program, scalars, padded);
            } else if (n == padded) {
                frame.run(program, scalars, 0, slot, to.array(), to.at(o, i), n);
            } else {
                frame.run(program, scalars, padded);
                elements.move(frame.arrays[slot], frame.offsets[slot], 1, to.array(), to.at(o, i), 1, n);
            }
        }

        private void load(int slot, RowPlace<A> from, int i, int n, int padded) {
            if (from.along() == 1 && n == padded) {
                frame.useArray(slot, from.array(), from.at(o, i));
            } else if (from.along() != 0) {
                frame.useBlock(slot);
                elements.move(from.array(), from.at(o, i), from.along(), frame.arrays[slot], frame.offsets[slot], 1, n);
            }
        }

        private double fold(Reduction kind, A values, int at, int n) {
            A to = frame.arrays[parts.slots()];
            int lanes = frame.offsets[parts.slots()];
            int result = lanes + loops.lanes();
            if (n % loops.lanes() == 0) {
                loops.foldEach(kind).run(values, at, n, 1, to, lanes, to, result);
            } else {
                combiner.plain().fold(kind).run(values, at, n, to, result);
            }
            return elements.get(to, result);
        }
    }
}
