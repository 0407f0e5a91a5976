package org.clgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private final Dataset data = BreastCancer.load();

    @Test
    void breastCancerHasTheRowsOfItsSource() {
        assertEquals(569, data.rows());
        assertEquals(30, data.columns());
        assertEquals(17.99f, data.features()[0]);
        assertEquals(20.57f, data.features()[30]);
        int benign = 0;
        for (float label : data.labels()) {
            benign += (int) label;
        }
        assertEquals(357, benign);
    }

    @Test
    void splitKeepsEveryRowOnce() {
        Dataset.Split split = data.split(0.8, 0);
        assertEquals(455, split.train().rows());
        assertEquals(114, split.test().rows());
        float[] before = data.features().clone();
        float[] after = Arrays.copyOf(split.train().features(), before.length);
        System.arraycopy(
                split.test().features(),
                0,
                after,
                split.train().features().length,
                split.test().features().length);
        Arrays.sort(before);
        Arrays.sort(after);
        assertArrayEquals(before, after);
    }

    @Test
    void splitDependsOnTheSeedAlone() {
        float[] first = data.split(0.8, 7).train().features();
        assertArrayEquals(first, BreastCancer.load().split(0.8, 7).train().features());
        assertFalse(Arrays.equals(first, data.split(0.8, 8).train().features()));
    }

    @Test
    void standardizedTrainingSetHasMean0AndDeviation1() {
        Dataset train = data.split(0.8, 0).standardized().train();
        for (int c = 0; c < train.columns(); c++) {
            double sum = 0;
            double squares = 0;
            for (int r = 0; r < train.rows(); r++) {
                double x = train.features()[r * train.columns() + c];
                sum += x;
                squares += x * x;
            }
            assertEquals(0, sum / train.rows(), 1e-6);
            assertEquals(1, squares / train.rows(), 1e-5);
        }
    }

    @Test
    void testSetIsScaledByTheTrainingSet() {
        Dataset train = new Dataset(2, 2, new float[] {0, 5, 2, 5}, new float[] {0, 1});
        Dataset test = new Dataset(1, 2, new float[] {3, 6}, new float[] {1});
        Dataset.Split scaled = new Dataset.Split(train, test).standardized();
        assertArrayEquals(new float[] {-1, 0, 1, 0}, scaled.train().features());
        assertArrayEquals(new float[] {2, 1}, scaled.test().features()); // a constant feature is shifted only
    }

    @Test
    void sizesMustFit() {
        assertThrows(IllegalArgumentException.class, () -> new Dataset(2, 2, new float[3], new float[2]));
    }
}
