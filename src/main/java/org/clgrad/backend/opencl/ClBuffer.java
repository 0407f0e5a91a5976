package org.clgrad.backend.opencl;

import org.clgrad.array.DType;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** A buffer in device memory: a block on loan from the device's pool. */
final class ClBuffer extends Buffer {
    private final MemoryPool<ClMem>.@Nullable Lease lease; // null if the constructor failed, and a region closes it

    ClBuffer(ClBackend backend, MemoryPool<ClMem> pool, DType dtype, long length) {
        super(backend, dtype, length);
        lease = pool.lease(this, length * dtype.bytes());
    }

    static ClBuffer of(NdArray array) {
        return (ClBuffer) array.buffer();
    }

    /** The block; not for keeping, since it goes back with the buffer. */
    ClMem mem() {
        if (lease == null || lease.isReturned()) {
            throw new IllegalStateException(
                    dtype() + "[" + length() + "] on " + backend().describe().name()
                            + " used after it was freed: close a tensor only when nothing needs it any more");
        }
        return lease.block();
    }

    @Override
    public boolean isFreed() {
        return lease == null || lease.isReturned();
    }

    @Override
    protected void free() {
        if (lease != null) {
            lease.giveBack();
        }
    }
}
