package org.clgrad.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows of features, each with a label.
 *
 * @param rows number of rows
 * @param columns number of features of a row
 * @param features row-major, rows times columns
 * @param labels one a row, 0 or 1
 */
public record Dataset(int rows, int columns, float[] features, float[] labels) {

    /**
     * Two data sets of one origin.
     *
     * @param train what a model learns from
     * @param test what it is judged by
     */
    public record Split(Dataset train, Dataset test) {

        /** Both with every feature shifted and scaled so that it has mean 0 and standard deviation 1 in the training set. */
        public Split standardized() {
            int columns = train.columns;
            double[] mean = new double[columns];
            double[] deviation = new double[columns];
            for (int i = 0; i < train.features.length; i++) {
                mean[i % columns] += train.features[i] / (double) train.rows;
            }
            for (int i = 0; i < train.features.length; i++) {
                double distance = train.features[i] - mean[i % columns];
                deviation[i % columns] += distance * distance / train.rows;
            }
            Arrays.setAll(deviation, c -> deviation[c] > 0 ? Math.sqrt(deviation[c]) : 1); // a constant becomes 0
            return new Split(train.scaled(mean, deviation), test.scaled(mean, deviation));
        }
    }

    /** @throws IllegalArgumentException if the arrays do not have the sizes that rows and columns say */
    public Dataset {
        if (features.length != rows * columns || labels.length != rows) {
            throw new IllegalArgumentException("dataset: " + rows + " rows of " + columns + " features do not fit "
                    + features.length + " features and " + labels.length + " labels");
        }
    }

    /** The rows in an order drawn from the seed, of which the first part is for training and the rest for testing. */
    public Split split(double trainFraction, long seed) {
        List<Integer> order = IntStream.range(0, rows).boxed().collect(Collectors.toList());
        Collections.shuffle(order, new Random(seed));
        int count = (int) Math.round(rows * trainFraction);
        return new Split(select(order.subList(0, count)), select(order.subList(count, rows)));
    }

    private Dataset select(List<Integer> chosen) {
        float[] chosenFeatures = new float[chosen.size() * columns];
        float[] chosenLabels = new float[chosen.size()];
        for (int i = 0; i < chosenLabels.length; i++) {
            System.arraycopy(features, chosen.get(i) * columns, chosenFeatures, i * columns, columns);
            chosenLabels[i] = labels[chosen.get(i)];
        }
        return new Dataset(chosenLabels.length, columns, chosenFeatures, chosenLabels);
    }

    private Dataset scaled(double[] mean, double[] deviation) {
        float[] scaled = new float[features.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) ((features[i] - mean[i % columns]) / deviation[i % columns]);
        }
        return new Dataset(rows, columns, scaled, labels);
    }
}
