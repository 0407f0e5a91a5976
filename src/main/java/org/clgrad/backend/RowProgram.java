package org.clgrad.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Work on rows as data: what normalizations are. A row is read several times while it is near. Every stage
 * reduces it to a number, which later ones use; the result then is an expression of each element and these numbers.
 *
 * <p>Expressions are over input arrays 0 to 7, over {@link #scalar} numbers of earlier stages, and over {@link #KEPT}.
 *
 * @param stages reductions, in order; eight at most
 * @param result the new element, or null if only row results or column sums are wanted
 * @param rowResults numbers for each row, over the stages' numbers
 * @param columnSums for each place in a row, the sum over all rows of an expression like the result, but not of what was kept; only of
 *     arrays [outer, n, 1]
 */
public record RowProgram(List<Stage> stages, @Nullable Expr result, List<Expr> rowResults, List<Expr> columnSums) {
    /** Arrays that a program may read. */
    public static final int INPUTS = 8;

    /** Stages that a program may have. */
    public static final int STAGES = 8;

    /** Symbols that expressions may use: the arrays, the stages' numbers, and what was kept. */
    public static final int SYMBOLS = INPUTS + STAGES + 1;

    /** The last of them. */
    public static final int KEPT_SYMBOL = SYMBOLS - 1;

    /** The element's value in the stage that kept it. */
    public static final Expr KEPT = Expr.input(KEPT_SYMBOL);

    /** A program without sums over rows. */
    public RowProgram(List<Stage> stages, @Nullable Expr result, List<Expr> rowResults) {
        this(stages, result, rowResults, List.of());
    }

    /**
     * A reduction of each row.
     *
     * @param element what is reduced
     * @param kept whether it is kept, in the place of the result, so that it need not be computed again
     * @param then the stage's number, over the reduction's result, which is {@link #scalar} of the stage itself
     */
    public record Stage(
            Reduction kind,
            Expr element,
            boolean kept,
            @Nullable Expr then) {
        /** This stage with its elements kept. */
        public Stage keep() {
            return new Stage(kind, element, true, then);
        }

        /** This stage with another number. */
        public Stage then(Expr number) {
            return new Stage(kind, element, kept, number);
        }
    }

    /** The number of a stage. */
    public static Expr scalar(int stage) {
        return Expr.input(INPUTS + stage);
    }

    public static Stage sum(Expr element) {
        return new Stage(Reduction.SUM, element, false, null);
    }

    public static Stage max(Expr element) {
        return new Stage(Reduction.MAX, element, false, null);
    }
}
