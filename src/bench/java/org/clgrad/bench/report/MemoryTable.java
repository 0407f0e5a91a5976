package org.clgrad.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.bench.Case;
import org.clgrad.bench.Results;
import org.clgrad.bench.Section;

/** Measured peaks of this library, and of PyTorch on a GPU, beside the counted ones of PyTorch. */
record MemoryTable(Results results, List<Column> columns) {
    private static final double MEBIBYTE = 1 << 20;

    String table() {
        List<Column> measured = columns.stream()
                .filter(column -> column.kind() == Column.Kind.OPENCL
                        || column.kind() == Column.Kind.JAVA
                        || column.kind() == Column.Kind.PYTORCH_GPU)
                .toList();
        List<String> header = new ArrayList<>(List.of("MiB"));
        measured.forEach(column -> header.add(column.title()));
        header.addAll(List.of("PyTorch, counted", "parameters alone"));
        Table table = new Table(header);
        for (Case c : Section.MEMORY.cases(false)) {
            if (measured.stream().noneMatch(column -> column.at(results, c).isPresent())) {
                continue;
            }
            List<String> cells = new ArrayList<>(List.of(c.workload() + " " + Numbers.sizes(c)));
            measured.forEach(column -> cells.add(
                    column.at(results, c).map(m -> Numbers.text(m.value())).orElse("")));
            PyTorchMemory counted = PyTorchMemory.of(c);
            cells.add(Numbers.text(counted.peakBytes() / MEBIBYTE));
            cells.add(Numbers.text(counted.parameterBytes() / MEBIBYTE));
            table.row(cells);
        }
        return table.toString();
    }
}
