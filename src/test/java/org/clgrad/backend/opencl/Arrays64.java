package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.array.Shapes;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.NdArray;

/** Arrays as the tests see them: doubles, to and from a device. */
final class Arrays64 {
    private Arrays64() {}

    /** Numbers that a dtype can hold, so that reference and device start from the same. */
    static double[] random(DType dtype, int n, long seed) {
        Random random = new Random(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            double v = random.nextGaussian();
            values[i] = dtype == DType.FLOAT32 ? (float) v : v;
        }
        return values;
    }

    static Buffer upload(Backend backend, DType dtype, double... values) {
        Buffer buffer = backend.allocate(dtype, values.length);
        backend.write(host(dtype, values), buffer);
        return buffer;
    }

    /** A contiguous array. */
    static NdArray array(Backend backend, DType dtype, double[] values, int... shape) {
        return new NdArray(upload(backend, dtype, values), Layout.contiguous(shape));
    }

    static Object host(DType dtype, double... values) {
        int n = values.length;
        switch (dtype) {
            case FLOAT32 -> {
                float[] a = new float[n];
                for (int i = 0; i < n; i++) {
                    a[i] = (float) values[i];
                }
                return a;
            }
            case FLOAT64 -> {
                return values.clone();
            }
            case INT64 -> {
                long[] a = new long[n];
                for (int i = 0; i < n; i++) {
                    a[i] = (long) values[i];
                }
                return a;
            }
            default -> {
                byte[] a = new byte[n];
                for (int i = 0; i < n; i++) {
                    a[i] = (byte) (values[i] != 0 ? 1 : 0);
                }
                return a;
            }
        }
    }

    /** All elements of a buffer. */
    static double[] download(Buffer buffer) {
        int n = (int) buffer.length();
        NdArray all = new NdArray(buffer, Layout.contiguous(n));
        Object host = host(buffer.dtype(), new double[n]);
        buffer.backend().read(all, host);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = host instanceof float[] f
                    ? f[i]
                    : host instanceof double[] d ? d[i] : host instanceof long[] l ? l[i] : ((byte[]) host)[i];
        }
        return values;
    }

    /** Elements of a view in row-major order. */
    static double[] elements(double[] buffer, Layout view) {
        double[] values = new double[(int) view.numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer[position(view, i)];
        }
        return values;
    }

    /** Where the row-major element {@code i} of a view lies in its buffer. */
    static int position(Layout view, int i) {
        long at = view.offset();
        for (int d = view.dim() - 1; d >= 0; d--) {
            at += i % view.shape()[d] * view.strides()[d];
            i /= view.shape()[d];
        }
        return (int) at;
    }

    static double tolerance(DType dtype) {
        return dtype == DType.FLOAT32 ? 2e-6 : 1e-14;
    }

    /** Equal to within a relative error; NaN equals NaN, infinities only themselves. */
    static void assertClose(double[] expected, double[] actual, double tolerance, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            double e = expected[i];
            double a = actual[i];
            boolean same = e == a
                    || (Double.isNaN(e) && Double.isNaN(a))
                    || Math.abs(e - a) <= tolerance * Math.max(1, Math.abs(e));
            if (!same) {
                throw new AssertionError(what + ": element " + i + " should be " + e + " but is " + a);
            }
        }
    }

    static String text(int... shape) {
        return Shapes.text(shape);
    }
}
