package org.clgrad.backend.opencl;

import org.clgrad.backend.DeviceException;

/** A call of the driver failed; the message names the call and the error, such as {@code CL_OUT_OF_RESOURCES (-5)}. */
public final class OpenClException extends DeviceException {
    private static final int MEM_OBJECT_ALLOCATION_FAILURE = -4;
    private static final int OUT_OF_HOST_MEMORY = -6;

    private final int code;
    private final String codeName;

    OpenClException(String call, int code, String codeName) {
        super(call + ": " + codeName + " (" + code + ")");
        this.code = code;
        this.codeName = codeName;
    }

    /** The driver's error code. */
    public int code() {
        return code;
    }

    /** Its name in the standard. */
    public String codeName() {
        return codeName;
    }

    /** Whether the device ran out of room: -4, -5 or -6. Drivers that allocate late answer so to a launch. */
    boolean isOutOfMemory() {
        return code <= MEM_OBJECT_ALLOCATION_FAILURE && code >= OUT_OF_HOST_MEMORY;
    }
}
