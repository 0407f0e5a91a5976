package org.clgrad.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;
import org.clgrad.bench.Samples;
import org.clgrad.bench.Workload;

/** What the machine can do at most. */
final class Limits {
    private static final String JAVA = "java-limits";

    private final Results results;
    private final List<Column> columns;

    Limits(Results results, List<Column> columns) {
        this.results = results;
        this.columns = columns.stream()
                .filter(column -> column.kind() == Column.Kind.LIMIT)
                .toList();
    }

    /** The limit on the column's side: what a device's memory does is not what arrays do. */
    Optional<Measurement> of(Case c, Column column) {
        return results.get(c, limitOf(column)).filter(Measurement::isMeasured);
    }

    private static String limitOf(Column column) {
        return column.device().map(name -> name + "-limits").orElse(JAVA);
    }

    /** At the peak of multiply-adds; the larger of OpenCL's and the Vector API's, if both run on the processor. */
    Optional<Samples> peakNanos(Case c, Column column) {
        return results.all().stream()
                .filter(m -> m.of().workload() == Workload.FMA && m.isMeasured())
                .filter(m -> m.contestant().equals(limitOf(column))
                        || isProcessor(limitOf(column)) && isProcessor(m.contestant()))
                .map(m -> c.work() / m.value())
                .min(Comparator.naturalOrder())
                .map(nanos -> new Samples(List.of(nanos)));
    }

    private boolean isProcessor(String limit) {
        return limit.equals(JAVA)
                || results.facts().getOrDefault("version " + limit, "").contains("CPU");
    }

    /** As many bytes at the rate of a copy of as many elements, which the limits made in the rounds of this case. */
    Optional<Samples> copyNanos(Case c, Column column) {
        Case copy = Case.of(Workload.COPY, c.size(0));
        return of(c, column).map(m -> m.samples().times(c.work() / copy.work()));
    }

    String table() {
        List<String> header = new ArrayList<>(List.of(""));
        columns.forEach(column -> header.add(column.title()));
        Table table = new Table(header);
        results.all().stream()
                .map(Measurement::of)
                .filter(c -> c.workload() == Workload.FMA || c.workload() == Workload.COPY)
                .distinct()
                .forEach(c -> {
                    List<String> cells = new ArrayList<>(List.of(label(c)));
                    columns.forEach(column -> cells.add(column.at(results, c)
                            .map(m -> Numbers.text(m.value()))
                            .orElse("")));
                    table.row(cells);
                });
        return table.toString();
    }

    private static String label(Case c) {
        String unit = c.workload().unit().toString();
        return c.workload() == Workload.FMA
                ? c.size(0) + " billion operations of multiply-adds, " + unit
                : "copy of " + Numbers.sizes(c) + " floats, " + unit;
    }
}
