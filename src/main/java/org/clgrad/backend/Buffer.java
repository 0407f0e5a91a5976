package org.clgrad.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of device memory that arrays share, or the work that will fill it.
 *
 * <p>Whoever needs the contents later (a tensor, a saved value, a gradient) is a holder. Memory goes back to its device
 * when the last holder lets go, or when the garbage collector finds the buffer unreachable, whichever is first. A buffer
 * that was never held belongs to the {@link Region} that it was made in. Pending work that reads a buffer has it on loan, and
 * its memory stays until that work is done or given up.
 */
public abstract class Buffer {
    // fields that threads change together are changed by these: an object for each would be most of a buffer
    private static final VarHandle CLAIMS;
    private static final VarHandle FREED;
    private static final VarHandle VERSION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CLAIMS = lookup.findVarHandle(Buffer.class, "claims", long.class);
            FREED = lookup.findVarHandle(Buffer.class, "freed", boolean.class);
            VERSION = lookup.findVarHandle(Buffer.class, "version", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // claims are one number, so that one step tells whether it was the last
    private static final long LOAN = 1;
    private static final long ABANDONED = 1L << 31; // no holder is to come, though loans may be left
    private static final long HOLDER = 1L << 32;

    private final Backend backend;
    private final DType dtype;
    private final long length;
    private volatile long claims;
    private volatile int version;
    private final WeakBuffers readers = new WeakBuffers();
    private volatile @Nullable Pending pending;
    private boolean settling;
    private @Nullable WeakReference<Buffer> weak;
    private volatile boolean freed;

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
        return version;
    }

    public final void contentsChanged() {
        VERSION.getAndAdd(this, 1);
    }

    /** Adds a holder. */
    public final void retain() {
        if (((long) CLAIMS.getAndAdd(this, HOLDER) & ABANDONED) != 0) {
            CLAIMS.getAndBitwiseAnd(this, ~ABANDONED);
        }
    }

    /** Removes a holder; the memory goes back with the last one. */
    public final void release() {
        if ((long) CLAIMS.getAndAdd(this, -HOLDER) < 2 * HOLDER) {
            abandon();
        }
    }

    /** Gives the memory back unless somebody holds it: for intermediate values that were never handed out. */
    public final void freeIfUnheld() {
        if (claims < HOLDER) {
            abandon();
        }
    }

    /** Number of holders. */
    public final int holders() {
        return (int) (claims / HOLDER);
    }

    private static int loans(long claims) {
        return (int) (claims & ABANDONED - 1);
    }

    /** Whether the memory has gone back. */
    public final boolean isFreed() {
        return freed;
    }

    /** Whether the contents are still to be computed. */
    public final boolean isPending() {
        return pending != null;
    }

    /** Computes the contents if that is still to be done. */
    public final void settle() {
        if (pending == null) {
            return;
        }
        synchronized (this) {
            Pending work = pending;
            if (work != null && !settling) { // while it is under way, those who do it write here
                obtainMemory();
                settleBy(work, () -> work.run(new NdArray(this, Layout.contiguous(work.shape()))));
            }
        }
    }

    private void settleBy(Pending work, Runnable computation) {
        settling = true;
        try {
            computation.run();
            pending = null;
        } finally {
            settling = false;
        }
        work.end();
    }

    /**
     * Called before the contents change in place. Pending work that is to read them as they are now is done at once, or,
     * where that costs more, gets a copy of them.
     */
    public final void beforeChange() {
        settle();
        if (settling || loans(claims) == 0) { // while it is being computed, nobody has seen it
            return;
        }
        List<Buffer> waiting = new ArrayList<>();
        long work = 0;
        for (Buffer reader : readers.takeAll()) {
            if (reader.isPending()) {
                waiting.add(reader);
                work += reader.length;
            }
        }
        if (work <= length) {
            waiting.forEach(Buffer::settle);
        } else {
            NdArray copy = NdArray.allocate(backend, dtype, Math.toIntExact(length));
            backend.copy(new NdArray(this, copy.layout()), copy);
            waiting.forEach(reader -> reader.redirect(this, copy.buffer()));
            copy.buffer().freeIfUnheld(); // the readers have it on loan
        }
    }

    /**
     * Computes a product that is still to be done, and with it the work that follows; returns false if there is none, or if its elements
     * are not one to one those of that work.
     *
     * @param input number of the product among the follower's inputs
     * @param out contiguous, memory that nothing reads
     */
    final boolean settleWith(PendingPointwise follower, int input, NdArray out) {
        Layout view = follower.inputs()[input].layout();
        if (pending == null || !view.isContiguous() || view.numel() != length) {
            return false;
        }
        synchronized (this) {
            if (!(pending instanceof PendingProduct product)) {
                return false;
            }
            if (isWantedBeside(follower)) {
                obtainMemory();
                NdArray place = new NdArray(this, Layout.contiguous(product.shape()));
                settleBy(product, () -> product.run(place, follower, input, out));
            } else {
                product.run(out.with(Layout.contiguous(product.shape())), follower, input, out);
            }
            return true;
        }
    }

    /** Whether anybody but one piece of work, which has it on loan, is to see the contents. */
    final boolean isWantedBeside(Pending one) {
        return claims >= HOLDER || loans(claims) > 1;
    }

    /** As {@link #settle} where it would cost much to compute the contents more than once: for values that are kept for later. */
    public final void settleIfCostly() {
        Pending work = pending;
        if (work != null && work.isCostly()) {
            settle();
        }
    }

    /** As {@link #settle} where that is the end of a product that nobody else wants, which then need not be stored. */
    final void settleIfEndOfProduct() {
        if (pending instanceof PendingPointwise work && work.endsProduct()) {
            settle();
        }
    }

    /** As {@link #settle}, unless other work has taken this in. */
    final void settleIfUnused() {
        Pending work = pending;
        if (work != null && work.uses() == 0) {
            settle();
        }
    }

    /** One reference for all the lists that this is in. */
    final synchronized WeakReference<Buffer> weak() {
        if (weak == null) {
            weak = new WeakReference<>(this);
        }
        return weak;
    }

    /** Makes pending work read another buffer's contents. */
    private synchronized void redirect(Buffer from, Buffer to) {
        Pending work = pending;
        if (work != null && work.redirect(from, to)) {
            to.readers.add(this);
        }
    }

    /** Takes on work to do later. */
    final void defer(Pending work) {
        pending = work;
        for (NdArray input : work.inputs()) {
            input.buffer().readers.add(this);
        }
    }

    /** The work to be done, or null; to be used under this buffer's monitor. */
    final @Nullable Pending pending() {
        return pending;
    }

    /** Keeps the memory until {@link #giveBack}, though nobody should hold it. */
    final void lend() {
        CLAIMS.getAndAdd(this, LOAN);
    }

    final void giveBack() {
        if ((long) CLAIMS.getAndAdd(this, -LOAN) == ABANDONED + LOAN) {
            free();
        }
    }

    private void abandon() {
        if (loans(claims) == 0 || loans((long) CLAIMS.getAndBitwiseOr(this, ABANDONED)) == 0) {
            free();
        }
    }

    private void free() {
        if (!FREED.compareAndSet(this, false, true)) {
            return;
        }
        if (pending != null) {
            giveUp();
        }
        releaseMemory();
    }

    private synchronized void giveUp() {
        Pending work = pending;
        pending = null;
        if (work != null) {
            work.end();
        }
    }

    /** Gets memory for the contents, unless there is some. */
    protected abstract void obtainMemory();

    /** Gives the memory back, if there is any. */
    protected abstract void releaseMemory();
}
