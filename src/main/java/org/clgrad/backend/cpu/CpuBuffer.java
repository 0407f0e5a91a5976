package org.clgrad.backend.cpu;

import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.MemoryPool;
import org.jspecify.annotations.Nullable;

/** A float[], double[], long[] or byte[] (BOOL) at least as long as the buffer. */
final class CpuBuffer extends Buffer {
    private volatile @Nullable Object array;
    private volatile MemoryPool<Object>.@Nullable Lease lease;

    CpuBuffer(Backend backend, DType dtype, long length) {
        super(backend, dtype, length);
    }

    /** Set once, right after construction: a lease needs its owner first. */
    void attach(Object storage, MemoryPool<Object>.@Nullable Lease loan) {
        lease = loan;
        array = storage;
    }

    /** The array; its elements beyond {@link #length} mean nothing. */
    Object array() {
        Object storage = array;
        if (storage == null) {
            throw new IllegalStateException("buffer " + dtype() + "[" + length() + "] was freed and cannot be used");
        }
        return storage;
    }

    @Override
    public boolean isFreed() {
        return array == null;
    }

    @Override
    protected void free() {
        MemoryPool<Object>.Lease loan = lease;
        array = null;
        lease = null;
        if (loan != null) {
            loan.giveBack();
        }
    }
}
