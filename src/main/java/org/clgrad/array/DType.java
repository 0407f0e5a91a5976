package org.clgrad.array;

import java.util.Locale;

/** Element type of a tensor. {@code FLOAT32} and {@code FLOAT64} compute, {@code INT64} indexes, {@code BOOL} masks. */
public enum DType {
    FLOAT32(4),
    FLOAT64(8),
    INT64(8),
    /** One byte an element, 0 or 1. */
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether this is a floating-point type: only those compute and can require gradients. */
    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** PyTorch's name of the type, such as {@code float32}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
