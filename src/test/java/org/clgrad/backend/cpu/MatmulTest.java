package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MatmulTest {
    /** [batch, r, c] in one of four layouts: row-major, transposed, with gaps, one matrix for the whole batch. */
    private static NdArray operand(CpuBackend backend, DType dtype, int kind, int batch, int r, int c) {
        switch (kind) {
            case 0:
                return CpuTesting.random(backend, dtype, 1, batch, r, c);
            case 1:
                NdArray t = CpuTesting.random(backend, dtype, 2, batch, c, r);
                return t.with(t.layout().transpose(1, 2));
            case 2:
                NdArray w = CpuTesting.random(backend, dtype, 3, batch, 2 * r, 3 * c + 1);
                Layout rows = w.layout().slice(1, 1, 2 * r, 2);
                return w.with(rows.slice(2, 1, 3 * c + 1, 3));
            default:
                return CpuTesting.random(backend, dtype, 4, 1, r, c).expand(batch, r, c);
        }
    }

    private static void check(CpuBackend backend, DType dtype, int kindA, int kindB, int batch, int m, int n, int k) {
        NdArray a = operand(backend, dtype, kindA, batch, m, k);
        NdArray b = operand(backend, dtype, kindB, batch, k, n);
        NdArray whole = NdArray.allocate(backend, dtype, batch * m * n + 2);
        backend.fill(whole, 77);
        NdArray out = whole.with(new Layout(new int[] {batch, m, n}, new long[] {(long) m * n, n, 1}, 1));
        backend.matmul(a, b, out);
        double[] x = CpuTesting.values(a);
        double[] y = CpuTesting.values(b);
        double[] z = CpuTesting.values(whole);
        assertEquals(77, z[0]);
        assertEquals(77, z[z.length - 1]);
        double eps = dtype == DType.FLOAT32 ? 6e-8 : 1.2e-16;
        for (int p = 0; p < batch; p++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    double size = 0;
                    for (int q = 0; q < k; q++) {
                        double term = x[(p * m + i) * k + q] * y[(p * k + q) * n + j];
                        sum += term;
                        size += Math.abs(term);
                    }
                    double got = z[1 + (p * m + i) * n + j];
                    if (Math.abs(sum - got) > eps * (8 + k / 4.0) * size) {
                        assertEquals(
                                sum, got, 0, kindA + "x" + kindB + " " + m + " " + n + " " + k + " at " + i + "," + j);
                    }
                }
            }
        }
        backend.matmul(a, b, out);
        assertArrayEquals(z, CpuTesting.values(whole));
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void shapesAndStrides(CpuBackend backend) {
        int[][] shapes = {
            {1, 3, 5},
            {1, 1, 1},
            {5, 3, 0},
            {3, 0, 4},
            {1, 40, 70},
            {40, 1, 70},
            {2, 33, 64},
            {3, 32, 7},
            {8, 32, 16},
            {9, 33, 17},
            {7, 65, 300},
            {30, 16, 5},
            {64, 64, 64},
            {13, 100, 257},
            {70, 129, 520},
            {205, 35, 41}, // more rows than are packed together, an odd k
            {24, 40, 1},
            {17, 5, 90},
            {5, 17, 33}
        };
        for (int[] s : shapes) {
            for (int a = 0; a < 4; a++) {
                for (int b = 0; b < 4; b++) {
                    check(backend, DType.FLOAT32, a, b, 1 + (a + b) % 3, s[0], s[1], s[2]);
                    if ((a + b) % 2 == 0) {
                        check(backend, DType.FLOAT64, a, b, 2, s[0], s[1], s[2]);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void onManyThreads(CpuBackend backend) {
        check(backend, DType.FLOAT32, 0, 0, 1, 200, 200, 200);
        check(backend, DType.FLOAT32, 1, 1, 1, 129, 300, 260);
        check(backend, DType.FLOAT32, 1, 0, 8, 1050, 70, 520); // more rows and steps than are packed at a time
        check(backend, DType.FLOAT32, 1, 0, 8, 1050, 20, 520); // so few columns that the result is turned
        check(backend, DType.FLOAT32, 1, 1, 1, 700, 64, 530);
        check(backend, DType.FLOAT32, 1, 1, 8, 20, 401, 520); // more columns and steps
        check(backend, DType.FLOAT32, 0, 2, 40, 20, 30, 40);
        check(backend, DType.FLOAT32, 0, 0, 1, 2000, 10, 50);
        check(backend, DType.FLOAT32, 0, 0, 1, 1, 2000, 300);
        check(backend, DType.FLOAT64, 1, 0, 1, 129, 300, 60);
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void zerosAreNotSkipped(CpuBackend backend) {
        for (int n : new int[] {2, 40}) {
            NdArray a = NdArray.allocate(backend, DType.FLOAT32, 1, n, n);
            NdArray b = NdArray.allocate(backend, DType.FLOAT32, 1, n, n);
            NdArray out = NdArray.allocate(backend, DType.FLOAT32, 1, n, n);
            backend.fill(a, 0);
            backend.fill(b, Double.POSITIVE_INFINITY);
            backend.matmul(a, b, out);
            for (double v : CpuTesting.values(out)) {
                assertTrue(Double.isNaN(v));
            }
        }
    }
}
