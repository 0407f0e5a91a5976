package org.clgrad.bench.report;

import static org.clgrad.bench.Workload.DEEP;
import static org.clgrad.bench.Workload.FMA;
import static org.clgrad.bench.Workload.MATMUL_NN;
import static org.clgrad.bench.Workload.MLP_SGD;
import static org.clgrad.bench.Workload.SQUARE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;
import org.clgrad.bench.Section;
import org.clgrad.bench.Unit;
import org.clgrad.bench.Workload;

/** How cost grows: one plot for each thing that can grow. */
final class Plots {
    private final Results results;
    private final List<Column> columns;

    private Plots(Results results) {
        this.results = results;
        columns = Column.of(results).stream()
                .filter(c -> c.kind() == Column.Kind.OPENCL
                        || c.kind() == Column.Kind.JAVA
                        || c.kind() == Column.Kind.LIBTORCH
                        || c.kind() == Column.Kind.PYTORCH_GPU)
                .toList();
    }

    static void write(Results results, Path folder) throws IOException {
        Files.createDirectories(folder);
        Plots plots = new Plots(results);
        LogPlot matmul = new LogPlot("Square float32 product", "rows and columns n", Unit.GFLOPS);
        plots.add(matmul, c -> c.workload() == MATMUL_NN && isGrowth(c), Measurement::value);
        results.all().stream()
                .filter(m -> m.of().workload() == FMA && m.isMeasured())
                .mapToDouble(Measurement::value)
                .max()
                .ifPresent(peak -> matmul.level("peak", peak));
        matmul.save(folder.resolve("matmul.svg"));
        plots.plot(folder, "pointwise", "(x + 1)^2 and its gradient", "elements", SQUARE);
        plots.plot(folder, "width", "Training step, batch 128, width - width - 10, SGD", "width", MLP_SGD);
        plots.plot(folder, "depth", "Training step, batch 32, layers of 64, SGD", "layers", DEEP);
        new SpeedUps(results).save(folder.resolve("threads.svg"));
    }

    private void plot(Path folder, String name, String title, String growing, Workload workload) throws IOException {
        LogPlot plot = new LogPlot(title, growing, Unit.MICROSECONDS);
        add(plot, c -> c.workload() == workload && isGrowth(c), m -> m.median() / 1e3);
        plot.save(folder.resolve(name + ".svg"));
    }

    private static boolean isGrowth(Case c) {
        return Section.GROWTH.cases(false).contains(c)
                || Section.GROWTH.cases(true).contains(c);
    }

    private void add(LogPlot plot, Predicate<Case> which, ToDoubleFunction<Measurement> height) {
        List<Case> cases = results.all().stream()
                .map(Measurement::of)
                .distinct()
                .filter(which)
                .toList();
        for (Column column : columns) {
            for (Case c : cases) {
                column.at(results, c)
                        .filter(Measurement::isMeasured)
                        .ifPresent(m -> plot.point(column.title(), growing(c), height.applyAsDouble(m)));
            }
        }
    }

    /** The size that grows: layers of a deep network, width of a flat one, else the first. */
    private static double growing(Case c) {
        return switch (c.workload()) {
            case DEEP -> c.size(2);
            case MLP_SGD -> c.size(1);
            default -> c.size(0);
        };
    }
}
