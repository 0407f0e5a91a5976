package org.clgrad.bench;

import java.util.List;

/**
 * Samples of one contestant at one case, or the reason why there are none.
 *
 * @param samples nanoseconds of a call; of memory, bytes
 * @param note the reason, else empty
 */
public record Measurement(Case of, String contestant, int jdk, int threads, Samples samples, String note) {
    static final String HEADER = "case,size,contestant,jdk,threads,median_ns,q1_ns,q3_ns,samples_ns,value,unit,note";

    static Measurement of(Case c, Contestant contestant, List<Double> samples) {
        return new Measurement(
                c,
                contestant.name(),
                contestant.feature(),
                contestant.threads(),
                new Samples(List.copyOf(samples)),
                "");
    }

    static Measurement refused(Case c, Contestant contestant, String reason) {
        return new Measurement(
                c,
                contestant.name(),
                contestant.feature(),
                contestant.threads(),
                Samples.NONE,
                reason.replace(',', ';').replace('\n', ' '));
    }

    public boolean isMeasured() {
        return !samples.equals(Samples.NONE);
    }

    public double median() {
        return samples.median();
    }

    /** The median in the workload's unit. */
    public double value() {
        return of.value(median());
    }

    String csv() {
        return String.join(
                ",",
                of.workload().name(),
                of.sizeText(),
                contestant,
                Integer.toString(jdk),
                Integer.toString(threads),
                Double.toString(median()),
                Double.toString(samples.quantile(0.25)),
                Double.toString(samples.quantile(0.75)),
                samples.toString(),
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
                Samples.parse(c[8]),
                c[11]);
    }
}
