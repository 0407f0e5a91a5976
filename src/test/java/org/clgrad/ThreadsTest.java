package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.api.Test;

/** Eight threads compute and call backward on all devices at once. */
class ThreadsTest {
    private static final int THREADS = 8;
    private static final int STEPS = 30;

    @Test
    void everyThreadGetsTheBitsThatItWouldGetAlone() throws Exception {
        List<Device> devices = Device.all();
        List<float[]> alone = devices.stream().map(ThreadsTest::train).toList();
        long[] before = devices.stream().mapToLong(TestDevices::bytesInUse).toArray();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Device device = devices.get(i % devices.size());
                results.add(pool.submit(() -> train(device)));
            }
            for (int i = 0; i < THREADS; i++) {
                assertArrayEquals(alone.get(i % devices.size()), results.get(i).get(), "thread " + i);
            }
        } finally {
            pool.shutdown();
        }
        for (int i = 0; i < before.length; i++) {
            assertEquals(before[i], TestDevices.bytesInUse(devices.get(i)), "bytes left over on " + devices.get(i));
        }
    }

    /** The base of a view was written to; threads that only read the view find out at once. */
    @Test
    void aViewFollowsItsBaseWhoeverAsksFirst() throws Exception {
        Tensor leaf = Tensor.ones(Device.cpu(), DType.FLOAT32, 4).requiresGrad(true);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2000; round++) {
                Tensor base = leaf.mul(1);
                Tensor view = base.slice(0, 0, 2);
                base.add_(1);
                CyclicBarrier together = new CyclicBarrier(2);
                Callable<String> ask = () -> {
                    together.await();
                    return view.gradFn().nextFunctions().get(0).node().name();
                };
                for (Future<String> name : pool.invokeAll(List.of(ask, ask))) {
                    assertEquals("AddBackward0", name.get(), "round " + round);
                }
            }
        } finally {
            pool.shutdown();
        }
    }

    /** A leaf shared by eight graphs gets the sum of all their gradients. */
    @Test
    void noUpdateOfASharedLeafIsLost() throws Exception {
        for (Device device : Device.all()) {
            Tensor leaf = Tensor.ones(device, DType.FLOAT32, 100).requiresGrad(true);
            ExecutorService pool = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<?>> done = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    done.add(pool.submit(() -> {
                        for (int step = 0; step < STEPS; step++) {
                            leaf.mul(2).sum().backward();
                        }
                    }));
                }
                for (Future<?> future : done) {
                    future.get();
                }
            } finally {
                pool.shutdown();
            }
            for (float g : leaf.grad().toFloatArray()) {
                assertEquals(2f * THREADS * STEPS, g);
            }
        }
    }

    private static float[] train(Device device) {
        float[] data = new float[64 * 20];
        float[] targets = new float[64];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) Math.sin(i);
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] = data[i * 20] > 0 ? 1 : 0;
        }
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(device, data, 64, 20);
            Tensor y = Tensor.of(device, targets, 64, 1);
            Tensor w = Tensor.full(device, DType.FLOAT32, 0.1, 20, 1).requiresGrad(true);
            Tensor b = Tensor.zeros(device, DType.FLOAT32, 1).requiresGrad(true);
            for (int step = 0; step < STEPS; step++) {
                try (Scope each = Scope.open()) {
                    Functional.binaryCrossEntropyWithLogits(x.matmul(w).add(b).tanh(), y)
                            .backward();
                    try (var guard = Autograd.noGrad()) {
                        w.sub_(w.grad(), 0.5).grad(null);
                        b.sub_(b.grad(), 0.5).grad(null);
                    }
                }
            }
            return w.toFloatArray();
        }
    }
}
