package org.clgrad.bench.report;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.clgrad.bench.Unit;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines on two logarithmic axes. They are drawn as linear axes of logarithms, since XChart numbers only whole decades of
 * a logarithmic axis: sizes and rates double from number to number, times grow by ten.
 */
final class LogPlot {
    private static final int HEIGHT = 450;
    private static final Color[] COLORS = {
        new Color(0x2563eb), new Color(0xea580c), new Color(0x16a34a), new Color(0x64748b), new Color(0x9333ea)
    };

    private final String title;
    private final String growing;
    private final Unit height;
    private final double base;
    private final Map<String, TreeMap<Double, Double>> lines = new LinkedHashMap<>();
    private final Set<String> levels = new HashSet<>();

    LogPlot(String title, String growing, Unit height) {
        this.title = title;
        this.growing = growing;
        this.height = height;
        base = height == Unit.MICROSECONDS ? 10 : 2;
    }

    void point(String line, double x, double y) {
        lines.computeIfAbsent(line, name -> new TreeMap<>()).put(logarithm(x, 2), logarithm(y, base));
    }

    /** A horizontal line over all points so far. */
    void level(String line, double y) {
        double[] range = lines.values().stream()
                .flatMapToDouble(l -> l.keySet().stream().mapToDouble(Double::doubleValue))
                .sorted()
                .toArray();
        if (range.length > 0) {
            TreeMap<Double, Double> points = new TreeMap<>();
            points.put(range[0], logarithm(y, base));
            points.put(range[range.length - 1], logarithm(y, base));
            lines.put(line, points);
            levels.add(line);
        }
    }

    /** Writes nothing where there are no points. */
    void save(Path file) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        XYChart chart = new XYChartBuilder()
                .width(800)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(growing)
                .yAxisTitle(height == Unit.MICROSECONDS ? "time" : height.toString())
                .build();
        style(chart.getStyler());
        lines.forEach((name, points) -> {
            XYSeries series = chart.addSeries(
                    name,
                    points.keySet().stream().toList(),
                    points.values().stream().toList());
            boolean isLevel = levels.contains(name);
            series.setLineStyle(isLevel ? SeriesLines.DASH_DASH : SeriesLines.SOLID);
            series.setMarker(isLevel ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        });
        VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
    }

    private void style(XYStyler style) {
        style.setLegendPosition(LegendPosition.OutsideE);
        style.setLegendBorderColor(Color.WHITE);
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotGridLinesColor(new Color(0xe2e8f0));
        style.setPlotBorderVisible(false);
        style.setSeriesColors(COLORS);
        style.setMarkerSize(6);
        style.setAxisTickLabelsFont(style.getAxisTickLabelsFont().deriveFont(Font.PLAIN));
        style.setXAxisTickMarkSpacingHint(60);
        DoubleSummaryStatistics heights = lines.values().stream()
                .flatMapToDouble(l -> l.values().stream().mapToDouble(Double::doubleValue))
                .summaryStatistics();
        double low = Math.floor(heights.getMin());
        double high = Math.max(low + 1, Math.ceil(heights.getMax()));
        style.setYAxisMin(low);
        style.setYAxisMax(high);
        style.setYAxisTickMarkSpacingHint((int) (HEIGHT * 0.7 / (high - low))); // a number for every whole power
        style.setxAxisTickLabelsFormattingFunction(x -> label(x, 2, Unit.GFLOPS));
        style.setyAxisTickLabelsFormattingFunction(y -> label(y, base, height));
    }

    private static double logarithm(double value, double base) {
        return Math.log(value) / Math.log(base);
    }

    /** 512, 2^20, 10 us, 1 ms. */
    private static String label(double exponent, double base, Unit unit) {
        double value = Math.pow(base, exponent);
        if (unit != Unit.MICROSECONDS) {
            boolean isPower = Math.abs(exponent - Math.rint(exponent)) < 1e-6;
            return isPower && value > 5000 ? "2^" + Math.round(exponent) : Numbers.text(value);
        }
        return value >= 1e6
                ? Numbers.text(value / 1e6) + " s"
                : value >= 1e3 ? Numbers.text(value / 1e3) + " ms" : Numbers.text(value) + " us";
    }
}
