package org.clgrad.backend.cpu;

import java.util.Arrays;
import java.util.List;
import org.clgrad.backend.Fn;
import org.jspecify.annotations.Nullable;

/**
 * An expression as a list of loops. Values live in slots: first the inputs, then the scalars (what depends on literals
 * and constants only), then blocks for intermediate results.
 *
 * @param inputs number of input slots
 * @param literals values of the first scalar slots
 * @param scalars how a call computes the other scalar slots, in order
 * @param isArray whether a loop takes a scalar as an array, each of whose elements it is; for all scalars
 * @param needsBlocks whether steps read or write blocks besides the inputs and the output: of such scalars, and for intermediate results
 * @param temporaries number of slots for intermediate results
 * @param steps loops in order of execution; none where the result is an input or a scalar
 * @param results slots of the results; OUTPUT where a single one goes from the last step to where the caller wants it
 * @param ends number of steps after which each result is there; those of a result come before those that only later ones need
 * @param cost time of an element, in units of an addition
 */
record Program<A>(
        int inputs,
        double[] literals,
        List<Scalar> scalars,
        boolean[] isArray,
        boolean needsBlocks,
        int temporaries,
        List<Step<A>> steps,
        int[] results,
        int[] ends,
        int cost) {
    /** Stands for the output among the slots. */
    static final int OUTPUT = -1;

    /** The slot of the only result. */
    int result() {
        return results[0];
    }

    int slots() {
        return inputs + isArray.length + temporaries;
    }

    /** A scalar: a constant of the call (fn null), or a function of scalars that come before it. */
    record Scalar(int constant, @Nullable Fn fn, int[] args) {}

    /**
     * One loop over a block.
     *
     * @param args slots of the arguments that are arrays
     * @param numbers the scalars that it takes as numbers: the exponent of a power, a factor and a summand, or two factors
     * @param target slot of the result
     */
    record Step<A>(Loops.Loop<A> loop, int[] args, int[] numbers, int target) {}

    /** Values of the scalars in one call. */
    double[] scalarValues(Loops<A> loops, double[] constants) {
        double[] values = Arrays.copyOf(literals, isArray.length);
        for (int i = 0; i < scalars.size(); i++) {
            Scalar s = scalars.get(i);
            double value;
            if (s.fn() == null) {
                value = constants[s.constant()];
            } else {
                double[] args = new double[s.args().length];
                for (int k = 0; k < args.length; k++) {
                    args[k] = values[s.args()[k]];
                }
                value = Scalars.apply(s.fn(), args);
            }
            values[literals.length + i] = loops.rounded(value);
        }
        return values;
    }
}
