package org.clgrad.bench.report;

import static org.clgrad.bench.Section.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;
import org.clgrad.bench.Section;
import org.clgrad.bench.Workload;

/** The tables of the page, by the names that its template uses. */
final class Tables {
    private final Results results;
    private final List<Verdict> verdicts;
    private final List<Column> columns;
    private final Limits limits;

    Tables(Results results, List<Verdict> verdicts) {
        this.results = results;
        this.verdicts = verdicts;
        columns = Column.of(results);
        limits = new Limits(results, columns);
    }

    Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("machine", machine());
        all.put("versions", versions());
        all.put("limits", limits.table());
        all.put("matmul", besideLibtorch(MATMUL, c -> c.workload() != Workload.FMA));
        all.put("peak", compare(MATMUL, Targets::isLargeSquare, "the peak", limits::peakNanos, Targets::ofPeak));
        all.put("batched", besideLibtorch(BATCHED, c -> true));
        all.put("chains", besideLibtorch(CHAINS, c -> true));
        all.put(
                "bandwidth",
                compare(BANDWIDTH, c -> c.workload() != Workload.COPY, "a copy", limits::copyNanos, Targets::ofCopy));
        all.put("reductions", besideLibtorch(REDUCTIONS, c -> true));
        all.put("steps", besideLibtorch(STEPS, c -> true));
        all.put("launch", new HostCost(results, columns, limits).table(verdicts));
        all.put("start", new Starting(results, columns).table(verdicts));
        all.put("memory", new MemoryTable(results, columns).table());
        all.put("threads", new SpeedUps(results).table());
        all.put("summary", new Summary(verdicts).table()); // last, when all verdicts are there
        return all;
    }

    private String besideLibtorch(Section section, Predicate<Case> rows) {
        return compare(section, rows, "libtorch", (c, column) -> libtorchNanos(c), Targets::besideLibtorch);
    }

    private String compare(
            Section section, Predicate<Case> rows, String reference, Comparison.Time time, Comparison.Target target) {
        List<Column> shown = columns.stream()
                .filter(c -> c.kind() != Column.Kind.LIMIT && c.kind() != Column.Kind.ONE_THREAD)
                .toList();
        return new Comparison(results, section, rows, reference, time, target).table(shown, verdicts);
    }

    private OptionalDouble libtorchNanos(Case c) {
        return columns.stream()
                .filter(column -> column.kind() == Column.Kind.LIBTORCH)
                .flatMap(column -> column.at(results, c).stream())
                .filter(Measurement::isMeasured)
                .mapToDouble(Measurement::median)
                .findFirst();
    }

    private String machine() {
        Map<String, String> facts = results.facts();
        return facts.get("processor") + ", " + facts.get("processors") + " processors, " + facts.get("system") + "; "
                + facts.get("date");
    }

    private String versions() {
        Table table = new Table(List.of("contestant", "what it is"));
        results.facts().forEach((name, value) -> {
            if (name.startsWith("version ")) {
                table.row(List.of(name.substring("version ".length()), value));
            }
        });
        return table.toString();
    }
}
