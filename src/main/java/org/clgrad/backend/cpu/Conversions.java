package org.clgrad.backend.cpu;

import org.clgrad.array.DType;

/** Changes of element type, as PyTorch's {@code to}: towards zero to integers, {@code != 0} to booleans (NaN is true). */
final class Conversions {
    private Conversions() {}

    /** {@code dst[to + i] = src[from + i]}; the types are those of the arrays. */
    static void run(Object src, DType srcType, int from, Object dst, DType dstType, int to, int n) {
        switch (srcType) {
            case FLOAT32 -> fromFloat((float[]) src, from, dst, dstType, to, n);
            case FLOAT64 -> fromDouble((double[]) src, from, dst, dstType, to, n);
            case INT64 -> fromLong((long[]) src, from, dst, dstType, to, n);
            case BOOL -> fromBool((byte[]) src, from, dst, dstType, to, n);
        }
    }

    private static void fromFloat(float[] src, int from, Object dst, DType dstType, int to, int n) {
        switch (dstType) {
            case FLOAT32 -> System.arraycopy(src, from, dst, to, n);
            case FLOAT64 -> {
                double[] o = (double[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = src[from + i];
                }
            }
            case INT64 -> {
                long[] o = (long[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = (long) src[from + i];
                }
            }
            case BOOL -> {
                byte[] o = (byte[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = (byte) (src[from + i] != 0 ? 1 : 0);
                }
            }
        }
    }

    private static void fromDouble(double[] src, int from, Object dst, DType dstType, int to, int n) {
        switch (dstType) {
            case FLOAT32 -> {
                float[] o = (float[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = (float) src[from + i];
                }
            }
            case FLOAT64 -> System.arraycopy(src, from, dst, to, n);
            case INT64 -> {
                long[] o = (long[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = (long) src[from + i];
                }
            }
            case BOOL -> {
                byte[] o = (byte[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = (byte) (src[from + i] != 0 ? 1 : 0);
                }
            }
        }
    }

    private static void fromLong(long[] src, int from, Object dst, DType dstType, int to, int n) {
        switch (dstType) {
            case FLOAT32 -> {
                float[] o = (float[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = src[from + i];
                }
            }
            case FLOAT64 -> {
                double[] o = (double[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = src[from + i];
                }
            }
            case INT64 -> System.arraycopy(src, from, dst, to, n);
            case BOOL -> {
                byte[] o = (byte[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = (byte) (src[from + i] != 0 ? 1 : 0);
                }
            }
        }
    }

    private static void fromBool(byte[] src, int from, Object dst, DType dstType, int to, int n) {
        switch (dstType) {
            case FLOAT32 -> {
                float[] o = (float[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = src[from + i];
                }
            }
            case FLOAT64 -> {
                double[] o = (double[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = src[from + i];
                }
            }
            case INT64 -> {
                long[] o = (long[]) dst;
                for (int i = 0; i < n; i++) {
                    o[to + i] = src[from + i];
                }
            }
            case BOOL -> System.arraycopy(src, from, dst, to, n);
        }
    }
}
