package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
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

    @Test
    void whatATaskThrowsReachesItsCaller() {
        Workers workers = new Workers(3);
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> workers.forEach(100, i -> {
                    if (i == 57) {
                        throw new IllegalStateException("57");
                    }
                }));
        assertEquals("57", e.getMessage());
        int[] seen = new int[1000];
        workers.forEach(1000, i -> seen[i]++);
        for (int count : seen) {
            assertEquals(1, count);
        }
    }
}
