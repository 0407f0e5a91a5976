package org.clgrad.op;

import java.util.Arrays;
import org.clgrad.array.Shapes;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * Runs row programs on arrays of one shape, along some neighbouring axes of it.
 *
 * @param shape of the arrays
 * @param first of the axes that make a row
 * @param end behind the last of them
 */
record Rows(int[] shape, int first, int end) {
    private static final NdArray[] NONE = {};

    /** Rows along one axis; a 0-d array is one row of one element. */
    static Rows along(int axis, int... shape) {
        return new Rows(shape, axis, Math.min(axis + 1, shape.length));
    }

    private int count(int from, int to) {
        return Math.toIntExact(Shapes.numel(Arrays.copyOfRange(shape, from, to)));
    }

    /** Elements of a row. */
    int length() {
        return count(first, end);
    }

    /** The shape with 1 in place of the rows' axes: that of numbers of rows. */
    int[] reduced() {
        int[] reduced = shape.clone();
        Arrays.fill(reduced, first, end, 1);
        return reduced;
    }

    /** The result of a program on inputs that expand to the shape; numbers of rows go to {@code numbers}. */
    NdArray run(RowProgram program, NdArray[] inputs, double[] constants, NdArray... numbers) {
        NdArray out = inputs[0].allocateLike(shape);
        run(out, program, inputs, constants, numbers, NONE);
        return out;
    }

    /** Numbers of rows alone. */
    void runForNumbers(RowProgram program, NdArray[] inputs, double[] constants, NdArray... numbers) {
        run(null, program, inputs, constants, numbers, NONE);
    }

    /** Sums over rows, each to an array as long as a row, and the result to {@code out} if there is one. */
    void runForSums(@Nullable NdArray out, RowProgram program, NdArray[] inputs, double[] constants, NdArray... sums) {
        run(out, program, inputs, constants, NONE, sums);
    }

    private void run(
            @Nullable NdArray out,
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            NdArray[] numbers,
            NdArray[] sums) {
        int[] rows = {count(0, first), length(), count(end, shape.length)};
        if (Shapes.numel(rows) == 0) {
            for (NdArray sum : sums) {
                sum.backend().fill(sum, 0);
            }
            return;
        }
        NdArray[] arrays = Arrays.stream(inputs)
                .map(input -> input.expand(shape).reshape(rows))
                .toArray(NdArray[]::new);
        NdArray[] rowOuts = Arrays.stream(numbers)
                .map(number -> number.reshape(rows[0], rows[2]))
                .toArray(NdArray[]::new);
        NdArray[] columnOuts =
                Arrays.stream(sums).map(sum -> sum.reshape(rows[1])).toArray(NdArray[]::new);
        arrays[0]
                .backend()
                .rows(program, arrays, constants, out == null ? null : out.reshape(rows), rowOuts, columnOuts);
        for (int i = 0; i < inputs.length; i++) {
            if (arrays[i].buffer() != inputs[i].buffer()) { // strides that needed a copy
                arrays[i].buffer().freeIfUnheld();
            }
        }
    }
}
