package org.clgrad.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Markdown table of numbers with footnotes. Empty columns are left out. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final Map<String, Integer> notes = new LinkedHashMap<>();

    Table(List<String> header) {
        rows.add(header);
    }

    void row(List<String> cells) {
        rows.add(cells);
    }

    /** A mark for a cell; the same text has the same mark. */
    String note(String text) {
        notes.putIfAbsent(text, notes.size() + 1);
        return "[" + notes.get(text) + "]";
    }

    @Override
    public String toString() {
        if (rows.size() == 1) {
            return "Not measured in this run.\n";
        }
        StringBuilder out = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            line(out, rows.get(r), r == 0);
        }
        if (!notes.isEmpty()) {
            out.append('\n');
            notes.forEach((text, number) ->
                    out.append('[').append(number).append("] ").append(text).append("  \n"));
        }
        return out.toString();
    }

    private void line(StringBuilder out, List<String> cells, boolean isHeader) {
        StringBuilder rule = new StringBuilder("|");
        out.append('|');
        for (int i = 0; i < cells.size(); i++) {
            if (isUsed(i)) {
                out.append(' ').append(cells.get(i)).append(" |");
                rule.append(i == 0 || isText(i) ? " --- |" : " ---: |");
            }
        }
        out.append('\n');
        if (isHeader) {
            out.append(rule).append('\n');
        }
    }

    private boolean isText(int column) {
        return rows.stream()
                .skip(1)
                .map(row -> row.get(column))
                .allMatch(cell -> !cell.isEmpty() && Character.isLetter(cell.charAt(0)));
    }

    private boolean isUsed(int column) {
        return rows.stream().skip(1).anyMatch(row -> !row.get(column).isEmpty());
    }
}
