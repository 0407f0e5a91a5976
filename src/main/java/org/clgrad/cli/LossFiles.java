package org.clgrad.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The losses of a training run as a table and as a chart. */
final class LossFiles {
    private static final Color[] COLORS = {new Color(0x3b82f6), new Color(0xf97316)};

    private LossFiles() {}

    static void write(Session session, List<Training.Result> results) {
        session.write("loss.csv", csv(results));
        if (!hasFonts()) {
            session.line("no picture of the losses: there are no fonts");
            return;
        }
        Path file = session.out().resolve("loss.svg");
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart(results), file.toString(), VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        session.line("wrote %s", file);
    }

    /** Servers often have none, and AWT then fails in ways of its own. */
    private static boolean hasFonts() {
        try {
            return GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length > 0;
        } catch (RuntimeException | InternalError | LinkageError e) {
            return false;
        }
    }

    private static String csv(List<Training.Result> results) {
        StringBuilder csv = new StringBuilder("epoch");
        results.forEach(r -> csv.append(',').append(r.model()));
        for (int i = 0; i < results.get(0).losses().length; i++) {
            csv.append('\n').append(i + 1);
            for (Training.Result result : results) {
                csv.append(',').append((float) result.losses()[i]);
            }
        }
        return csv.append('\n').toString();
    }

    private static XYChart chart(List<Training.Result> results) {
        XYChart chart = new XYChartBuilder()
                .width(800)
                .height(450)
                .title("Breast Cancer Wisconsin: loss of the training set")
                .xAxisTitle("epoch")
                .yAxisTitle("loss")
                .build();
        XYStyler style = chart.getStyler();
        style.setLegendPosition(LegendPosition.InsideNE);
        style.setLegendBorderColor(Color.WHITE);
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotGridLinesColor(new Color(0xe2e8f0));
        style.setPlotBorderVisible(false);
        style.setXAxisMin(0.0);
        style.setXAxisTickMarkSpacingHint(80);
        style.setYAxisLogarithmic(true); // whole decades, since only their ends get a number
        style.setYAxisMin(decade(results, Math::floor, DoubleSummaryStatistics::getMin));
        style.setYAxisMax(decade(results, Math::ceil, DoubleSummaryStatistics::getMax));
        style.setAxisTickLabelsFont(style.getAxisTickLabelsFont().deriveFont(Font.PLAIN));
        style.setSeriesColors(COLORS);
        for (Training.Result result : results) {
            double[] losses = result.losses();
            // a second point close to the first: XChart labels evenly spaced points by counting them, others by round
            // numbers
            double[] epochs = IntStream.rangeClosed(0, losses.length)
                    .mapToDouble(i -> Math.max(i, 0.99))
                    .toArray();
            double[] heights = IntStream.rangeClosed(0, losses.length)
                    .mapToDouble(i -> losses[Math.max(i, 1) - 1])
                    .toArray();
            chart.addSeries(result.model(), epochs, heights)
                    .setMarker(SeriesMarkers.NONE)
                    .setLineStyle(new BasicStroke(2));
        }
        return chart;
    }

    private static double decade(
            List<Training.Result> results, DoubleUnaryOperator round, ToDoubleFunction<DoubleSummaryStatistics> of) {
        double loss = of.applyAsDouble(
                results.stream().flatMapToDouble(r -> Arrays.stream(r.losses())).summaryStatistics());
        return Math.pow(10, round.applyAsDouble(Math.log10(loss)));
    }
}
