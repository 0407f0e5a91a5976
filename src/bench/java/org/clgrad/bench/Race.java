package org.clgrad.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.clgrad.bench.child.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * Runs cases: all contestants make ready, their results are compared with the reference's, and then they are timed in
 * turn, several rounds, so that whatever else the machine does meets all of them.
 */
final class Race {
    /** Calls that take longer are not worth the wait. */
    private static final double LONGEST_NANOS = 3e9;

    /** Before each turn: threads of whoever was last spin for a while, waiting for more work; libtorch's do for some milliseconds. */
    private static final long REST_NANOS = 100_000_000;

    /** Why a contestant is refused whose results are not the reference's, which only a fault explains. */
    static final String DIFFERS = "its results differ from the others'";

    private final Pace pace;
    private final Contestant reference;
    private final Children children;
    private final Results results;
    private final Map<String, Double> rates = new HashMap<>(); // work a nanosecond, by contestant and workload

    Race(Pace pace, Contestant reference, Children children, Results results) {
        this.pace = pace;
        this.reference = reference;
        this.children = children;
        this.results = results;
    }

    /** Measures what has not been measured yet. */
    void run(Case c, List<Contestant> contestants) {
        List<Contestant> left = contestants.stream()
                .filter(contestant -> !results.has(c, contestant.name()))
                .toList();
        Map<Contestant, List<Double>> samples = new LinkedHashMap<>();
        List<Checksum> expected = left.isEmpty() || left.contains(reference) ? null : expected(c);
        for (Contestant contestant : left) {
            try {
                boolean isFirst = c.workload().isReduction() || !rates.containsKey(contestant.name() + c.workload());
                List<Checksum> sums = open(contestant, c, pace.warmUp(c.workload(), isFirst));
                if (!sums.isEmpty()) { // a limit of the machine computes nothing
                    expected = expected == null ? sums : expected;
                    check(expected, sums);
                }
                samples.put(contestant, new ArrayList<>());
            } catch (Child.Refusal e) {
                refuse(c, contestant, e);
            }
        }
        for (int round = 0; round < pace.rounds(); round++) {
            for (Map.Entry<Contestant, List<Double>> entry : List.copyOf(samples.entrySet())) {
                Contestant contestant = entry.getKey();
                LockSupport.parkNanos(REST_NANOS);
                try {
                    String answer = children.of(contestant).ask("measure " + pace.millis());
                    entry.getValue().add(Double.valueOf(answer));
                } catch (Child.Refusal e) {
                    samples.remove(contestant);
                    refuse(c, contestant, e);
                }
            }
        }
        samples.forEach((contestant, taken) -> {
            Measurement measurement = Measurement.of(c, contestant, taken);
            results.add(measurement);
            rates.put(contestant.name() + c.workload(), c.work() / measurement.median());
            close(contestant);
        });
    }

    private void refuse(Case c, Contestant contestant, Child.Refusal refusal) {
        close(contestant);
        results.add(Measurement.refused(c, contestant, String.valueOf(refusal.getMessage())));
    }

    /** What the reference computes; null if it cannot, and then the first contestant's word is taken. */
    private @Nullable List<Checksum> expected(Case c) {
        try {
            List<Checksum> sums = open(reference, c, 0);
            close(reference);
            return sums;
        } catch (Child.Refusal e) {
            return null;
        }
    }

    private List<Checksum> open(Contestant contestant, Case c, double warmUp) throws Child.Refusal {
        double rate = rates.getOrDefault(contestant.name() + c.workload(), Double.POSITIVE_INFINITY);
        if (c.work() / rate > LONGEST_NANOS) {
            throw new Child.Refusal("more than 3 s a call");
        }
        String[] answer =
                children.of(contestant).ask("open " + warmUp + " " + c).split(" ");
        return Arrays.stream(answer).skip(1).map(Checksum::parse).toList();
    }

    private void close(Contestant contestant) {
        try {
            children.of(contestant).ask("close");
        } catch (Child.Refusal e) {
            // it ended, and will be started again for the next case
        }
    }

    private void check(List<Checksum> expected, List<Checksum> sums) throws Child.Refusal {
        boolean agree = expected.size() == sums.size();
        for (int i = 0; agree && i < sums.size(); i++) {
            agree = expected.get(i).agrees(sums.get(i));
        }
        if (!agree) {
            System.err.println("    a result of " + sums + " where " + expected + " was expected");
            throw new Child.Refusal(DIFFERS);
        }
    }
}
