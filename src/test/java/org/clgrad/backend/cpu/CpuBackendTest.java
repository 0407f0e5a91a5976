package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.LayerNormRows;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CpuBackendTest {
    @Test
    void describesItself() {
        CpuBackend backend = CpuBackend.instance();
        assertEquals("JVM", backend.describe().type());
        assertTrue(
                backend.describe().name().startsWith("Java " + Runtime.version().feature()));
        assertTrue(backend.describe().fp64());
        assertEquals(backend, CpuBackend.instance());
    }

    /** Long arrays do not begin where their Java arrays do; all work reads and writes some, beside short ones. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void longArrays(CpuBackend backend) {
        int n = 1024;
        NdArray a = CpuTesting.random(backend, DType.FLOAT32, 5, 1, n, n);
        double[] x =
                new Random(5).doubles((long) n * n, -2, 2).map(v -> (float) v).toArray();
        check(x, a, (i, j) -> x[i * n + j]);
        int first = ((CpuBuffer) a.buffer()).at(0);
        assertEquals(Elements.FLOAT32.firstOnLine(), first);
        check(x, a.with(a.layout().transpose(1, 2)).copy(), (i, j) -> x[j * n + i]);

        NdArray b = a.copy();
        backend.fill(b.with(b.layout().slice(1, 0, 1, 1)), 7);
        check(x, b, (i, j) -> i == 0 ? 7 : x[i * n + j]);
        backend.pointwise(Expr.of(Fn.MUL, Expr.input(0), Expr.constant(0)), new NdArray[] {a}, new double[] {2}, b);
        check(x, b, (i, j) -> 2 * x[i * n + j]);
        backend.update(List.of(Expr.of(Fn.SUB, Expr.input(0), Expr.input(1))), new NdArray[][] {{b, a}}, new double[0]);
        check(x, b, (i, j) -> x[i * n + j]);

        NdArray rows = NdArray.allocate(backend, DType.FLOAT32, 1, n, 1);
        backend.reduce(Reduction.SUM, a, new int[] {2}, rows);
        double[] sums = new double[n];
        double[] squares = new double[n];
        for (int i = 0; i < n * n; i++) {
            sums[i / n] += x[i];
            squares[i / n] += x[i] * x[i];
        }
        assertArrayEquals(sums, CpuTesting.values(rows), 1e-3);
        backend.reduce(
                Reduction.SUM,
                Expr.of(Fn.MUL, Expr.input(0), Expr.input(1)),
                new NdArray[] {a, a},
                new double[0],
                new int[] {2},
                rows);
        assertArrayEquals(squares, CpuTesting.values(rows), 1e-2);

        NdArray ones = NdArray.allocate(backend, DType.FLOAT32, 1, n, 1);
        backend.fill(ones, 1);
        backend.matmul(a, ones, rows);
        assertArrayEquals(sums, CpuTesting.values(rows), 1e-3);
        backend.matmul(rows, ones.with(ones.layout().transpose(1, 2)), b);
        check(x, b, (i, j) -> sums[i]);

        NdArray means = NdArray.allocate(backend, DType.FLOAT32, n, 1);
        NdArray scales = NdArray.allocate(backend, DType.FLOAT32, n, 1);
        NdArray in = a.reshape(n, n, 1);
        backend.rows(
                LayerNormRows.forward(false, false),
                new NdArray[] {in},
                new double[] {n, 0},
                b.reshape(n, n, 1),
                new NdArray[] {means, scales},
                new NdArray[0]);
        check(x, b, (i, j) -> {
            double mean = sums[i] / n;
            return (x[i * n + j] - mean) / Math.sqrt(squares[i] / n - mean * mean);
        });
    }

    @Test
    void rowsAreTheSameOnAnyNumberOfThreads() {
        double[] expected = gradientsOfLayerNorm(new CpuBackend(Flavour.detect(), 1, 1 << 30));
        assertArrayEquals(expected, gradientsOfLayerNorm(CpuTesting.VECTOR));
    }

    private static double[] gradientsOfLayerNorm(CpuBackend backend) {
        int rows = 700;
        int n = 256;
        NdArray g = CpuTesting.random(backend, DType.FLOAT32, 1, rows, n, 1);
        NdArray a = CpuTesting.random(backend, DType.FLOAT32, 2, rows, n, 1);
        NdArray m = CpuTesting.random(backend, DType.FLOAT32, 3, rows, 1, 1).expand(rows, n, 1);
        NdArray w = CpuTesting.random(backend, DType.FLOAT32, 4, 1, n, 1).expand(rows, n, 1);
        NdArray out = NdArray.allocate(backend, DType.FLOAT32, rows, n, 1);
        NdArray dw = NdArray.allocate(backend, DType.FLOAT32, n);
        NdArray db = NdArray.allocate(backend, DType.FLOAT32, n);
        backend.rows(
                LayerNormRows.backward(LayerNormRows.KINDS - 1),
                new NdArray[] {g, a, m, m, w},
                new double[] {n},
                out,
                new NdArray[0],
                new NdArray[] {dw, db});
        return Stream.of(out, dw, db)
                .flatMapToDouble(array -> Arrays.stream(CpuTesting.values(array)))
                .toArray();
    }

    private interface Element {
        double at(int i, int j);
    }

    private static void check(double[] x, NdArray matrix, Element expected) {
        int n = matrix.shape()[2];
        double[] values = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            values[i] = expected.at(i / n, i % n);
        }
        assertArrayEquals(values, CpuTesting.values(matrix), 1e-3);
    }

    /** A product, a chain of functions and a sum, from eight threads at once. */
    private static double[] step(CpuBackend backend) {
        NdArray a = CpuTesting.random(backend, DType.FLOAT32, 1, 1, 150, 120);
        NdArray b = CpuTesting.random(backend, DType.FLOAT32, 2, 1, 120, 400);
        NdArray c = NdArray.allocate(backend, DType.FLOAT32, 1, 150, 400);
        NdArray d = NdArray.allocate(backend, DType.FLOAT32, 1, 150, 400);
        NdArray e = NdArray.allocate(backend, DType.FLOAT32, 1, 1, 400);
        backend.matmul(a, b, c);
        backend.pointwise(
                Expr.of(Fn.TANH, Expr.of(Fn.MUL, Expr.input(0), Expr.constant(0))),
                new NdArray[] {c},
                new double[] {0.01},
                d);
        backend.reduce(Reduction.SUM, d, new int[] {1}, e);
        return CpuTesting.values(e);
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void manyThreadsAtOnce(CpuBackend backend) throws Exception {
        double[] expected = step(backend);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                results.add(threads.submit(() -> {
                    for (int i = 0; i < 4; i++) {
                        assertArrayEquals(expected, step(backend));
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
