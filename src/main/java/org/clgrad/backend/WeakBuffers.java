package org.clgrad.backend;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deferred buffers, as long as somebody else refers to them and their work is to be done. */
final class WeakBuffers {
    private static final int FIRST_SWEEP = 64;

    private @Nullable List<WeakReference<Buffer>> references;
    private int sweepAt = FIRST_SWEEP;

    synchronized void add(Buffer buffer) {
        if (references == null) {
            references = new ArrayList<>(2);
        }
        if (references.size() >= sweepAt) {
            references.removeIf(WeakBuffers::isDone);
            sweepAt = Math.max(FIRST_SWEEP, 2 * references.size());
        }
        references.add(buffer.weak());
    }

    private static boolean isDone(WeakReference<Buffer> reference) {
        Buffer buffer = reference.get();
        return buffer == null || !buffer.isPending();
    }

    /** Removes and returns all that are left. */
    synchronized List<Buffer> takeAll() {
        if (references == null) {
            return List.of();
        }
        List<Buffer> all = new ArrayList<>();
        for (WeakReference<Buffer> reference : references) {
            Buffer buffer = reference.get();
            if (buffer != null) {
                all.add(buffer);
            }
        }
        references = null;
        sweepAt = FIRST_SWEEP;
        return all;
    }
}
