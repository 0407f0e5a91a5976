package org.clgrad.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.clgrad.bench.Section;

/** How many targets were met, by section and column. */
final class Summary {
    private final List<Verdict> verdicts;

    Summary(List<Verdict> verdicts) {
        this.verdicts = verdicts;
    }

    String table() {
        Set<String> titles = new LinkedHashSet<>();
        Set<Section> sections = new LinkedHashSet<>();
        verdicts.forEach(v -> {
            titles.add(v.column().title());
            sections.add(v.section());
        });
        List<String> header = new ArrayList<>(List.of("targets met"));
        header.addAll(titles);
        Table table = new Table(header);
        for (Section section : sections) {
            List<String> cells = new ArrayList<>(List.of(section.toString()));
            titles.forEach(title -> cells.add(count(verdicts.stream()
                    .filter(v -> v.section() == section && v.column().title().equals(title))
                    .toList())));
            table.row(cells);
        }
        List<String> cells = new ArrayList<>(List.of("all"));
        titles.forEach(title -> cells.add(count(
                verdicts.stream().filter(v -> v.column().title().equals(title)).toList())));
        table.row(cells);
        return table.toString();
    }

    private static String count(List<Verdict> some) {
        return some.isEmpty() ? "" : some.stream().filter(Verdict::met).count() + " of " + some.size();
    }
}
