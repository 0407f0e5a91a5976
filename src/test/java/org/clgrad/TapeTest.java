package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.clgrad.autograd.GradMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The backward pass as a schedule: depth, fan-in, order, threads, buffers that gradients share. */
class TapeTest {
    private static final String COLUMNS = "org.clgrad.TestDevices#columns";

    @Test
    void aChainOfAMillionNodes() {
        Device.cpu().emptyCache(); // the heap holds the graph and what other tests left in the Java backend's cache
        Tensor x = Tensor.scalar(Device.cpu(), DType.FLOAT32, 0.5).requiresGrad(true);
        Tensor y = x;
        for (int i = 0; i < 1_000_000; i++) {
            Tensor next = y.add(1);
            if (y != x) {
                y.close();
            }
            y = next;
        }
        y.backward();
        assertEquals(1, x.grad().item());
        y.close();
    }

    @Test
    void aChainThatSavesValues() {
        Tensor x = Tensor.scalar(Device.cpu(), DType.FLOAT64, 1).requiresGrad(true);
        try (Scope scope = Scope.open()) {
            Tensor y = x;
            for (int i = 0; i < 50_000; i++) {
                y = y.mul(x);
            }
            y.backward();
        }
        assertEquals(50_001, x.grad().item());
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void aDiamondOf2To60Paths(Column column) {
        Tensor leaf = column.leaf(new double[] {1}, 1);
        Tensor x = leaf;
        for (int i = 0; i < 60; i++) {
            x = x.add(x);
        }
        x.backward();
        assertEquals(0x1p60, leaf.grad().item());
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void theSameProgramGivesTheSameBits(Column column) {
        float[] first = manyPaths(column);
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(first, manyPaths(column));
        }
    }

    /** Gradients of one leaf that come from many nodes, whose sum depends on the order in the last bits. */
    private static float[] manyPaths(Column column) {
        try (Scope scope = Scope.open()) {
            Tensor x = column.leaf(new double[] {0.1, 0.7, -1.3}, 3);
            List<Tensor> terms = new ArrayList<>();
            for (int i = 1; i < 120; i++) {
                Tensor t = x.mul(1.0 / i).sin();
                terms.add(i % 3 == 0 ? t.mul(terms.get(i / 2)) : t.exp());
            }
            Tensor sum = terms.get(0);
            for (Tensor t : terms) {
                sum = sum.add(t.mul(sum));
            }
            sum.sum().backward();
            return x.grad().toFloatArray();
        }
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void graphsOfSeveralThreadsShareLeaves(Column column) throws Exception {
        int threads = 8;
        int passes = 25;
        Tensor w = column.leaf(new double[] {1, 2, 3, 4}, 2, 2);
        Tensor b = column.leaf(new double[] {1, 2}, 2);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int k = 0; k < threads; k++) {
                running.add(executor.submit(() -> {
                    for (int i = 0; i < passes; i++) {
                        try (Scope scope = Scope.open()) {
                            column.vector(1, 2).matmul(w).add(b).sum().backward();
                        }
                    }
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } finally {
            executor.shutdown();
        }
        double n = threads * passes;
        assertArrayEquals(new double[] {n, n, 2 * n, 2 * n}, w.grad().toDoubleArray());
        assertArrayEquals(new double[] {n, n}, b.grad().toDoubleArray());
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void gradientsOfTwoLeavesAreNotOneArray(Column column) {
        Tensor a = column.leaf(new double[] {1, 2}, 2);
        Tensor b = column.leaf(new double[] {3, 4}, 2);
        Tensor seed = column.vector(1, 1);
        for (Tensor out : List.of(
                a.add(b),
                a.mul(1).add(b),
                a.clone().add(b.clone()),
                a.reshape(2, 1).add(b.reshape(2, 1)))) {
            a.grad((Tensor) null);
            b.grad((Tensor) null);
            out.backward(out.dim() == 1 ? seed : seed.reshape(2, 1));
            a.grad().mul_(100);
            assertArrayEquals(new double[] {1, 1}, b.grad().toDoubleArray());
            out.detach();
            a.add(b).sum().backward();
            assertArrayEquals(new double[] {101, 101}, a.grad().toDoubleArray());
            assertArrayEquals(new double[] {2, 2}, b.grad().toDoubleArray());
            assertArrayEquals(new double[] {1, 1}, seed.toDoubleArray(), "the seed");
        }
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void addOfOneTensorToItself(Column column) {
        Tensor a = column.leaf(new double[] {1, 2}, 2);
        Tensor c = a.mul(3);
        c.add(c).add(c).backward(column.vector(1, 10));
        assertArrayEquals(new double[] {9, 90}, a.grad().toDoubleArray());
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void aGradientThatBranchesIsNotWrittenToWhileOthersHoldIt(Column column) {
        Tensor a = column.leaf(new double[] {1, 2}, 2);
        Tensor b = column.leaf(new double[] {3, 4}, 2);
        Tensor left = a.add(b); // both get one array
        Tensor right = a.add(b).mul(2);
        left.add(right).add(a).backward(column.vector(1, 1));
        assertArrayEquals(new double[] {4, 4}, a.grad().toDoubleArray());
        assertArrayEquals(new double[] {3, 3}, b.grad().toDoubleArray());
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void aRetainedGradientIsNotTheLeafs(Column column) {
        Tensor a = column.leaf(new double[] {1, 2}, 2);
        Tensor c = a.add(0).retainGrad();
        Tensor d = c.add(0).retainGrad();
        d.backward(column.vector(1, 1));
        c.grad().fill_(7);
        assertArrayEquals(new double[] {1, 1}, a.grad().toDoubleArray());
        assertArrayEquals(new double[] {1, 1}, d.grad().toDoubleArray());
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void gradientsAreContiguousWhateverTheViewsOnTheWay(Column column) {
        Tensor a = column.leaf(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        a.t().sum().backward();
        assertTrue(a.grad().isContiguous());
        try (GradMode.Guard off = Autograd.noGrad()) {
            a.sub_(a.grad());
            a.grad().zero_();
        }
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, a.toDoubleArray());
        assertArrayEquals(new double[6], a.grad().toDoubleArray());
    }

    @Test
    void aNodeOfTheGraphRunsOnceHoweverManyPathsLeadToIt() {
        Tensor x = Tensor.scalar(2).requiresGrad(true);
        Tensor shared = x.mul(x).retainGrad();
        Tensor sum = shared.add(1);
        for (int i = 0; i < 20; i++) {
            sum = sum.add(shared);
        }
        sum.backward();
        assertEquals(21, shared.grad().item());
        assertEquals(84, x.grad().item());
    }
}
