package org.clgrad.backend;

import java.util.concurrent.atomic.AtomicInteger;
import org.clgrad.array.DType;

/**
 * A stretch of device memory that arrays share.
 *
 * <p>Whoever needs the contents later (a tensor, a saved value, a gradient) is a holder. Memory goes back to its device
 * when the last holder lets go, or when the garbage collector finds the buffer unreachable, whichever is first. A buffer
 * that was never held belongs to the {@link Region} that it was made in.
 */
public abstract class Buffer {
    private final Backend backend;
    private final DType dtype;
    private final long length;
    private final AtomicInteger holders = new AtomicInteger();
    private final AtomicInteger version = new AtomicInteger();

    protected Buffer(Backend backend, DType dtype, long length) {
        this.backend = backend;
        this.dtype = dtype;
        this.length = length;
    }

    public final Backend backend() {
        return backend;
    }

    public final DType dtype() {
        return dtype;
    }

    /** Number of elements. */
    public final long length() {
        return length;
    }

    /** How often the contents were changed in place: views share it, and saved values compare it. */
    public final int version() {
        return version.get();
    }

    public final void contentsChanged() {
        version.incrementAndGet();
    }

    /** Adds a holder. */
    public final void retain() {
        holders.incrementAndGet();
    }

    /** Removes a holder; the memory goes back with the last one. */
    public final void release() {
        if (holders.decrementAndGet() == 0) {
            free();
        }
    }

    /** Gives the memory back unless somebody holds it: for intermediate values that were never handed out. */
    public final void freeIfUnheld() {
        if (holders.get() == 0) {
            free();
        }
    }

    /** Number of holders. */
    public final int holders() {
        return holders.get();
    }

    /** Whether the memory has gone back. */
    public abstract boolean isFreed();

    /** Gives the memory back; further calls do nothing. */
    protected abstract void free();
}
