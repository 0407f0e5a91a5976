package org.clgrad.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A workload of certain sizes. */
public record Case(Workload workload, List<Integer> sizes) {
    public static Case of(Workload workload, Integer... sizes) {
        return new Case(workload, List.of(sizes));
    }

    /** Reads what {@link #toString} wrote. */
    public static Case parse(String text) {
        String[] parts = text.strip().split(" ");
        return new Case(
                Workload.valueOf(parts[0]),
                parts.length == 1 || parts[1].equals("-")
                        ? List.of()
                        : Arrays.stream(parts[1].split("x"))
                                .map(Integer::valueOf)
                                .toList());
    }

    public int size(int i) {
        return sizes.get(i);
    }

    /** Floating-point operations or bytes of one call; 0 where the unit is a time. */
    public double work() {
        return workload.work(sizes);
    }

    /** A sample in the workload's unit. */
    public double value(double sample) {
        return workload.unit().of(sample, work());
    }

    /** {@code 512x512x512}; {@code -} where there is no size. */
    public String sizeText() {
        return sizes.isEmpty() ? "-" : sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    @Override
    public String toString() {
        return workload.name() + " " + sizeText();
    }
}
