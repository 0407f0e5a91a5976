package org.clgrad.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;
import org.clgrad.bench.Section;

/** A small operation through this library beside the same launch without it, and through PyTorch on a GPU. */
record HostCost(Results results, List<Column> columns, Limits limits) {
    private static final double MOST_NANOS = 3000;

    String table(List<Verdict> verdicts) {
        List<String> header = new ArrayList<>(List.of("us a call", "bare JOCL", "clgrad", "more", "at most 3 us"));
        if (columns.stream().anyMatch(column -> column.kind() == Column.Kind.PYTORCH_GPU)) {
            header.add("PyTorch, GPU");
        }
        Table table = new Table(header);
        for (Case c : Section.LAUNCH.cases(false)) {
            String pyTorch = columns.stream()
                    .filter(column -> column.kind() == Column.Kind.PYTORCH_GPU)
                    .flatMap(column -> column.at(results, c).stream())
                    .map(m -> Numbers.text(m.value()))
                    .collect(Collectors.joining());
            for (Column column : columns) {
                Optional<Measurement> ours = column.at(results, c).filter(Measurement::isMeasured);
                Optional<Measurement> bare = limits.of(c, column);
                if (column.kind() == Column.Kind.OPENCL && ours.isPresent() && bare.isPresent()) {
                    row(table, column, bare.get(), ours.get(), column.isGpu(results) ? pyTorch : "", verdicts);
                }
            }
        }
        return table.toString();
    }

    private static void row(
            Table table, Column column, Measurement bare, Measurement ours, String pyTorch, List<Verdict> verdicts) {
        double more = ours.median() - bare.median();
        boolean met = more <= MOST_NANOS;
        double ratio = bare.samples().ratioTo(ours.samples());
        verdicts.add(
                new Verdict(Section.LAUNCH, ours.of(), column, "bare + 3 us", ours.value(), bare.value(), ratio, met));
        table.row(List.of(
                column.title(),
                Numbers.text(bare.value()),
                Numbers.text(ours.value()),
                Numbers.ratio(more / 1e3),
                met ? "✓" : "**✗**",
                pyTorch));
    }
}
