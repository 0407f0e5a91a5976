package org.clgrad.backend.cpu;

import java.util.List;

/**
 * A certain row program in loops of its own, on rows that are runs of memory.
 *
 * @param inputs what each input is
 */
record RowLoops<A>(List<Kind> inputs, Body<A> body) {
    enum Kind {
        /** Elements side by side, for each row. */
        ROWS,
        /** The same elements for all rows. */
        ONE_ROW,
        /** One number for each row. */
        NUMBERS;

        boolean fits(int rows, long... strides) {
            return this == NUMBERS
                    ? strides[1] == 0
                    : strides[1] == 1 && (this == ROWS || strides[0] == 0 || rows == 1);
        }
    }

    interface Body<A> {
        /**
         * Works through rows {@code first .. end - 1}, and adds what they have of sums over rows to those of a part.
         *
         * @param scratch {@link Frame#BLOCK} elements from {@code at} on, for any use
         */
        void run(WholeRows<A> call, int first, int end, A scratch, int at, ColumnSums<A> sums, int part);
    }
}
