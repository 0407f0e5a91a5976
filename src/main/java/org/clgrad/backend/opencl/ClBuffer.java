package org.clgrad.backend.opencl;

import org.clgrad.array.DType;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** A buffer in device memory: a block on loan from the device's pool. */
final class ClBuffer extends Buffer {
    private final MemoryPool<ClMem> pool;
    private volatile MemoryPool<ClMem>.@Nullable Lease lease;

    ClBuffer(ClBackend backend, MemoryPool<ClMem> pool, DType dtype, long length) {
        super(backend, dtype, length);
        this.pool = pool;
    }

    static ClBuffer of(NdArray array) {
        return (ClBuffer) array.buffer();
    }

    /** The block; not for keeping, since it goes back with the buffer. */
    ClMem mem() {
        MemoryPool<ClMem>.Lease loan = lease;
        if (loan == null || loan.isReturned()) {
            throw new IllegalStateException(
                    dtype() + "[" + length() + "] on " + backend().describe().name()
                            + " used after it was freed: close a tensor only when nothing needs it any more");
        }
        return loan.block();
    }

    /** Gives the memory back; for buffers that this package made for itself. */
    void free() {
        freeIfUnheld();
    }

    @Override
    protected void obtainMemory() {
        if (lease == null) {
            lease = pool.lease(this, length() * dtype().bytes());
        }
    }

    @Override
    protected void releaseMemory() {
        MemoryPool<ClMem>.Lease loan = lease;
        if (loan != null) {
            loan.giveBack();
        }
    }
}
