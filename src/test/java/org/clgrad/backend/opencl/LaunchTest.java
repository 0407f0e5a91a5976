package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.array;
import static org.clgrad.backend.opencl.Arrays64.assertClose;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.KernelBuildException;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.OutOfDeviceMemoryException;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.UnsupportedDTypeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong is an exception of this program, never a crash in the driver. */
class LaunchTest {
    private static final String DEVICES = "org.clgrad.backend.opencl.TestDevices#backends";
    private static final Expr ADD = Expr.of(Fn.ADD, Expr.input(0), Expr.input(1));
    private static final double[] NONE = {};

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void argumentsAreCounted(Backend backend) {
        ClBackend cl = (ClBackend) backend;
        ClKernel kernel = cl.kernels().kernel(DType.FLOAT32, "add_forward");
        ClBuffer buffer = (ClBuffer) backend.allocate(DType.FLOAT32, 4);
        Exception few = assertThrows(
                IllegalStateException.class,
                () -> cl.submit(() -> kernel.begin().int64(4).buffer(buffer).launch(4, Family.GROUP)));
        assertTrue(few.getMessage().contains("add_forward takes 7 arguments, 2 were given"), few::getMessage);
        assertThrows(
                IllegalStateException.class,
                () -> cl.submit(() -> kernel.begin()
                        .int64(4)
                        .buffer(buffer)
                        .int64(0)
                        .buffer(buffer)
                        .int64(0)
                        .buffer(buffer)
                        .int64(0)
                        .int64(0)));
        assertThrows(IllegalStateException.class, kernel::begin, "outside of the critical section");
        NdArray x = array(backend, DType.FLOAT32, new double[] {1, 2}, 2);
        backend.pointwise(ADD, new NdArray[] {x, x}, NONE, x); // and all is well again
        assertClose(new double[] {2, 4}, download(x.buffer()), 0, "after failed launches");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void aSourceThatDoesNotCompileShowsTheLog(Backend backend) {
        Exception e = assertThrows(
                KernelBuildException.class,
                () -> ((ClBackend) backend)
                        .compiler()
                        .compile("broken.cl", "kernel void broken(global float *x) { x[0] = nonsense; }", ""));
        assertTrue(e.getMessage().contains("broken.cl") && e.getMessage().contains("nonsense"), e::getMessage);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void freedBuffersAreErrors(Backend backend) {
        NdArray x = array(backend, DType.FLOAT32, new double[] {1, 2}, 2);
        NdArray out = NdArray.allocate(backend, DType.FLOAT32, 2);
        x.buffer().retain();
        x.buffer().release();
        assertTrue(x.buffer().isFreed());
        ClBuffer.of(x).free(); // again: nothing
        assertThrows(IllegalStateException.class, () -> backend.pointwise(ADD, new NdArray[] {x, out}, NONE, out));
        assertThrows(IllegalStateException.class, () -> backend.read(x, new float[2]));
        assertThrows(IllegalStateException.class, () -> backend.write(new float[2], x.buffer()));
        assertThrows(IllegalStateException.class, () -> backend.copy(x, out));
        assertThrows(IllegalStateException.class, () -> backend.fill(x, 0));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void handlesAreReleasedOnce(Backend backend) {
        ClMem mem = ((ClBackend) backend).allocateBlock(64);
        mem.release();
        assertThrows(IllegalStateException.class, mem::release);
        assertThrows(IllegalStateException.class, mem::get);
        assertThrows(IllegalStateException.class, mem::pointer);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void sizesAndTypesThatDoNotFit(Backend backend) {
        long tooMany = backend.describe().maxBufferBytes() / 4 + 1;
        Exception e = assertThrows(IllegalArgumentException.class, () -> backend.allocate(DType.FLOAT32, tooMany));
        assertTrue(e.getMessage().contains("CL_DEVICE_MAX_MEM_ALLOC_SIZE"), e::getMessage);
        Buffer buffer = backend.allocate(DType.FLOAT32, 2);
        assertThrows(IllegalArgumentException.class, () -> backend.write(new double[2], buffer));
        assertThrows(IllegalArgumentException.class, () -> backend.write(new float[3], buffer));
        if (!backend.supports(DType.FLOAT64)) {
            e = assertThrows(UnsupportedDTypeException.class, () -> backend.allocate(DType.FLOAT64, 2));
            assertTrue(e.getMessage().contains("FLOAT32"), e::getMessage);
            assertTrue(e.getMessage().contains(backend.describe().name()), e::getMessage);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void aLaunchWithoutRoomIsTriedOnceMore(Backend backend) {
        ClBackend cl = (ClBackend) backend;
        int[] runs = new int[1];
        cl.submit(() -> {
            if (runs[0]++ == 0) {
                throw new OpenClException("clEnqueueNDRangeKernel", -5, "CL_OUT_OF_RESOURCES");
            }
        });
        assertEquals(2, runs[0]);
        Exception e = assertThrows(
                OutOfDeviceMemoryException.class,
                () -> cl.submit(() -> {
                    throw new OpenClException("clEnqueueNDRangeKernel", -4, "CL_MEM_OBJECT_ALLOCATION_FAILURE");
                }));
        assertTrue(e.getMessage().contains("CL_MEM_OBJECT_ALLOCATION_FAILURE"), e::getMessage);
        assertThrows(
                OpenClException.class,
                () -> cl.submit(() -> {
                    throw new OpenClException("clEnqueueNDRangeKernel", -54, "CL_INVALID_WORK_GROUP_SIZE");
                }));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void writesAreInOrderAndTheArrayMayChange(Backend backend) {
        for (int n : new int[] {10, 300_000}) { // staged, and not
            float[] x = new float[n];
            NdArray sum = array(backend, DType.FLOAT32, new double[n], n);
            NdArray term = NdArray.allocate(backend, DType.FLOAT32, n);
            for (int i = 1; i <= 9; i++) {
                java.util.Arrays.fill(x, i);
                backend.write(x, term.buffer());
                java.util.Arrays.fill(x, -1);
                backend.pointwise(ADD, new NdArray[] {sum, term}, NONE, sum);
            }
            double[] expected = new double[n];
            java.util.Arrays.fill(expected, 45);
            assertClose(expected, download(sum.buffer()), 0, "writes of " + n);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void memoryGoesBack(Backend backend) {
        long before = backend.memoryStats().inUse();
        List<Buffer> buffers = new ArrayList<>();
        for (int n : new int[] {0, 1, 1000, 100_000}) {
            Buffer buffer = backend.allocate(DType.FLOAT32, n);
            buffer.retain();
            buffers.add(buffer);
        }
        NdArray a = array(backend, DType.FLOAT32, random(DType.FLOAT32, 100 * 100, 1), 1, 100, 100);
        NdArray out = NdArray.allocate(backend, DType.FLOAT32, 1, 100, 100);
        NdArray sum = NdArray.allocate(backend, DType.FLOAT32, 1, 1, 1);
        backend.matmul(a, a, out); // allocates panels
        backend.reduce(Reduction.SUM, out, new int[] {0, 1, 2}, sum); // allocates parts
        buffers.forEach(Buffer::release);
        List.of(a, out, sum).forEach(array -> ClBuffer.of(array).free());
        assertTrue(
                backend.memoryStats().inUse() <= before,
                "in use: " + backend.memoryStats().inUse());
        backend.trim();
        assertEquals(0, backend.memoryStats().cached());
        assertFalse(backend.memoryStats().peak() < 400_000);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void eightThreadsShareOneKernel(Backend backend) throws Exception {
        assumeFalse(
                backend.describe().platform().contains("Oclgrind"),
                "Oclgrind runs commands in the thread that waits, and two at once end it");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int seed = t;
                results.add(threads.submit(() -> accumulate(backend, seed)));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void accumulate(Backend backend, int seed) {
        int n = 50 + 7 * seed;
        double[] x = random(DType.FLOAT32, n, seed);
        NdArray step = array(backend, DType.FLOAT32, x, n);
        NdArray sum = array(backend, DType.FLOAT32, new double[n], n);
        double[] expected = new double[n];
        for (int i = 0; i < 40; i++) {
            NdArray next = NdArray.allocate(backend, DType.FLOAT32, n);
            backend.pointwise(ADD, new NdArray[] {sum, step}, NONE, next);
            ClBuffer.of(sum).free();
            sum = next;
            for (int j = 0; j < n; j++) {
                expected[j] += x[j];
            }
        }
        assertClose(expected, download(sum.buffer()), 1e-4, "thread " + seed);
    }
}
