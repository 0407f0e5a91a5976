package org.clgrad.backend;

import org.jspecify.annotations.Nullable;

/** A kernel source does not compile. The message ends with the compiler's log. */
public final class KernelBuildException extends DeviceException {
    public KernelBuildException(String message) {
        super(message);
    }

    public KernelBuildException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
