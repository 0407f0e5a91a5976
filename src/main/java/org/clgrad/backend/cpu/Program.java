package org.clgrad.backend.cpu;

import java.util.List;
import org.clgrad.backend.Fn;
import org.jspecify.annotations.Nullable;

/**
 * An expression as a list of loops. Values live in slots: first the inputs, then the scalars (what depends on literals
 * and constants only), then blocks for intermediate results.
 *
 * @param inputs number of input slots
 * @param scalars how to compute the scalar slots, in order
 * @param temporaries number of slots for intermediate results
 * @param steps loops in order of execution; none where the result is an input or a scalar
 * @param results slots of the results; OUTPUT where a single one goes from the last step to where the caller wants it
 * @param ends number of steps after which each result is there; those of a result come before those that only later ones need
 * @param cost time of an element, in units of an addition
 */
record Program<A>(
        int inputs, List<Scalar> scalars, int temporaries, List<Step<A>> steps, int[] results, int[] ends, int cost) {
    /** Stands for the output among the slots. */
    static final int OUTPUT = -1;

    /** The slot of the only result. */
    int result() {
        return results[0];
    }

    int slots() {
        return inputs + scalars.size() + temporaries;
    }

    /** A scalar: a literal (fn null, constant -1), a constant (fn null), or a function of earlier scalars. */
    record Scalar(double literal, int constant, @Nullable Fn fn, int[] args) {}

    /**
     * One loop over a block.
     *
     * @param args slots of the arguments
     * @param target slot of the result
     * @param exponent the scalar that is the exponent of a power, or -1
     */
    record Step<A>(
            Loops.@Nullable Unary<A> unary,
            Loops.@Nullable Binary<A> binary,
            Loops.@Nullable Ternary<A> ternary,
            int[] args,
            int target,
            int exponent) {}

    /** Values of the scalars in one call. */
    double[] scalarValues(Loops<A> loops, double[] constants) {
        double[] values = new double[scalars.size()];
        for (int i = 0; i < values.length; i++) {
            Scalar s = scalars.get(i);
            double value;
            if (s.fn() == null) {
                value = s.constant() < 0 ? s.literal() : constants[s.constant()];
            } else {
                double[] args = new double[s.args().length];
                for (int k = 0; k < args.length; k++) {
                    args[k] = values[s.args()[k]];
                }
                value = Scalars.apply(s.fn(), args);
            }
            values[i] = loops.rounded(value);
        }
        return values;
    }
}
