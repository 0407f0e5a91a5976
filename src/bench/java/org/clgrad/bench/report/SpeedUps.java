package org.clgrad.bench.report;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;
import org.clgrad.bench.Section;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/** How many times as fast work is on all threads as on one. */
final class SpeedUps {
    private static final Color[] COLORS = {new Color(0x2563eb), new Color(0xea580c), new Color(0x16a34a)};

    private final Results results;
    private final Map<String, String> allOfOne = new LinkedHashMap<>(); // contestant with one thread -> with all
    private final List<Case> cases;

    SpeedUps(Results results) {
        this.results = results;
        for (Column column : Column.of(results)) {
            String one = column.contestants().get(0);
            if (column.kind() == Column.Kind.ONE_THREAD) {
                allOfOne.put(one, one.replace("-1-thread", ""));
            } else if (one.equals("libtorch-1")) {
                allOfOne.put(one, "libtorch-" + results.facts().get("processors"));
            }
        }
        cases = Section.THREADS.cases(false).stream()
                .filter(c ->
                        allOfOne.keySet().stream().anyMatch(one -> of(c, one).isPresent()))
                .toList();
    }

    private OptionalDouble of(Case c, String one) {
        Optional<Measurement> slow = results.get(c, one).filter(Measurement::isMeasured);
        Optional<Measurement> fast =
                results.get(c, allOfOne.getOrDefault(one, "")).filter(Measurement::isMeasured);
        return slow.isPresent() && fast.isPresent()
                ? OptionalDouble.of(slow.get().median() / fast.get().median())
                : OptionalDouble.empty();
    }

    private static String label(Case c) {
        return c.workload() + " " + Numbers.sizes(c);
    }

    private static String title(String one) {
        return Column.titleOf(one.replace("-1-thread", "").replace("-1", ""));
    }

    String table() {
        Table table = new Table(
                Stream.concat(Stream.of("speed-up"), allOfOne.keySet().stream().map(SpeedUps::title))
                        .toList());
        for (Case c : cases) {
            List<String> cells = new ArrayList<>(List.of(label(c)));
            allOfOne.keySet().forEach(one -> {
                OptionalDouble ratio = of(c, one);
                cells.add(ratio.isPresent() ? Numbers.ratio(ratio.getAsDouble()) : "");
            });
            table.row(cells);
        }
        return table.toString();
    }

    /** Writes nothing where nothing was measured. */
    void save(Path file) throws IOException {
        if (cases.isEmpty()) {
            return;
        }
        CategoryChart chart = new CategoryChartBuilder()
                .width(800)
                .height(450)
                .title("How many times as fast " + results.facts().get("processors") + " threads are as one")
                .xAxisTitle("")
                .yAxisTitle("times as fast")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setLegendBorderColor(Color.WHITE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotGridLinesColor(new Color(0xe2e8f0));
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setSeriesColors(COLORS);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler()
                .setAxisTickLabelsFont(chart.getStyler().getAxisTickLabelsFont().deriveFont(Font.PLAIN));
        chart.getStyler().setXAxisLabelRotation(10);
        for (String one : allOfOne.keySet()) {
            chart.addSeries(
                    title(one),
                    cases.stream().map(c -> c.workload().toString()).toList(),
                    cases.stream().map(c -> of(c, one).orElse(0)).toList());
        }
        VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
    }
}
