package org.clgrad.bench.report;

import static org.clgrad.bench.Section.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
        all.put("matmul", besidePyTorch(MATMUL, c -> c.workload() != Workload.FMA));
        all.put(
                "peak",
                compare(
                        MATMUL,
                        Targets::isLargeSquare,
                        (c, column) -> limits.peakNanos(c, column).map(nanos -> new Reference("the peak", nanos)),
                        Targets::ofPeak));
        all.put("batched", besidePyTorch(BATCHED, c -> true));
        all.put("chains", besidePyTorch(CHAINS, c -> true));
        all.put(
                "bandwidth",
                compare(
                        BANDWIDTH,
                        c -> c.workload() != Workload.COPY,
                        (c, column) -> limits.copyNanos(c, column).map(nanos -> new Reference("a copy", nanos)),
                        Targets::ofCopy));
        all.put("reductions", besidePyTorch(REDUCTIONS, c -> true));
        all.put("steps", besidePyTorch(STEPS, c -> true));
        all.put("launch", new HostCost(results, columns, limits).table(verdicts));
        all.put("start", new Starting(results, columns).table(verdicts));
        all.put("memory", new MemoryTable(results, columns).table());
        all.put("threads", new SpeedUps(results).table());
        all.put("summary", new Summary(verdicts).table()); // last, when all verdicts are there
        return all;
    }

    private String besidePyTorch(Section section, Predicate<Case> rows) {
        return compare(section, rows, this::pyTorch, Targets::besidePyTorch);
    }

    private String compare(
            Section section, Predicate<Case> rows, Reference.Finder references, Comparison.Target target) {
        List<Column> shown = columns.stream()
                .filter(c -> c.kind() != Column.Kind.LIMIT && c.kind() != Column.Kind.ONE_THREAD)
                .toList();
        return new Comparison(results, section, rows, references, target).table(shown, verdicts);
    }

    /** For a GPU, PyTorch on a GPU where that was measured; else libtorch. */
    private Optional<Reference> pyTorch(Case c, Column column) {
        Optional<Reference> libtorch = reference("libtorch", Column.Kind.LIBTORCH, c);
        return column.isGpu(results)
                ? reference("PyTorch", Column.Kind.PYTORCH_GPU, c).or(() -> libtorch)
                : libtorch;
    }

    private Optional<Reference> reference(String name, Column.Kind kind, Case c) {
        return columns.stream()
                .filter(column -> column.kind() == kind)
                .flatMap(column -> column.at(results, c).stream())
                .filter(Measurement::isMeasured)
                .map(m -> new Reference(name, m.samples()))
                .findFirst();
    }

    private String machine() {
        Map<String, String> facts = results.facts();
        String gpus = facts.entrySet().stream()
                .filter(fact -> fact.getKey().startsWith("gpu "))
                .map(fact -> fact.getValue() + ", ")
                .collect(Collectors.joining());
        return facts.get("processor") + ", " + facts.get("processors") + " processors, " + gpus + facts.get("system")
                + "; " + facts.get("date");
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
