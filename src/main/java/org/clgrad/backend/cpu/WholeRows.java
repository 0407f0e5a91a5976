package org.clgrad.backend.cpu;

import java.util.stream.Stream;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * One call of a row program that has loops of its own ({@link Loops#rows}), on rows that are runs of memory. An input may also be
 * one row for all, or one number for each.
 */
final class WholeRows<A> implements RowPrograms.Call<A> {
    /** Elements of a row whose sums need no more than the lanes to be exact. */
    private static final int LONGEST = 1 << 13;

    private final Loops.Rows<A> loops;
    private final Elements<A> elements;
    private final double[] constants;
    private final int rows;
    private final int length;
    private final int inputs;
    private final NdArray[] arrays; // inputs, numbers of rows, and the result if there is one

    /** Whether the arrays are of this kind. */
    static boolean fits(int lanes, NdArray[] inputs, @Nullable NdArray out, NdArray[] rowOuts) {
        int[] shape = inputs[0].shape();
        return shape[2] == 1
                && shape[1] % lanes == 0
                && shape[1] <= LONGEST
                && Stream.of(inputs).map(input -> input.layout().strides()).allMatch(s -> s[1] == 1 || s[1] == 0)
                && Stream.of(rowOuts).allMatch(numbers -> numbers.layout().isContiguous())
                && (out == null || out.layout().isContiguous());
    }

    WholeRows(
            Loops.Rows<A> loops,
            Elements<A> elements,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        this.loops = loops;
        this.elements = elements;
        this.constants = constants;
        this.inputs = inputs.length;
        rows = inputs[0].shape()[0];
        length = inputs[0].shape()[1];
        arrays = Stream.of(Stream.of(inputs), Stream.of(rowOuts), Stream.ofNullable(out))
                .flatMap(some -> some)
                .toArray(NdArray[]::new);
    }

    int length() {
        return length;
    }

    double constant(int k) {
        return constants[k];
    }

    /** Numbers of rows behind the inputs, and the result behind them. */
    A array(int k) {
        return elements.cast(((CpuBuffer) arrays[k].buffer()).array());
    }

    /** Where row o of an array is, or its number. */
    int at(int k, int o) {
        return (int) (arrays[k].layout().offset() + o * arrays[k].layout().strides()[0]);
    }

    /** A row of one value. */
    A constantRow(double value) {
        A row = elements.newArray(length);
        elements.fill(row, 0, length, value);
        return row;
    }

    @Override
    public int count() {
        return rows;
    }

    @Override
    public void run(Frame<A> frame, int first, int end, ColumnSums<A> sums, int part) {
        frame.reserve(1);
        frame.useBlock(0);
        loops.run(this, first, end, frame.arrays[0], frame.offsets[0], sums, part);
    }
}
