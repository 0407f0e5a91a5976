package org.clgrad.bench;

import java.util.List;

/** Tells on standard error what is measured now, and how long the rest will take. */
final class Progress {
    private final long start = System.nanoTime();
    private final int cases;
    private int index;

    Progress(List<Section> sections, boolean quick) {
        cases = sections.stream().mapToInt(s -> s.cases(quick).size()).sum();
    }

    void next(Section section, Case c) {
        double seconds = (System.nanoTime() - start) / 1e9;
        String left = index < 3 ? "" : String.format(", %.0f s left", seconds / index * (cases - index));
        index++;
        System.err.printf("[%d of %d%s] %s: %s %s%n", index, cases, left, section, c.workload(), c.sizeText());
    }

    void done() {
        System.err.printf("%d cases in %.0f s%n", cases, (System.nanoTime() - start) / 1e9);
    }
}
