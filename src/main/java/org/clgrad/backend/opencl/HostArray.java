package org.clgrad.backend.opencl;

import java.nio.ByteBuffer;
import org.clgrad.array.DType;
import org.jocl.Pointer;

/** A Java array of a dtype's element type: float[], double[], long[], or byte[] for BOOL. */
record HostArray(DType dtype, Object array) {

    static HostArray of(DType dtype, Object array) {
        boolean fits = switch (dtype) {
            case FLOAT32 -> array instanceof float[];
            case FLOAT64 -> array instanceof double[];
            case INT64 -> array instanceof long[];
            case BOOL -> array instanceof byte[];
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    dtype + " is kept in no " + array.getClass().getSimpleName());
        }
        return new HostArray(dtype, array);
    }

    int length() {
        return java.lang.reflect.Array.getLength(array);
    }

    long bytes() {
        return (long) length() * dtype.bytes();
    }

    Pointer pointer() {
        return switch (dtype) {
            case FLOAT32 -> Pointer.to((float[]) array);
            case FLOAT64 -> Pointer.to((double[]) array);
            case INT64 -> Pointer.to((long[]) array);
            case BOOL -> Pointer.to((byte[]) array);
        };
    }

    /** Takes all elements from the front of a buffer. */
    void copyFrom(ByteBuffer bytes) {
        switch (dtype) {
            case FLOAT32 -> bytes.asFloatBuffer().get((float[]) array);
            case FLOAT64 -> bytes.asDoubleBuffer().get((double[]) array);
            case INT64 -> bytes.asLongBuffer().get((long[]) array);
            case BOOL -> bytes.duplicate().get((byte[]) array);
        }
    }
}
