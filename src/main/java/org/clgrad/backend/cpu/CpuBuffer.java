package org.clgrad.backend.cpu;

import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.MemoryPool;
import org.jspecify.annotations.Nullable;

/** A float[], double[], long[] or byte[] (BOOL) at least as long as the buffer. */
final class CpuBuffer extends Buffer {
    private final CpuMemory memory;
    // whoever may use this has it from a thread that set these before, or has seen the work on it end
    private @Nullable Object array;
    private MemoryPool<Object>.@Nullable Lease lease;

    CpuBuffer(Backend backend, CpuMemory memory, DType dtype, long length) {
        super(backend, dtype, length);
        this.memory = memory;
    }

    /** Sets the storage; a lease needs its owner first. */
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
    protected void obtainMemory() {
        if (array == null) {
            memory.allocate(this);
        }
    }

    @Override
    protected void releaseMemory() {
        MemoryPool<Object>.Lease loan = lease;
        array = null;
        lease = null;
        if (loan != null) {
            loan.giveBack();
        }
    }
}
