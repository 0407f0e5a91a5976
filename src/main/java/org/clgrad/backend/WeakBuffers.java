package org.clgrad.backend;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deferred buffers, as long as somebody else refers to them and their work is to be done. */
final class WeakBuffers {
    private static final int FIRST_SWEEP = 64;

    private @Nullable WeakReference<Buffer> latest; // mostly the only one whose work is to be done
    private @Nullable List<WeakReference<Buffer>> earlier;
    private int sweepAt = FIRST_SWEEP;

    synchronized void add(Buffer buffer) {
        if (latest != null && !isDone(latest)) {
            if (earlier == null) {
                earlier = new ArrayList<>(2);
            }
            if (earlier.size() >= sweepAt) {
                earlier.removeIf(WeakBuffers::isDone);
                sweepAt = Math.max(FIRST_SWEEP, 2 * earlier.size());
            }
            earlier.add(latest);
        }
        latest = buffer.weak();
    }

    private static boolean isDone(WeakReference<Buffer> reference) {
        Buffer buffer = reference.get();
        return buffer == null || !buffer.isPending();
    }

    /** Removes and returns all that are left. */
    synchronized List<Buffer> takeAll() {
        if (latest == null) {
            return List.of();
        }
        List<WeakReference<Buffer>> references = earlier == null ? new ArrayList<>() : earlier;
        references.add(latest);
        List<Buffer> all = new ArrayList<>();
        for (WeakReference<Buffer> reference : references) {
            Buffer buffer = reference.get();
            if (buffer != null) {
                all.add(buffer);
            }
        }
        latest = null;
        earlier = null;
        sweepAt = FIRST_SWEEP;
        return all;
    }
}
