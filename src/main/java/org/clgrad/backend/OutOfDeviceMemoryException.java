package org.clgrad.backend;

import org.jspecify.annotations.Nullable;

/** A device has no room for a buffer, even after everything unreachable was collected. The message names the sizes and the largest holders. */
public final class OutOfDeviceMemoryException extends DeviceException {
    public OutOfDeviceMemoryException(String message) {
        super(message);
    }

    public OutOfDeviceMemoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
