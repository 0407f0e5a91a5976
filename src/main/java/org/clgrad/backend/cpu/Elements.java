package org.clgrad.backend.cpu;

import java.util.Arrays;
import org.clgrad.array.DType;

/**
 * What can be done with an array of one element type without computing: runs of elements are filled, and moved to and
 * from evenly spaced places.
 *
 * @param <A> the array type: float[], double[], long[] or byte[]
 */
abstract class Elements<A> {
    static final Elements<float[]> FLOAT32 = new Floats();
    static final Elements<double[]> FLOAT64 = new Doubles();
    static final Elements<long[]> INT64 = new Longs();
    static final Elements<byte[]> BOOL = new Booleans();

    static Elements<?> of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> FLOAT32;
            case FLOAT64 -> FLOAT64;
            case INT64 -> INT64;
            case BOOL -> BOOL;
        };
    }

    /**
     * Bytes of an array that the collector G1 mostly puts at the beginning of a region, since it is so large; element
     * {@link #firstOnLine()} then begins at a line of memory, and no vector that follows it lies across two.
     */
    static final int OWN_REGION = 1 << 21;

    private static final int LINE = 64;
    private static final int HEADER = 16; // of an array

    private final DType dtype;

    private Elements(DType dtype) {
        this.dtype = dtype;
    }

    /** Of an element. */
    final int bytes() {
        return dtype.bytes();
    }

    /** The first element of an array of {@link #OWN_REGION} bytes or more that begins at a line of memory. */
    final int firstOnLine() {
        return (LINE - HEADER) / bytes();
    }

    abstract A newArray(int length);

    /** Length of an array, for checks. */
    abstract int length(A array);

    /** {@code a[from + i] = value}. */
    abstract void fill(A a, int from, int n, double value);

    /** {@code dst[to + i * toStep] = src[from + i * fromStep]}. */
    abstract void move(A src, int from, int fromStep, A dst, int to, int toStep, int n);

    /** {@code a[i]}. */
    abstract double get(A a, int i);

    /** The array, if it is of this type. */
    abstract A cast(Object array);

    private static final class Floats extends Elements<float[]> {
        Floats() {
            super(DType.FLOAT32);
        }

        @Override
        float[] newArray(int length) {
            return new float[length];
        }

        @Override
        int length(float[] array) {
            return array.length;
        }

        @Override
        void fill(float[] a, int from, int n, double value) {
            Arrays.fill(a, from, from + n, (float) value);
        }

        @Override
        void move(float[] src, int from, int fromStep, float[] dst, int to, int toStep, int n) {
            if (fromStep == 1 && toStep == 1) {
                System.arraycopy(src, from, dst, to, n);
            } else if (fromStep == 0 && toStep == 1) {
                Arrays.fill(dst, to, to + n, src[from]);
            } else {
                for (int i = 0; i < n; i++) {
                    dst[to + i * toStep] = src[from + i * fromStep];
                }
            }
        }

        @Override
        double get(float[] a, int i) {
            return a[i];
        }

        @Override
        float[] cast(Object array) {
            return (float[]) array;
        }
    }

    private static final class Doubles extends Elements<double[]> {
        Doubles() {
            super(DType.FLOAT64);
        }

        @Override
        double[] newArray(int length) {
            return new double[length];
        }

        @Override
        int length(double[] array) {
            return array.length;
        }

        @Override
        void fill(double[] a, int from, int n, double value) {
            Arrays.fill(a, from, from + n, value);
        }

        @Override
        void move(double[] src, int from, int fromStep, double[] dst, int to, int toStep, int n) {
            if (fromStep == 1 && toStep == 1) {
                System.arraycopy(src, from, dst, to, n);
            } else if (fromStep == 0 && toStep == 1) {
                Arrays.fill(dst, to, to + n, src[from]);
            } else {
                for (int i = 0; i < n; i++) {
                    dst[to + i * toStep] = src[from + i * fromStep];
                }
            }
        }

        @Override
        double get(double[] a, int i) {
            return a[i];
        }

        @Override
        double[] cast(Object array) {
            return (double[]) array;
        }
    }

    private static final class Longs extends Elements<long[]> {
        Longs() {
            super(DType.INT64);
        }

        @Override
        long[] newArray(int length) {
            return new long[length];
        }

        @Override
        int length(long[] array) {
            return array.length;
        }

        @Override
        void fill(long[] a, int from, int n, double value) {
            Arrays.fill(a, from, from + n, (long) value);
        }

        @Override
        void move(long[] src, int from, int fromStep, long[] dst, int to, int toStep, int n) {
            if (fromStep == 1 && toStep == 1) {
                System.arraycopy(src, from, dst, to, n);
            } else if (fromStep == 0 && toStep == 1) {
                Arrays.fill(dst, to, to + n, src[from]);
            } else {
                for (int i = 0; i < n; i++) {
                    dst[to + i * toStep] = src[from + i * fromStep];
                }
            }
        }

        @Override
        double get(long[] a, int i) {
            return a[i];
        }

        @Override
        long[] cast(Object array) {
            return (long[]) array;
        }
    }

    private static final class Booleans extends Elements<byte[]> {
        Booleans() {
            super(DType.BOOL);
        }

        @Override
        byte[] newArray(int length) {
            return new byte[length];
        }

        @Override
        int length(byte[] array) {
            return array.length;
        }

        @Override
        void fill(byte[] a, int from, int n, double value) {
            Arrays.fill(a, from, from + n, (byte) (value != 0 ? 1 : 0));
        }

        @Override
        void move(byte[] src, int from, int fromStep, byte[] dst, int to, int toStep, int n) {
            if (fromStep == 1 && toStep == 1) {
                System.arraycopy(src, from, dst, to, n);
            } else if (fromStep == 0 && toStep == 1) {
                Arrays.fill(dst, to, to + n, src[from]);
            } else {
                for (int i = 0; i < n; i++) {
                    dst[to + i * toStep] = src[from + i * fromStep];
                }
            }
        }

        @Override
        double get(byte[] a, int i) {
            return a[i];
        }

        @Override
        byte[] cast(Object array) {
            return (byte[]) array;
        }
    }
}
