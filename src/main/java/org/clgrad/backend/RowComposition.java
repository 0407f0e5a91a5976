package org.clgrad.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Row programs as reductions and pointwise work over all elements: what few and very long rows need to occupy a device. Each
 * number of a row takes a pass over it.
 */
public final class RowComposition {
    private static final int FEW = 8;
    private static final int LONG = 1 << 16;
    private static final int[] ROW = {1};
    private static final int[] COLUMN = {0};

    private RowComposition() {}

    /** Whether rows of shape [outer, n, inner] are few and long. */
    public static boolean fits(int... shape) {
        return (long) shape[0] * shape[2] < FEW && shape[1] >= LONG;
    }

    /**
     * As {@code Backend.rows}.
     *
     * @param keeps whether to store what stages keep; else it is computed again, which is a pass less where reductions compute on
     *     their way
     */
    public static void run(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts,
            boolean keeps) {
        NdArray like = inputs[0];
        Backend backend = like.backend();
        int[] shape = like.shape();
        NdArray[] symbols = new NdArray[RowProgram.SYMBOLS];
        Arrays.fill(symbols, like); // what is not used yet
        System.arraycopy(inputs, 0, symbols, 0, inputs.length);
        Expr[] expressions = new Expr[RowProgram.SYMBOLS];
        Arrays.setAll(expressions, Expr::input);
        for (int s = 0; s < program.stages().size(); s++) {
            RowProgram.Stage stage = program.stages().get(s);
            Expr element = Fusion.substitute(stage.element(), expressions);
            NdArray scalar = like.allocateLike(shape[0], 1, shape[2]);
            if (stage.kept() && keeps && out != null) {
                backend.pointwise(element, symbols, constants, out); // which is free until the result
                symbols[RowProgram.SYMBOLS - 1] = out;
                backend.reduce(stage.kind(), out, ROW, scalar);
            } else {
                backend.reduce(stage.kind(), element, symbols, constants, ROW, scalar);
                if (stage.kept()) {
                    expressions[RowProgram.SYMBOLS - 1] = element;
                }
            }
            if (stage.then() != null) {
                symbols[RowProgram.INPUTS + s] = scalar;
                backend.pointwise(stage.then(), numbers(symbols), constants, scalar);
            }
            symbols[RowProgram.INPUTS + s] = scalar.expand(shape);
        }
        for (int c = 0; c < columnOuts.length; c++) {
            NdArray sums = columnOuts[c].reshape(1, shape[1], 1);
            backend.reduce(Reduction.SUM, program.columnSums().get(c), symbols, constants, COLUMN, sums);
        }
        if (out != null && program.result() != null) {
            backend.pointwise(Fusion.substitute(program.result(), expressions), symbols, constants, out);
        }
        for (int r = 0; r < rowOuts.length; r++) {
            NdArray to = rowOuts[r].with(rowOuts[r].layout().unsqueeze(1));
            backend.pointwise(program.rowResults().get(r), numbers(symbols), constants, to);
        }
        for (int s = 0; s < program.stages().size(); s++) {
            symbols[RowProgram.INPUTS + s].buffer().freeIfUnheld();
        }
    }

    /** The first element of each row; of numbers, the number. */
    private static NdArray[] numbers(NdArray[] symbols) {
        return Arrays.stream(symbols)
                .map(symbol -> symbol.with(symbol.layout().slice(1, 0, 1, 1)))
                .toArray(NdArray[]::new);
    }
}
