package org.clgrad.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;
import org.clgrad.bench.Section;

/** A table of a section in which this library's columns are told beside a reference. */
record Comparison(Results results, Section section, Predicate<Case> rows, Reference.Finder references, Target target) {
    /** The least ratio that is wanted. */
    interface Target {
        OptionalDouble least(Section section, Case c, Column.Kind kind);
    }

    /** Fills in verdicts. */
    String table(List<Column> columns, List<Verdict> verdicts) {
        List<String> header = new ArrayList<>(List.of(""));
        columns.forEach(column -> header.add(column.title()));
        Table table = new Table(header);
        for (Case c : cases()) {
            List<String> cells = new ArrayList<>(List.of((c.workload() + " " + Numbers.sizes(c)).strip()));
            columns.forEach(column -> cells.add(cell(table, c, column, verdicts)));
            table.row(cells);
        }
        return table.toString();
    }

    private List<Case> cases() {
        Set<Case> measured = results.all().stream().map(Measurement::of).collect(Collectors.toSet());
        return Stream.concat(section.cases(false).stream(), section.cases(true).stream())
                .distinct()
                .filter(measured::contains)
                .filter(rows)
                .toList();
    }

    private String cell(Table table, Case c, Column column, List<Verdict> verdicts) {
        Optional<Measurement> found = column.at(results, c);
        if (found.isEmpty()) {
            return "";
        }
        Measurement measurement = found.get();
        if (!measurement.isMeasured()) {
            return "- " + table.note(measurement.note());
        }
        String value = Numbers.text(measurement.value());
        Optional<Reference> reference = references.of(c, column);
        if (reference.isEmpty() || !measurement.contestant().startsWith("clgrad")) {
            return value;
        }
        Reference other = reference.get();
        double ratio = other.nanos().ratioTo(measurement.samples());
        OptionalDouble least = target.least(section, c, column.kind());
        if (least.isEmpty()) {
            return value + " (" + Numbers.ratio(ratio) + ")";
        }
        boolean met = ratio >= least.getAsDouble();
        verdicts.add(new Verdict(
                section,
                c,
                column,
                Numbers.text(least.getAsDouble()) + " x " + other.name(),
                measurement.value(),
                c.value(other.nanos().median()),
                ratio,
                met));
        return value + " (" + Numbers.ratio(ratio) + (met ? " ✓)" : " **✗**)");
    }
}
