package org.clgrad.backend;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.clgrad.array.DType;
import org.jspecify.annotations.Nullable;

/**
 * A caching allocator with a budget. Blocks come back when their buffer is released or found unreachable, and are kept
 * by size for the next buffer. Before a request would pass the budget, and when the source has nothing left, the cache
 * is emptied and then the garbage collector is asked; only then is it an error.
 *
 * @param <H> what the source hands out: a memory handle, an array
 */
public final class MemoryPool<H> {
    /** Where blocks come from. */
    public interface Source<H> {
        /** A new block, or null if the device has no room for it. */
        @Nullable
        H allocate(long bytes);

        void free(H block);

        /** Most bytes worth keeping for reuse; what is beyond goes back at once. */
        default long largestCache() {
            return Long.MAX_VALUE;
        }

        /** Whether a block serves one dtype only, as a Java array does; such blocks are cached apart. */
        default boolean typed() {
            return false;
        }

        /** A new block for a buffer of {@code dtype}; asked only of sources that are {@link #typed}. */
        default @Nullable H allocate(DType dtype, long bytes) {
            return allocate(bytes);
        }
    }

    /** A block on loan to one buffer. */
    public final class Lease extends PhantomReference<Buffer> {
        private final H block;
        private final long bytes;
        private final DType dtype;
        private final long length;
        private @Nullable Lease previous; // neighbours in the list of live leases, which keeps them reachable
        private @Nullable Lease next;
        private boolean returned;

        private Lease(Buffer owner, H block, long bytes) {
            super(owner, unreachable);
            this.block = block;
            this.bytes = bytes;
            this.dtype = owner.dtype();
            this.length = owner.length();
        }

        public H block() {
            return block;
        }

        /** Whether the block has gone back. */
        public boolean isReturned() {
            return returned;
        }

        /** Gives the block back; further calls do nothing. */
        public void giveBack() {
            synchronized (MemoryPool.this) {
                takeBack(this);
            }
        }
    }

    private static final int SMALLEST_BLOCK = 256;
    private static final int COLLECTIONS = 4;
    private static final long WAIT_MILLIS = 50;

    private final String device;
    private final Source<H> source;
    private final long budget;
    private final ReferenceQueue<Buffer> unreachable = new ReferenceQueue<>();
    private final Map<Long, Deque<H>> cache = new HashMap<>();
    private @Nullable Lease live;
    private long inUse;
    private long cached;
    private long peak;
    private long allocations;
    private long reused;

    /**
     * @param device the device's name, for messages
     * @param budget most bytes that may be held, cache included
     */
    public MemoryPool(String device, long budget, Source<H> source) {
        this.device = device;
        this.budget = budget;
        this.source = source;
    }

    /** Rounds up to one of eight sizes between powers of two, so that a block fits many requests and wastes at most an eighth. */
    public static long blockSize(long bytes) {
        long size = Math.max(bytes, SMALLEST_BLOCK);
        long step = Math.max(Long.highestOneBit(size - 1) >> 3, SMALLEST_BLOCK);
        return (size + step - 1) / step * step;
    }

    /** A block of at least {@code bytes}, on loan until given back or until {@code owner} is unreachable. */
    public synchronized Lease lease(Buffer owner, long bytes) {
        collectUnreachable();
        long size = blockSize(bytes);
        H block = take(owner.dtype(), size);
        for (int attempt = 0; block == null && attempt < COLLECTIONS; attempt++) {
            if (attempt > 0) {
                askCollector();
            }
            block = take(owner.dtype(), size);
            if (block == null) {
                trim();
                block = take(owner.dtype(), size);
            }
        }
        if (block == null) {
            throw outOfMemory(bytes, owner);
        }
        Lease lease = new Lease(owner, block, size);
        lease.next = live;
        if (live != null) {
            live.previous = lease;
        }
        live = lease;
        inUse += size;
        peak = Math.max(peak, inUse);
        allocations++;
        return lease;
    }

    public synchronized MemoryStats stats() {
        collectUnreachable();
        return new MemoryStats(inUse, cached, peak, budget, allocations, reused);
    }

    /** Frees every cached block. */
    public synchronized void trim() {
        collectUnreachable();
        cache.values().forEach(blocks -> blocks.forEach(source::free));
        cache.clear();
        cached = 0;
    }

    private @Nullable H take(DType dtype, long size) {
        Deque<H> blocks = cache.get(shelf(dtype, size));
        H block = blocks == null ? null : blocks.poll();
        if (block != null) {
            cached -= size;
            reused++;
            return block;
        }
        return inUse + cached + size > budget ? null : source.allocate(dtype, size);
    }

    /** Key of the cached blocks that can serve a request. */
    private long shelf(DType dtype, long size) {
        return size * 4 + (source.typed() ? dtype.ordinal() : 0); // four dtypes
    }

    private void takeBack(Lease lease) {
        if (lease.returned) {
            return;
        }
        lease.returned = true;
        lease.clear();
        if (lease.previous != null) {
            lease.previous.next = lease.next;
        } else {
            live = lease.next;
        }
        if (lease.next != null) {
            lease.next.previous = lease.previous;
        }
        inUse -= lease.bytes;
        if (cached + lease.bytes > source.largestCache()) {
            source.free(lease.block);
            return;
        }
        cached += lease.bytes;
        cache.computeIfAbsent(shelf(lease.dtype, lease.bytes), key -> new ArrayDeque<>())
                .push(lease.block);
    }

    private void collectUnreachable() {
        for (Object found = unreachable.poll(); found != null; found = unreachable.poll()) {
            takeBack(leaseOf(found));
        }
    }

    /** Runs the collector and waits a moment for what it finds. */
    private void askCollector() {
        System.gc();
        try {
            Object found = unreachable.remove(WAIT_MILLIS);
            if (found != null) {
                takeBack(leaseOf(found));
                collectUnreachable();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("unchecked") // the queue is private, and only leases of this pool are registered with it
    private Lease leaseOf(Object reference) {
        return (Lease) reference;
    }

    private OutOfDeviceMemoryException outOfMemory(long bytes, Buffer owner) {
        List<Lease> holders = new ArrayList<>();
        for (Lease lease = live; lease != null; lease = lease.next) {
            holders.add(lease);
        }
        String largest = holders.stream()
                .sorted(Comparator.comparingLong((Lease lease) -> lease.bytes).reversed())
                .limit(5)
                .map(lease -> lease.dtype + "[" + lease.length + "] " + text(lease.bytes))
                .collect(Collectors.joining(", "));
        return new OutOfDeviceMemoryException("out of memory on " + device + ": " + text(bytes) + " asked for "
                + owner.dtype() + "[" + owner.length() + "], " + text(inUse) + " in use by " + holders.size()
                + " buffers, budget " + text(budget) + (largest.isEmpty() ? "" : "; the largest: " + largest)
                + ". Close tensors earlier (try (Scope s = Scope.open())), use smaller batches,"
                + " or raise the budget (-Dclgrad.memory.budget)");
    }

    private static String text(long bytes) {
        return bytes < 10 << 10 ? bytes + " B" : bytes < 10 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }
}
