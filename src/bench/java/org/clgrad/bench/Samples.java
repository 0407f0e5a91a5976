package org.clgrad.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What was measured of one thing.
 *
 * @param each one for each round, in their order; one alone where there are no rounds
 */
public record Samples(List<Double> each) {
    public static final Samples NONE = new Samples(List.of());

    /** Not a number where there are none. */
    public double median() {
        return quantile(0.5);
    }

    double quantile(double p) {
        if (each.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted =
                each.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double place = p * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** All of them times a number. */
    public Samples times(double factor) {
        return new Samples(each.stream().map(sample -> sample * factor).toList());
    }

    /**
     * The median of this divided by other samples round by round: a machine that others use is slower in some rounds than
     * in others, for everybody who takes a turn in them. Where they have not as many rounds, that of the medians.
     */
    public double ratioTo(Samples other) {
        if (each.size() != other.each.size()) {
            return median() / other.median();
        }
        return new Samples(IntStream.range(0, each.size())
                        .mapToObj(round -> each.get(round) / other.each.get(round))
                        .toList())
                .median();
    }

    /** With blanks between them. */
    @Override
    public String toString() {
        return each.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    static Samples parse(String text) {
        return text.isEmpty()
                ? NONE
                : new Samples(
                        Arrays.stream(text.split(" ")).map(Double::valueOf).toList());
    }
}
