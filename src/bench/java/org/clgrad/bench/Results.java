package org.clgrad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All measurements of a run, and what is known of the machine. */
public final class Results {
    private record Key(Case of, String contestant) {}

    private final Map<Key, Measurement> measurements = new LinkedHashMap<>();
    private final Map<String, String> facts = new TreeMap<>();

    public void add(Measurement measurement) {
        measurements.put(new Key(measurement.of(), measurement.contestant()), measurement);
    }

    /** What a run knows besides times, such as versions. */
    public void fact(String name, String value) {
        facts.put(name, value);
    }

    public Map<String, String> facts() {
        return facts;
    }

    public Collection<Measurement> all() {
        return measurements.values();
    }

    public boolean has(Case c, String contestant) {
        return measurements.containsKey(new Key(c, contestant));
    }

    /** What was measured or refused. */
    public Optional<Measurement> get(Case c, String contestant) {
        return Optional.ofNullable(measurements.get(new Key(c, contestant)));
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(List.of(Measurement.HEADER));
        measurements.values().forEach(m -> lines.add(m.csv()));
        Files.write(folder.resolve("results.csv"), lines);
        Files.write(
                folder.resolve("facts.txt"),
                facts.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList());
    }

    static Results read(Path folder) throws IOException {
        Results results = new Results();
        List<String> lines = Files.readAllLines(folder.resolve("results.csv"));
        if (!lines.get(0).equals(Measurement.HEADER)) {
            throw new IOException(folder.resolve("results.csv") + " is another version's: measure again");
        }
        lines.stream().skip(1).map(Measurement::parse).forEach(results::add);
        for (String line : Files.readAllLines(folder.resolve("facts.txt"))) {
            int at = line.indexOf('=');
            results.fact(line.substring(0, at), line.substring(at + 1));
        }
        return results;
    }
}
