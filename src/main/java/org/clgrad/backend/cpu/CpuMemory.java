package org.clgrad.backend.cpu;

import org.clgrad.array.DType;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.MemoryStats;
import org.jspecify.annotations.Nullable;

/**
 * Arrays for buffers. Arrays under 4 KiB are left to the Java heap: the collector is faster at them than any pool, and
 * they are not counted. Arrays under 64 KiB are counted and pooled like larger ones.
 */
final class CpuMemory {
    /** The longest array that JVMs allow. */
    static final long MAX_LENGTH = Integer.MAX_VALUE - 8;

    private static final long COUNTED_BYTES = 4 << 10;

    private final MemoryPool<Object> pool;

    CpuMemory(String device, long budget) {
        pool = new MemoryPool<>(device, budget, new Arrays());
    }

    /** @throws IllegalArgumentException if no Java array can be that long */
    static void check(DType dtype, long length) {
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a " + dtype + " buffer of " + length + " elements: a Java array holds at most " + MAX_LENGTH);
        }
    }

    void allocate(CpuBuffer buffer) {
        DType dtype = buffer.dtype();
        long length = buffer.length();
        long bytes = length * dtype.bytes();
        if (bytes < COUNTED_BYTES) {
            buffer.attach(Elements.of(dtype).newArray((int) length), 0, null);
        } else {
            MemoryPool<Object>.Lease lease = pool.lease(buffer, bytes);
            buffer.attach(lease.block(), first(dtype, bytes), lease);
        }
    }

    /**
     * The element of its array at which a buffer of so many bytes begins. Long ones begin at a line of memory if the collector puts the array
     * at the start of a region; an array of the greatest length has no room for that.
     */
    static int first(DType dtype, long bytes) {
        long block = MemoryPool.blockSize(bytes);
        int first = Elements.of(dtype).firstOnLine();
        return block >= Elements.OWN_REGION && block / dtype.bytes() + first <= MAX_LENGTH ? first : 0;
    }

    /** Elements of the array for a block of so many bytes. */
    static int length(DType dtype, long block) {
        return (int) Math.min(block / dtype.bytes() + first(dtype, block), MAX_LENGTH);
    }

    MemoryStats stats() {
        return pool.stats();
    }

    void trim() {
        pool.trim();
    }

    private static final class Arrays implements MemoryPool.Source<Object> {
        @Override
        public @Nullable Object allocate(long bytes) {
            return allocate(DType.BOOL, bytes);
        }

        @Override
        public @Nullable Object allocate(DType dtype, long bytes) {
            try {
                return Elements.of(dtype).newArray(length(dtype, bytes));
            } catch (OutOfMemoryError e) {
                return null; // the pool trims, collects and retries
            }
        }

        @Override
        public void free(Object block) {
            // dropped: the collector takes it
        }

        /** The cache lies in the heap, where everything else lives too. */
        @Override
        public long largestCache() {
            return Runtime.getRuntime().maxMemory() / 8;
        }

        @Override
        public boolean typed() {
            return true;
        }
    }
}
