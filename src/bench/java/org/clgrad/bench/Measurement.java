package org.clgrad.bench;

import java.util.Arrays;

/**
 * Samples of one contestant at one case, or the reason why there are none.
 *
 * @param samples how many
 * @param median of the samples: nanoseconds of a call; of memory, bytes
 * @param note the reason, else empty
 */
public record Measurement(
        Case of,
        String contestant,
        int jdk,
        int threads,
        int samples,
        double median,
        double firstQuartile,
        double thirdQuartile,
        String note) {
    static final String HEADER = "case,size,contestant,jdk,threads,median_ns,q1_ns,q3_ns,samples,value,unit,note";

    static Measurement of(Case c, Contestant contestant, double[] samples) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return new Measurement(
                c,
                contestant.name(),
                contestant.feature(),
                contestant.threads(),
                sorted.length,
                quantile(sorted, 0.5),
                quantile(sorted, 0.25),
                quantile(sorted, 0.75),
                "");
    }

    static Measurement refused(Case c, Contestant contestant, String reason) {
        return new Measurement(
                c,
                contestant.name(),
                contestant.feature(),
                contestant.threads(),
                0,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                reason.replace(',', ';').replace('\n', ' '));
    }

    private static double quantile(double[] sorted, double p) {
        double place = p * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    public boolean isMeasured() {
        return samples > 0;
    }

    /** The median in the workload's unit. */
    public double value() {
        return of.value(median);
    }

    String csv() {
        return String.join(
                ",",
                of.workload().name(),
                of.sizeText(),
                contestant,
                Integer.toString(jdk),
                Integer.toString(threads),
                Double.toString(median),
                Double.toString(firstQuartile),
                Double.toString(thirdQuartile),
                Integer.toString(samples),
                Float.toString((float) value()),
                of.workload().unit().toString(),
                note);
    }

    static Measurement parse(String line) {
        String[] c = line.split(",", -1);
        return new Measurement(
                Case.parse(c[0] + " " + c[1]),
                c[2],
                Integer.parseInt(c[3]),
                Integer.parseInt(c[4]),
                Integer.parseInt(c[8]),
                Double.parseDouble(c[5]),
                Double.parseDouble(c[6]),
                Double.parseDouble(c[7]),
                c[11]);
    }
}
