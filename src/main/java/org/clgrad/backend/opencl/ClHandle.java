package org.clgrad.backend.opencl;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An object of the driver's and who owns it. A released handle never reaches the driver again, where it would end the JVM:
 * using or releasing it is an error here.
 */
final class ClHandle<H> {
    private final String kind;
    private final ToIntFunction<H> releaseCall;
    private @Nullable H handle;

    /** @param kind what it is, such as {@code MemObject}: released by clReleaseMemObject */
    ClHandle(String kind, H handle, ToIntFunction<H> releaseCall) {
        this.kind = kind;
        this.handle = handle;
        this.releaseCall = releaseCall;
    }

    synchronized H get() {
        if (handle == null) {
            throw new IllegalStateException(kind + " used after it was released");
        }
        return handle;
    }

    synchronized void release() {
        H released = get();
        handle = null;
        Cl.call("clRelease" + kind, () -> releaseCall.applyAsInt(released));
    }
}
