package org.clgrad.backend;

import org.jspecify.annotations.Nullable;

/** A device, its driver or its compiler failed. */
public class DeviceException extends RuntimeException {
    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
