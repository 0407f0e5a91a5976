package org.clgrad.backend.cpu;

import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;

/** The sums over rows of one call of a row program. Each part adds up its rows one after the other; then the parts are added in pairs. */
final class ColumnSums<A> {
    private final Combiner<A> combiner;
    private final Elements<A> elements;
    private final int parts;
    private final int columns;
    private final int length;
    private final A sums;

    /**
     * @param parts that add at once
     * @param columns expressions to be summed
     * @param length of a row
     */
    ColumnSums(Combiner<A> combiner, int parts, int columns, int length) {
        this.combiner = combiner;
        this.elements = combiner.loops().elements;
        this.parts = parts;
        this.columns = columns;
        this.length = length;
        sums = elements.newArray(parts * columns * length);
    }

    int columns() {
        return columns;
    }

    /** All sums: those of a part are at {@link #at}. */
    A array() {
        return sums;
    }

    /** Where the sums of one expression begin. */
    int at(int part, int column) {
        return (part * columns + column) * length;
    }

    /** Adds n values to the places {@code from ..} of a part's sums. */
    void add(int part, int column, int from, A values, int at, int n) {
        int to = at(part, column) + from;
        combiner.run(Reduction.SUM, sums, to, values, at, sums, to, n);
    }

    /** Leaves the sums in contiguous arrays. */
    void finish(NdArray[] outs) {
        for (int reach = 1; reach < parts; reach *= 2) {
            for (int part = 0; part + reach < parts; part += 2 * reach) {
                int to = at(part, 0);
                combiner.run(Reduction.SUM, sums, to, sums, at(part + reach, 0), sums, to, columns * length);
            }
        }
        for (int c = 0; c < columns; c++) {
            A out = elements.cast(((CpuBuffer) outs[c].buffer()).array());
            elements.move(sums, at(0, c), 1, out, (int) outs[c].layout().offset(), 1, length);
        }
    }
}
