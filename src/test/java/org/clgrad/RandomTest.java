package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The generator. Known answers: Random123's kat_vectors for philox4x32 with 10 rounds. */
class RandomTest {

    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1",
    })
    void philoxsKnownAnswers(String counter, String key, String expected) {
        int[] c = words(counter);
        int[] k = words(key);
        int[] out = new int[4];
        Random.philox(pair(c[0], c[1]), pair(c[2], c[3]), pair(k[0], k[1]), out);
        assertArrayEquals(words(expected), out);
    }

    private static int[] words(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(HexFormat::fromHexDigits).toArray();
    }

    private static long pair(int low, int high) {
        return (low & 0xFFFFFFFFL) | (long) high << 32;
    }

    @Test
    void aSeedRepeatsItsSequence() {
        Random.manualSeed(42);
        float[] first = Tensor.randn(5, 3).toFloatArray();
        float[] next = Tensor.randn(5, 3).toFloatArray();
        assertFalse(Arrays.equals(first, next));
        Random.manualSeed(42);
        assertArrayEquals(first, Tensor.randn(5, 3).toFloatArray());
        assertArrayEquals(next, Tensor.randn(5, 3).toFloatArray());
        Random.manualSeed(43);
        assertFalse(Arrays.equals(first, Tensor.randn(5, 3).toFloatArray()));
    }

    @Test
    void everyDeviceDrawsTheSameNumbers() {
        Random.manualSeed(7);
        float[] expected = Tensor.rand(Device.cpu(), DType.FLOAT32, 101).toFloatArray();
        for (Device device : TestDevices.devices()) {
            Random.manualSeed(7);
            assertArrayEquals(expected, Tensor.rand(device, DType.FLOAT32, 101).toFloatArray());
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void uniformMoments(Column column) {
        Random.manualSeed(1);
        double[] u = Tensor.rand(column.device(), column.dtype(), 100, 500).toDoubleArray();
        assertTrue(Arrays.stream(u).allMatch(x -> x >= 0 && x < 1), "in [0, 1)");
        // five standard deviations of the estimates of 1/2, 1/12 and 1/80
        assertEquals(0.5, moment(u, 0, 1), 5 * Math.sqrt(1.0 / 12 / u.length));
        assertEquals(1.0 / 12, moment(u, 0.5, 2), 5 * Math.sqrt(1.0 / 180 / u.length));
        assertEquals(0, correlation(u, 1), 5 / Math.sqrt(u.length));
        assertEquals(0, correlation(u, 2), 5 / Math.sqrt(u.length));
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void normalMoments(Column column) {
        Random.manualSeed(2);
        double[] z = Tensor.randn(column.device(), column.dtype(), 50_000).toDoubleArray();
        assertEquals(0, moment(z, 0, 1), 5 * Math.sqrt(1.0 / z.length));
        assertEquals(1, moment(z, 0, 2), 5 * Math.sqrt(2.0 / z.length));
        assertEquals(0, moment(z, 0, 3), 5 * Math.sqrt(15.0 / z.length));
        assertEquals(3, moment(z, 0, 4), 5 * Math.sqrt(96.0 / z.length));
        assertEquals(0, correlation(z, 1), 5 / Math.sqrt(z.length));
        double beyond2 = Arrays.stream(z).filter(x -> Math.abs(x) > 2).count() / (double) z.length;
        assertEquals(0.0455, beyond2, 5 * Math.sqrt(0.0455 / z.length));
    }

    @Test
    void floatsNeverRoundToOne() {
        double[] u = new double[200_000];
        Random.manualSeed(3);
        Random.uniform(u, DType.FLOAT32);
        for (double x : u) {
            assertEquals(x, (float) x, "exact in FLOAT32");
            assertEquals(x * 0x1p24, Math.rint(x * 0x1p24));
        }
    }

    @Test
    void oddLengthsAndNone() {
        assertEquals(0, Tensor.randn(0, 3).numel());
        assertEquals(7, Tensor.randn(7).numel());
        assertTrue(Double.isFinite(Tensor.randn().item()));
        assertArrayEquals(new int[] {2, 1}, Tensor.randLike(Tensor.ones(2, 1)).shape());
    }

    private static double moment(double[] x, double around, int power) {
        return Arrays.stream(x).map(v -> Math.pow(v - around, power)).average().orElseThrow();
    }

    private static double correlation(double[] x, int lag) {
        double mean = moment(x, 0, 1);
        double sum = 0;
        for (int i = lag; i < x.length; i++) {
            sum += (x[i] - mean) * (x[i - lag] - mean);
        }
        return sum / x.length / moment(x, mean, 2);
    }
}
