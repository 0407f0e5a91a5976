package org.clgrad.backend.opencl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The OpenCL devices of this machine. Nothing touches a driver before {@link #discover} is called. */
public final class OpenCl {
    private static @Nullable Discovery found;

    private OpenCl() {}

    /**
     * Asks every driver for its devices, once: later calls give the same answer. Never throws; what went wrong is part of
     * the answer.
     */
    public static synchronized Discovery discover() {
        if (found == null) {
            try {
                found = Platforms.discover(); // the first touch of JOCL, whose class initialiser loads the library
            } catch (LinkageError | RuntimeException e) {
                found = new Discovery(List.of(), List.of(new Discovery.Failure("OpenCL loader", e)));
            }
        }
        return found;
    }
}
