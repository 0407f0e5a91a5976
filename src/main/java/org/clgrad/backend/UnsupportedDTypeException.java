package org.clgrad.backend;

import org.jspecify.annotations.Nullable;

/** A device cannot compute with a dtype: FLOAT64 where cl_khr_fp64 is missing. */
public final class UnsupportedDTypeException extends DeviceException {
    public UnsupportedDTypeException(String message) {
        super(message);
    }

    public UnsupportedDTypeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
