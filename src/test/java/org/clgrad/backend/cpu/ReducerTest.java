package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReducerTest {
    private static void check(NdArray in, int[] axes) {
        int[] kept = Shapes.reduced(in.shape(), axes, true);
        double[] values = CpuTesting.values(in);
        int outputs = (int) Shapes.numel(kept);
        for (Reduction kind : Reduction.values()) {
            double[] expected = new double[outputs];
            java.util.Arrays.fill(
                    expected,
                    kind == Reduction.SUM
                            ? 0
                            : kind == Reduction.MAX ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
            double[] size = new double[outputs];
            for (int i = 0; i < values.length; i++) {
                int at = 0;
                int rest = i;
                int step = 1;
                for (int d = in.dim() - 1; d >= 0; d--) {
                    int index = rest % in.shape()[d];
                    rest /= in.shape()[d];
                    at += kept[d] == 1 ? 0 : index * step;
                    step *= kept[d];
                }
                double v = values[i];
                size[at] += Math.abs(v);
                expected[at] = kind == Reduction.SUM
                        ? expected[at] + v
                        : kind == Reduction.MAX ? Math.max(expected[at], v) : Math.min(expected[at], v);
            }
            NdArray out = in.allocateLike(kept);
            in.backend().reduce(kind, in, axes, out);
            double[] got = CpuTesting.values(out);
            double eps = in.dtype() == DType.FLOAT32 ? 6e-8 : 1.2e-16;
            for (int i = 0; i < outputs; i++) {
                double tolerance = kind == Reduction.SUM ? 20 * eps * size[i] : 0;
                assertEquals(expected[i], got[i], tolerance, kind + " " + in.layout());
            }
            in.backend().reduce(kind, in, axes, out);
            assertArrayEquals(got, CpuTesting.values(out));
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void everySubsetOfAxes(CpuBackend backend) {
        for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            NdArray a = CpuTesting.random(backend, dtype, 1, 5, 7, 3, 37);
            for (int[] order : new int[][] {{0, 1, 2, 3}, {3, 1, 0, 2}, {2, 3, 1, 0}}) {
                NdArray view = a.with(a.layout().permute(order).slice(1, 1, 5, 2));
                for (int mask = 0; mask < 16; mask++) {
                    int m = mask;
                    check(
                            view,
                            IntStream.range(0, 4).filter(i -> (m >> i & 1) != 0).toArray());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void largeAndSkinny(CpuBackend backend) {
        for (int[] shape : new int[][] {
            {300_001, 1},
            {1, 140_000},
            {50_000, 3},
            {3, 50_000},
            {700, 700},
            {90, 1100},
            {1100, 40},
            {20_000, 10},
            {300, 5001},
            {300, 512},
            {22, 140_001},
            {3, 300_001}
        }) {
            NdArray a = CpuTesting.random(backend, DType.FLOAT32, 2, shape);
            check(a, new int[] {0});
            check(a, new int[] {1});
            check(a, new int[] {0, 1});
            check(a.with(a.layout().transpose(0, 1)), new int[] {1});
        }
        NdArray one = CpuTesting.random(backend, DType.FLOAT32, 3);
        check(one, new int[0]);
        check(one.expand(40, 50), new int[] {1});
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void sumOfMillionsIsAccurate(CpuBackend backend) {
        int n = 1 << 22;
        NdArray a = NdArray.allocate(backend, DType.FLOAT32, n);
        backend.fill(a, 0.1);
        NdArray out = NdArray.allocate(backend, DType.FLOAT32, 1);
        backend.reduce(Reduction.SUM, a, new int[] {0}, out);
        assertEquals((double) 0.1f * n, CpuTesting.values(out)[0], 0.1);
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void extremesOfNumbersOfOneSign(CpuBackend backend) {
        for (int n : new int[] {32, 160, 4096}) {
            double[] v = new double[3 * n];
            for (int i = 0; i < n; i++) {
                v[i] = -1 - i * 7 % n;
                v[n + i] = -v[i];
                v[2 * n + i] = i == n / 2 ? Double.NEGATIVE_INFINITY : -Float.MAX_VALUE;
            }
            NdArray a = CpuTesting.array(backend, DType.FLOAT32, v, 3, n);
            NdArray out = NdArray.allocate(backend, DType.FLOAT32, 3, 1);
            backend.reduce(Reduction.MAX, a, new int[] {1}, out);
            assertArrayEquals(new double[] {-1, n, -Float.MAX_VALUE}, CpuTesting.values(out));
            backend.reduce(Reduction.MIN, a, new int[] {1}, out);
            assertArrayEquals(new double[] {-n, 1, Double.NEGATIVE_INFINITY}, CpuTesting.values(out));
            v[n / 2 + 1] = -0.0; // above all that are negative, below zero
            v[n + 3] = 0.0;
            v[n + n / 2] = -0.0;
            NdArray zeros = CpuTesting.array(backend, DType.FLOAT32, v, 3, n);
            backend.reduce(Reduction.MAX, zeros, new int[] {1}, out);
            assertEquals(-0.0, CpuTesting.values(out)[0]);
            backend.reduce(Reduction.MIN, zeros, new int[] {1}, out);
            assertEquals(-0.0, CpuTesting.values(out)[1]);
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void nanPropagatesAndNothingSumsToZero(CpuBackend backend) {
        for (int at : new int[] {0, 5, 999, 2047}) {
            double[] v = new double[2048];
            v[at] = Double.NaN;
            NdArray a = CpuTesting.array(backend, DType.FLOAT32, v, 2048);
            NdArray out = NdArray.allocate(backend, DType.FLOAT32, 1);
            for (Reduction kind : Reduction.values()) {
                backend.reduce(kind, a, new int[] {0}, out);
                assertTrue(Double.isNaN(CpuTesting.values(out)[0]));
                backend.reduce(kind, a.with(a.layout().slice(0, at % 2, 2048, 2)), new int[] {0}, out);
                assertTrue(Double.isNaN(CpuTesting.values(out)[0]));
            }
        }
        double[] v = new double[50 * 64];
        v[20 * 64 + 3] = Double.NaN;
        v[7 * 64 + 4] = Double.POSITIVE_INFINITY;
        v[9 * 64 + 5] = Double.NEGATIVE_INFINITY;
        NdArray columns = CpuTesting.array(backend, DType.FLOAT32, v, 50, 64);
        NdArray each = NdArray.allocate(backend, DType.FLOAT32, 1, 64);
        double[] expected = new double[64];
        expected[3] = Double.NaN;
        for (Reduction kind : Reduction.values()) {
            expected[4] = kind == Reduction.MIN ? 0 : Double.POSITIVE_INFINITY;
            expected[5] = kind == Reduction.MAX ? 0 : Double.NEGATIVE_INFINITY;
            backend.reduce(kind, columns, new int[] {0}, each);
            assertArrayEquals(expected, CpuTesting.values(each));
        }
        NdArray empty = NdArray.allocate(backend, DType.FLOAT32, 3, 0);
        NdArray out = NdArray.allocate(backend, DType.FLOAT32, 3, 1);
        backend.fill(out, 5);
        backend.reduce(Reduction.SUM, empty, new int[] {1}, out);
        assertArrayEquals(new double[3], CpuTesting.values(out));
    }
}
