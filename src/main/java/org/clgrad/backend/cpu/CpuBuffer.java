package org.clgrad.backend.cpu;

import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * A run of a float[], double[], long[] or byte[] (BOOL). Long ones begin where a line of memory does if the
 * collector allows ({@link CpuMemory#first}), which is not where the array does: a vector across two lines is read and written at half
 * the speed.
 */
final class CpuBuffer extends Buffer {
    private final CpuMemory memory;
    // whoever may use this has it from a thread that set these before, or has seen the work on it end
    private @Nullable Object array;
    private int first;
    private MemoryPool<Object>.@Nullable Lease lease;

    CpuBuffer(Backend backend, CpuMemory memory, DType dtype, long length) {
        super(backend, dtype, length);
        this.memory = memory;
    }

    /**
     * Sets the storage; a lease needs its owner first.
     *
     * @param at the buffer's first element in it
     */
    void attach(Object storage, int at, MemoryPool<Object>.@Nullable Lease loan) {
        lease = loan;
        array = storage;
        first = at;
    }

    /** The array with a layout that counts from the beginning of the Java array instead of the buffer's: what all work in this package is on. */
    static NdArray placed(NdArray array) {
        int first = ((CpuBuffer) array.buffer()).first;
        return first == 0 ? array : array.with(array.layout().shifted(first));
    }

    static NdArray[] allPlaced(NdArray... arrays) {
        NdArray[] places = arrays;
        for (int i = 0; i < arrays.length; i++) {
            NdArray place = placed(arrays[i]);
            if (place != arrays[i]) {
                places = places == arrays ? arrays.clone() : places;
                places[i] = place;
            }
        }
        return places;
    }

    /** Element {@code i} of the buffer in the array. */
    int at(long i) {
        return first + (int) i;
    }

    /** The array; what it has beside the buffer's elements means nothing. */
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
