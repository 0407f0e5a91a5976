package org.clgrad.bench.report;

import java.util.List;
import java.util.Optional;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;
import org.clgrad.bench.Section;
import org.clgrad.bench.Workload;

/** Seconds to the first gradient. */
record Starting(Results results, List<Column> columns) {
    private static final int MOST_COLD_SECONDS = 3;
    private static final int MOST_WARM_SECONDS = 1;

    String table(List<Verdict> verdicts) {
        Table table = new Table(List.of("seconds", "first start", "second start"));
        for (Column column : columns) {
            Optional<Measurement> cold = column.at(results, Case.of(Workload.COLD_START));
            Optional<Measurement> warm = column.at(results, Case.of(Workload.WARM_START));
            if (cold.isPresent() && warm.isPresent()) {
                table.row(List.of(
                        column.title(),
                        cell(column, cold.get(), MOST_COLD_SECONDS, verdicts),
                        cell(column, warm.get(), MOST_WARM_SECONDS, verdicts)));
            }
        }
        return table.toString();
    }

    private static String cell(Column column, Measurement measurement, int most, List<Verdict> verdicts) {
        double seconds = measurement.value();
        String text = Numbers.text(seconds);
        if (column.kind() != Column.Kind.OPENCL || !measurement.isMeasured()) {
            return text;
        }
        boolean met = seconds <= most;
        verdicts.add(new Verdict(
                Section.START, measurement.of(), column, "at most " + most + " s", seconds, most, most / seconds, met));
        return text + (met ? " ✓" : " **✗**");
    }
}
