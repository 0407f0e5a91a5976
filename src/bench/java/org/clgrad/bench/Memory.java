package org.clgrad.bench;

import java.io.IOException;
import java.util.List;

/** The most memory that a training step needs, in a process that does nothing else. */
final class Memory {

    private Memory() {}

    static void run(Case c, List<Contestant> contestants, Results results) {
        for (Contestant contestant : contestants) {
            try (Child child = new Child(contestant)) {
                long before = Long.parseLong(child.ask("peak"));
                child.ask("open 0.2 " + c); // some steps
                long after = Long.parseLong(child.ask("peak"));
                results.add(Measurement.of(c, contestant, List.of((double) (after - before))));
            } catch (Child.Refusal | IOException e) {
                results.add(Measurement.refused(c, contestant, String.valueOf(e.getMessage())));
            }
        }
    }
}
