package org.clgrad.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository, CC BY 4.0: 569 cell samples, 30 measurements of
 * each, and whether the tumour was benign (1) or malignant (0).
 */
public final class BreastCancer {
    private static final String RESOURCE = "breast_cancer.csv";

    private BreastCancer() {}

    /** All rows, in the order of the source. */
    public static Dataset load() {
        InputStream stream = Objects.requireNonNull(
                BreastCancer.class.getResourceAsStream(RESOURCE), RESOURCE + " is missing from the class-path");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String[] header = next(lines);
            int rows = Integer.parseInt(header[0]);
            int columns = Integer.parseInt(header[1]);
            float[] features = new float[rows * columns];
            float[] labels = new float[rows];
            for (int r = 0; r < rows; r++) {
                String[] fields = next(lines);
                for (int c = 0; c < columns; c++) {
                    features[r * columns + c] = Float.parseFloat(fields[c]);
                }
                labels[r] = Float.parseFloat(fields[columns]);
            }
            return new Dataset(rows, columns, features, labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException(RESOURCE + " has fewer rows than its first line says");
        }
        return line.split(",");
    }
}
