package org.clgrad.bench.report;

import org.clgrad.bench.Case;
import org.clgrad.bench.Section;

/**
 * A target and what became of it.
 *
 * @param target what was asked for, such as {@code 1.3 x libtorch}
 * @param value this library's, in the unit of the case
 * @param reference the other's, in the same
 * @param ratio the median over the rounds, not quite that of both values; above 1 where this library is better
 */
record Verdict(
        Section section,
        Case of,
        Column column,
        String target,
        double value,
        double reference,
        double ratio,
        boolean met) {
    static final String HEADER = "section,case,size,contestant,target,clgrad,reference,ratio,verdict";

    String csv() {
        return String.join(
                ",",
                section.toString(),
                of.workload().name(),
                of.sizeText(),
                column.contestants().get(0),
                target,
                Numbers.text(value),
                Numbers.text(reference),
                Numbers.text(ratio),
                met ? "met" : "missed");
    }
}
