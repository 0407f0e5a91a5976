package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.clgrad.array.DType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deferred work gives what it would have given at the time of the call, whatever happens in between. */
class DeferralTest {
    private static final String DEVICES = "org.clgrad.TestDevices#devices";
    private static final int LARGE = 100_000;

    private static Tensor of(Device device, float... values) {
        return Tensor.of(values, values.length).to(device);
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aWriteToAnInputComesAfterwards(Device device) {
        Tensor x = of(device, 1, 2, 3);
        Tensor y = x.add(1);
        Tensor z = y.mul(x);
        x.mul_(10);
        assertArrayEquals(new float[] {2, 3, 4}, y.toFloatArray());
        assertArrayEquals(new float[] {2, 6, 12}, z.toFloatArray());
        assertArrayEquals(new float[] {10, 20, 30}, x.toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aWriteToASmallInputOfLargeWorkComesAfterwards(Device device) {
        Tensor x = of(device, 1, 2, 3);
        Tensor ones = Tensor.ones(device, DType.FLOAT32, 50, 3);
        Tensor y = ones.add(x);
        Tensor part = ones.mul(x.slice(0, 1, 2, 1));
        x.zero_();
        x.add_(7);
        assertEquals(50 * (2 + 3 + 4), y.sum().item());
        assertEquals(50 * 3 * 2, part.sum().item());
        assertArrayEquals(new float[] {7, 7, 7}, x.toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aWriteThroughAViewOfAnInputComesAfterwards(Device device) {
        Tensor x = of(device, 1, 2, 3, 4);
        Tensor y = x.neg();
        x.slice(0, 1, 3, 1).copy_(of(device, 8, 9));
        assertArrayEquals(new float[] {-1, -2, -3, -4}, y.toFloatArray());
        assertArrayEquals(new float[] {1, 8, 9, 4}, x.toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void anInputMayBeTheSourceOfAWriteToItself(Device device) {
        Tensor x = of(device, 1, 2, 3, 4).reshape(2, 2);
        x.add_(x.transpose(0, 1).mul(10));
        assertArrayEquals(new float[] {11, 32, 23, 44}, x.toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void writesToDeferredWorkComeAfterIt(Device device) {
        Tensor x = of(device, 1, 2, 3);
        Tensor y = x.add(1);
        Tensor z = y.mul(2);
        y.sub_(2);
        assertArrayEquals(new float[] {0, 1, 2}, y.toFloatArray());
        assertArrayEquals(new float[] {4, 6, 8}, z.toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void closedInputsLastUntilTheWorkIsDone(Device device) {
        Tensor x = of(device, 1, 4, 9);
        Tensor root = x.sqrt();
        Tensor y = root.add(x);
        x.close();
        root.close();
        assertThrows(IllegalStateException.class, root::toFloatArray);
        assertArrayEquals(new float[] {2, 6, 12}, y.toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void whatIsTakenInTakesNoMemory(Device device) {
        Assumptions.assumeFalse("off".equals(System.getProperty("clgrad.fusion")), "fusion is off");
        TestDevices.bytesInUse(device); // what others left to the collector must not come back while this counts
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ones(device, DType.FLOAT32, LARGE);
            device.synchronize();
            long before = device.memoryStats().inUse();
            Tensor y = x.add(1).mul(x).neg();
            assertEquals(before, device.memoryStats().inUse());
            assertEquals(-2.0 * LARGE, y.sum().item());
            assertTrue(device.memoryStats().inUse() < before + LARGE * 4);
            device.synchronize(); // y was taken in by its sum, so nobody waits for it
            assertTrue(device.memoryStats().inUse() < before + LARGE * 4);
            x.exp();
            device.synchronize(); // asked for, and taken in by nothing
            assertTrue(device.memoryStats().inUse() >= before + LARGE * 4);
        }
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void fewElementsOfWorkThatWaits(Device device) {
        Tensor large = Tensor.arange(device, DType.FLOAT32, 0, 1000, 1).add(1); // waits
        Tensor part = large.slice(0, 0, 4, 1).mul(2); // has few elements of it
        Tensor sum = large.sum();
        large.zero_();
        assertArrayEquals(new float[] {2, 4, 6, 8}, part.toFloatArray());
        assertEquals(500_500, sum.item());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aScopeDropsWhatWasNotNeeded(Device device) {
        device.synchronize();
        long before = device.memoryStats().inUse();
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ones(device, DType.FLOAT32, LARGE);
            x.exp().add(x);
        }
        assertEquals(before, device.memoryStats().inUse());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void viewsOfDeferredWork(Device device) {
        Tensor x = of(device, 1, 2, 3, 4, 5, 6).reshape(2, 3);
        Tensor y = x.add(1);
        Tensor column = x.sum(1).div(3).reshape(2, 1);
        assertArrayEquals(
                new float[] {2, 5, 3, 6, 4, 7}, y.transpose(0, 1).neg().neg().toFloatArray());
        assertArrayEquals(new float[] {5, 6, 7}, x.add(1).select(0, 1).mul(1).toFloatArray());
        assertArrayEquals(new float[] {-1, 0, 1, -1, 0, 1}, x.sub(column).toFloatArray());
        assertArrayEquals(
                new float[] {2, 3, 4, 5, 6, 7}, x.add(1).reshape(6).mul(1).toFloatArray());
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void longChainsAndManyInputs(Device device) {
        Tensor x = of(device, 1, 2, 3);
        Tensor sum = x;
        for (int i = 0; i < 100; i++) {
            sum = sum.add(of(device, i, i, i)).mul(1).sub(i);
        }
        assertArrayEquals(new float[] {1, 2, 3}, sum.toFloatArray());
        Tensor doubled = x;
        for (int i = 0; i < 20; i++) {
            doubled = doubled.add(doubled);
        }
        assertArrayEquals(new float[] {1 << 20, 2 << 20, 3 << 20}, doubled.toFloatArray());
    }

    private static final int ROUNDS = 2;

    @ParameterizedTest
    @MethodSource(DEVICES)
    void productsAndWhatFollowsThem(Device device) {
        for (int i = 0; i < ROUNDS; i++) {
            Tensor x = of(device, 1, 2, 3, 4, 5, 6).reshape(2, 3);
            Tensor w = of(device, 1, 0, 0, 1, -1, -1).reshape(3, 2);
            Tensor b = of(device, 3, -3);
            Tensor z = x.matmul(w);
            Tensor y = z.add(b).relu();
            Tensor both = y.sub(z); // the product twice, once by way of y
            Tensor product = x.matmul(w);
            Tensor sum = product.add(x.matmul(w)); // two products
            w.zero_();
            b.zero_();
            assertArrayEquals(new float[] {3, 1, 3, 1}, both.toFloatArray());
            assertArrayEquals(new float[] {1, 0, 1, 0}, y.toFloatArray());
            assertArrayEquals(new float[] {-2, -1, -2, -1}, z.toFloatArray());
            assertArrayEquals(new float[] {-4, -2, -4, -2}, sum.toFloatArray());
            assertArrayEquals(new float[] {-2, -1, -2, -1}, product.toFloatArray());
        }
    }

    /** A gradient that is the same for all elements is arithmetic on numbers alone. */
    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void arithmeticOnNumbers(TestDevices.Column column) {
        for (int i = 0; i < ROUNDS; i++) {
            Tensor x = column.leaf(new double[] {1, 2, 4}, 3);
            Tensor loss =
                    x.mean().mul(0.1).neg().add(x.sum().mul(7)).sub(x.sum().div(0.3));
            loss.backward();
            double expected = -0.1 / 3 + 7 - 1 / 0.3;
            double unit = column.dtype() == DType.FLOAT32 ? Math.ulp(7f) : Math.ulp(7.0);
            assertArrayEquals(
                    new double[] {expected, expected, expected}, x.grad().toDoubleArray(), unit);
        }
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aClosedProductIsNotStored(Device device) {
        Assumptions.assumeFalse("off".equals(System.getProperty("clgrad.fusion")), "fusion is off");
        int n = 256;
        TestDevices.bytesInUse(device); // else what other tests left may be found meanwhile
        for (int i = 0; i < ROUNDS; i++) {
            try (Scope scope = Scope.open()) {
                Tensor x = Tensor.ones(device, DType.FLOAT32, n, n);
                device.synchronize();
                long before = device.memoryStats().inUse();
                Tensor z = x.matmul(x);
                Tensor y = z.sub(n).mul(z.add(1)).add(x);
                z.close();
                assertEquals((double) n * n, y.sum().item());
                long stored = device.memoryStats().inUse() - before;
                assertTrue(stored >= 4L * n * n && stored < 8L * n * n, stored + " bytes");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void reductionsOfWhatFollowsAProduct(Device device) {
        for (int i = 0; i < ROUNDS; i++) {
            Tensor x = of(device, 1, 2, 3, 4).reshape(2, 2);
            assertEquals(54 - 2, x.matmul(x).sub(0.5).sum().item());
            assertArrayEquals(
                    new float[] {17, 37}, x.matmul(x).sum(new int[] {1}, false).toFloatArray());
            Tensor stretched = x.matmul(x).sum(new int[] {1}, true).add(x.matmul(of(device, 1, 1)));
            assertArrayEquals(new float[] {20, 24, 40, 44}, stretched.toFloatArray());
        }
    }

    @ParameterizedTest
    @MethodSource(DEVICES)
    void aProductInPartsThatSeveralWaitFor(Device device) {
        try (Scope scope = Scope.open()) {
            int k = 2100; // little to share but this
            Tensor x = Tensor.ones(device, DType.FLOAT32, 6, k);
            Tensor w = Tensor.ones(device, DType.FLOAT32, k, 5);
            Tensor z = x.matmul(w);
            Tensor a = z.add(1);
            Tensor b = a.mul(2);
            Tensor c = a.mul(3).add(z);
            assertEquals(2.0 * (k + 1), b.max().item());
            assertEquals(2.0 * (k + 1) * 30, b.sum().item());
            assertEquals((3.0 * (k + 1) + k) * 30, c.sum().item());
            assertEquals((k + 1) * 30.0, a.sum().item());
            assertEquals(k * 30.0, z.sum().item());
        }
    }

    /** The gradient of a sum is one number for all, and nothing tells how many there are but its shape. */
    @ParameterizedTest
    @MethodSource(DEVICES)
    void sumsOfANumberForAll(Device device) {
        for (int i = 0; i < ROUNDS; i++) {
            Tensor x = Tensor.ones(device, DType.FLOAT32, 21, 64);
            Tensor bias = Tensor.ones(device, DType.FLOAT32, 64).requiresGrad(true);
            x.add(bias).sum().backward();
            assertArrayEquals(
                    new float[] {21 * 64}, bias.grad().sum().reshape(1).toFloatArray());
        }
    }
}
