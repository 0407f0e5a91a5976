package org.clgrad.backend.cpu;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** One call of a row program that has loops of its own. */
final class WholeRows<A> implements RowPrograms.Call<A> {
    /** The longest row whose sums are precise enough when each lane adds up its own. */
    private static final int LONGEST = 1 << 12;

    private final RowLoops<A> loops;
    private final Elements<A> elements;
    private final double[] constants;
    private final int rows;
    private final int length;
    private final NdArray[] arrays; // inputs, numbers of rows, and the result if there is one

    /** Whether loops that take so many elements at a time can run on these inputs; what is written is contiguous always. */
    static boolean fits(RowLoops<?> loops, int lanes, NdArray... inputs) {
        int[] shape = inputs[0].shape();
        return shape[2] == 1
                && shape[1] % lanes == 0
                && shape[1] <= LONGEST
                && IntStream.range(0, inputs.length)
                        .allMatch(k -> loops.inputs()
                                .get(k)
                                .fits(shape[0], inputs[k].layout().strides()));
    }

    WholeRows(
            RowLoops<A> loops,
            Elements<A> elements,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        this.loops = loops;
        this.elements = elements;
        this.constants = constants;
        rows = inputs[0].shape()[0];
        length = inputs[0].shape()[1];
        arrays = Stream.of(Stream.of(inputs), Stream.of(rowOuts), Stream.ofNullable(out))
                .flatMap(some -> some)
                .toArray(NdArray[]::new);
    }

    /** Of a row. */
    int length() {
        return length;
    }

    double constant(int k) {
        return constants[k];
    }

    /** An input; behind the inputs numbers of rows, and behind them the result. */
    A array(int k) {
        return elements.cast(((CpuBuffer) arrays[k].buffer()).array());
    }

    /** Where row o of an array begins, or its number is. */
    int at(int k, int o) {
        return (int) (arrays[k].layout().offset() + o * arrays[k].layout().strides()[0]);
    }

    /** A row of one value, in place of an array that is not there. */
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
        loops.body().run(this, first, end, frame.arrays[0], frame.offsets[0], sums, part);
    }
}
