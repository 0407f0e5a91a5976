package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.ByteSize;
import org.clgrad.backend.Expr;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.OutOfDeviceMemoryException;
import org.junit.jupiter.api.Test;

class CpuMemoryTest {
    private static CpuBackend withBudget(long bytes) {
        return new CpuBackend(Flavour.plain(null), 1, bytes);
    }

    @Test
    void releasedArraysAreUsedAgainForTheirDtypeOnly() {
        CpuBackend backend = withBudget(10 << 20);
        Buffer first = backend.allocate(DType.FLOAT32, 100_000);
        Object array = ((CpuBuffer) first).array();
        first.retain();
        first.release();
        assertTrue(first.isFreed());
        Buffer other = backend.allocate(DType.FLOAT64, 50_000);
        Buffer again = backend.allocate(DType.FLOAT32, 99_000);
        assertEquals(array, ((CpuBuffer) again).array());
        assertNotNull(((CpuBuffer) other).array());
        assertEquals(1, backend.memoryStats().reused());
        backend.trim();
        assertEquals(0, backend.memoryStats().cached());
    }

    @Test
    void whereBuffersBeginThereIsRoomForThem() {
        for (DType dtype : DType.values()) {
            long longest = CpuMemory.MAX_LENGTH;
            long most = (1L << 31) / dtype.bytes();
            for (long length : new long[] {1, 1 << 17, 1 << 18, 1 << 21, 3 << 20, most, longest}) {
                for (long n = Math.max(1, length - 60); n <= Math.min(longest, length + 60); n++) {
                    long bytes = n * dtype.bytes();
                    int room = CpuMemory.length(dtype, MemoryPool.blockSize(bytes));
                    assertTrue(CpuMemory.first(dtype, bytes) + n <= room, dtype + "[" + n + "]");
                }
            }
            assertEquals(0, CpuMemory.first(dtype, Elements.OWN_REGION / 2));
            assertEquals(48, CpuMemory.first(dtype, Elements.OWN_REGION) * dtype.bytes());
        }
    }

    @Test
    void unreachableBuffersMakeRoom() {
        CpuBackend backend = withBudget(8 << 20);
        for (int i = 0; i < 100; i++) {
            backend.allocate(DType.FLOAT32, 1 << 19); // 2 MiB, dropped
        }
        assertTrue(backend.memoryStats().peak() <= 8 << 20);
    }

    @Test
    void theErrorNamesSizesAndHolders() {
        CpuBackend backend = withBudget(4 << 20);
        List<Buffer> held = new ArrayList<>();
        held.add(backend.allocate(DType.FLOAT64, 1 << 18));
        OutOfDeviceMemoryException e = assertThrows(
                OutOfDeviceMemoryException.class, () -> held.add(backend.allocate(DType.FLOAT32, 1 << 20)));
        assertTrue(e.getMessage().contains("float32[1048576]"), e.getMessage());
        assertTrue(e.getMessage().contains("float64[262144] 2048 KiB"), e.getMessage());
        assertTrue(e.getMessage().contains("clgrad.memory.budget"), e.getMessage());
        assertEquals(1, held.size());
    }

    @Test
    void longerThanAnyArrayIsRefused() {
        CpuBackend backend = withBudget(Long.MAX_VALUE);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> backend.allocate(DType.BOOL, 1L << 31));
        assertTrue(e.getMessage().contains("2147483648"), e.getMessage());
    }

    @Test
    void useAfterFreeIsAnError() {
        CpuBackend backend = withBudget(1 << 20);
        for (int n : new int[] {4, 40_000}) {
            NdArray a = NdArray.allocate(backend, DType.FLOAT32, n);
            NdArray b = NdArray.allocate(backend, DType.FLOAT32, n);
            a.buffer().retain();
            a.buffer().release();
            assertThrows(IllegalStateException.class, () -> backend.copy(a, b));
            assertThrows(
                    IllegalStateException.class,
                    () -> backend.pointwise(Expr.input(0), new NdArray[] {a}, new double[0], b));
            assertThrows(IllegalStateException.class, () -> backend.read(a, new float[n]));
            assertThrows(IllegalStateException.class, () -> backend.fill(a, 1));
        }
    }

    @Test
    void budgetsAreRead() {
        assertEquals(64L << 20, ByteSize.parse("clgrad.memory.budget", "64m"));
        assertEquals(2L << 30, ByteSize.parse("clgrad.memory.budget", " 2G "));
        assertEquals(12345, ByteSize.parse("clgrad.memory.budget", "12345"));
        for (String bad : new String[] {"", "m", "-3m", "2gb", "1.5g", "0", "99999999999t"}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse("clgrad.memory.budget", bad));
            assertTrue(e.getMessage().contains("clgrad.memory.budget"), e.getMessage());
        }
    }
}
