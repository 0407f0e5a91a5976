package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.clgrad.array.DType;
import org.clgrad.backend.NdArray;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private final CpuBackend backend = CpuTesting.PLAIN;

    private static double converted(double v, DType to) {
        return switch (to) {
            case FLOAT32 -> (float) v;
            case FLOAT64 -> v;
            case INT64 -> (long) v;
            case BOOL -> v != 0 ? 1 : 0;
        };
    }

    /** All pairs of dtypes, dense and transposed, against one number at a time. */
    @Test
    void conversions() {
        double[] v = {0, -0.0, 1.9, -1.9, 0.3, Double.NaN, 1e10, -7, 255, 256, Double.POSITIVE_INFINITY, 2};
        for (DType from : DType.values()) {
            NdArray src = CpuTesting.array(backend, from, v, 3, 4);
            for (DType to : DType.values()) {
                NdArray dense = NdArray.allocate(backend, to, 3, 4);
                NdArray turned = NdArray.allocate(backend, to, 4, 3);
                backend.copy(src, dense);
                backend.copy(src.with(src.layout().transpose(0, 1)), turned);
                NdArray back = turned.with(turned.layout().transpose(0, 1));
                for (int i = 0; i < v.length; i++) {
                    double expected = converted(converted(v[i], from), to);
                    assertEquals(expected, CpuTesting.values(dense)[i], from + " to " + to + " of " + v[i]);
                    assertEquals(expected, CpuTesting.values(back)[i], from + " to " + to + " of " + v[i]);
                }
            }
        }
    }

    @Test
    void stridedCopyAndFillOfEveryDtype() {
        for (DType dtype : DType.values()) {
            NdArray big = NdArray.allocate(backend, dtype, 600, 500);
            backend.fill(big, 0);
            NdArray every = big.with(big.layout().slice(0, 1, 600, 3).slice(1, 0, 500, 2));
            backend.fill(every, 1);
            double sum = 0;
            for (double v : CpuTesting.values(big)) {
                sum += v;
            }
            assertEquals(200 * 250, sum);
            NdArray turned = NdArray.allocate(backend, dtype, 500, 600);
            backend.copy(big.with(big.layout().transpose(0, 1)), turned);
            assertArrayEquals(
                    CpuTesting.values(big),
                    CpuTesting.values(turned.with(turned.layout().transpose(0, 1))));
        }
    }

    @Test
    void wordsOfEachTypeRoundTrip() {
        NdArray longs = NdArray.allocate(backend, DType.INT64, 3);
        backend.write(new long[] {Long.MAX_VALUE, -1, 0}, longs.buffer());
        long[] out = new long[2];
        backend.read(longs.with(longs.layout().slice(0, 0, 2, 1)), out);
        assertArrayEquals(new long[] {Long.MAX_VALUE, -1}, out);
        NdArray flags = NdArray.allocate(backend, DType.BOOL, 2);
        backend.write(new byte[] {1, 0}, flags.buffer());
        byte[] bytes = new byte[2];
        backend.read(flags, bytes);
        assertArrayEquals(new byte[] {1, 0}, bytes);
    }
}
