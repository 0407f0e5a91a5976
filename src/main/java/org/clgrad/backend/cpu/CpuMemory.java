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
            int first = isLong(bytes) ? Elements.of(dtype).firstOnLine() : 0;
            buffer.attach(lease.block(), first, lease);
        }
    }

    /** Whether an array of so many bytes begins at a line of memory, but for its header. Never so long that there is no room for more. */
    private static boolean isLong(long bytes) {
        return bytes >= Elements.OWN_REGION && bytes < MAX_LENGTH;
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
            Elements<?> elements = Elements.of(dtype);
            long length = bytes / dtype.bytes() + (isLong(bytes) ? elements.firstOnLine() : 0);
            try {
                return elements.newArray((int) Math.min(length, MAX_LENGTH));
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
