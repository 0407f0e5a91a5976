package org.clgrad.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The contestants' processes, started when they are first wanted, and again after a crash, but not for ever. */
final class Children implements AutoCloseable {
    private static final int STARTS = 3;

    private final Results results;
    private final Map<String, Child> running = new HashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();

    Children(Results results) {
        this.results = results;
    }

    Child of(Contestant contestant) throws Child.Refusal {
        String name = contestant.name();
        Child child = running.get(name);
        if (child != null && child.isAlive()) {
            return child;
        }
        if (failures.containsKey(name)) {
            throw new Child.Refusal(failures.get(name));
        }
        try {
            if (starts.merge(name, 1, Integer::sum) > STARTS) {
                throw new Child.Refusal("its process crashed " + STARTS + " times");
            }
            child = new Child(contestant);
        } catch (Child.Refusal | IOException e) {
            failures.put(name, String.valueOf(e.getMessage()));
            throw new Child.Refusal(String.valueOf(e.getMessage()));
        }
        running.put(name, child);
        results.fact(
                "version " + name, child.version() + (contestant.jdk() == null ? "" : ", JDK " + contestant.feature()));
        return child;
    }

    @Override
    public void close() {
        running.values().forEach(Child::close);
    }
}
