package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.assertClose;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.elements;
import static org.clgrad.backend.opencl.Arrays64.random;
import static org.clgrad.backend.opencl.Arrays64.upload;

import java.util.Arrays;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CopyTest {
    private static final String DEVICES = "org.clgrad.backend.opencl.TestDevices#backends";
    private static final double[] VALUES = {0, 1, -1, 0.25, -2.75, 3.99, 100, -7e9, Double.NaN, Double.POSITIVE_INFINITY
    };

    private static double convert(DType from, DType to, double value) {
        double v = from == DType.BOOL ? (value != 0 ? 1 : 0) : from == DType.INT64 ? (long) value : value;
        v = from == DType.FLOAT32 ? (float) v : v;
        return switch (to) {
            case FLOAT32 -> (float) v;
            case FLOAT64 -> v;
            case INT64 -> (long) v;
            case BOOL -> v != 0 ? 1 : 0;
        };
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void everyPairOfTypes(Backend backend) {
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                if (backend.supports(from) && backend.supports(to)) {
                    NdArray src = new NdArray(upload(backend, from, VALUES), Layout.contiguous(2, 5));
                    NdArray dst = NdArray.allocate(backend, to, 5, 2);
                    backend.copy(src.with(src.layout().transpose(0, 1)), dst);
                    double[] expected = Arrays.stream(
                                    elements(VALUES, src.layout().transpose(0, 1)))
                            .map(v -> convert(from, to, v))
                            .toArray();
                    assertClose(expected, download(dst.buffer()), 0, from + " to " + to);
                }
            }
        }
    }

    private static void check(Backend backend, Layout from, Layout to) {
        double[] x = random(DType.FLOAT32, (int) from.end(), 1);
        double[] z = random(DType.FLOAT32, (int) to.end() + 2, 2);
        Buffer dst = upload(backend, DType.FLOAT32, z);
        backend.copy(new NdArray(upload(backend, DType.FLOAT32, x), from), new NdArray(dst, to));
        double[] values = elements(x, from);
        for (int i = 0; i < values.length; i++) {
            z[Arrays64.position(to, i)] = values[i];
        }
        assertClose(z, download(dst), 0, from + " -> " + to);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void anyStrides(Backend backend) {
        check(backend, Layout.contiguous(37), Layout.contiguous(37));
        check(backend, Layout.contiguous(9, 11).transpose(0, 1), Layout.contiguous(11, 9));
        check(backend, Layout.contiguous(11, 9), Layout.contiguous(9, 11).transpose(0, 1));
        check(backend, Layout.contiguous(1, 9).expand(30, 9), Layout.contiguous(30, 9));
        check(
                backend,
                Layout.contiguous(8, 40).slice(1, 1, 40, 2),
                Layout.contiguous(9, 20).slice(0, 1, 9, 1));
        check(backend, Layout.contiguous(), Layout.contiguous());
        check(backend, Layout.contiguous(0, 4), Layout.contiguous(0, 4));
        int[] order = new int[16];
        Arrays.setAll(order, i -> (i * 5 + 3) % 16);
        int[] shape = {2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 3};
        Layout turned = Layout.contiguous(shape).permute(order);
        check(backend, turned, Layout.contiguous(turned.shape()));
        check(backend, Layout.contiguous(turned.shape()), turned);
    }

    /** On PoCL a kernel copies these. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource({DEVICES, "org.clgrad.backend.opencl.TestDevices#smallCaches"})
    void longRuns(Backend backend) {
        int n = (1 << 20) + 3;
        check(backend, Layout.contiguous(n), Layout.contiguous(n));
        check(
                backend,
                Layout.contiguous(n + 7).slice(0, 7, n + 7, 1),
                Layout.contiguous(n + 5).slice(0, 5, n + 5, 1));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void fillsAnyStrides(Backend backend) {
        Layout[] views = {
            Layout.contiguous(33),
            Layout.contiguous(),
            Layout.contiguous(0),
            Layout.contiguous(6, 7).select(1, 3),
            Layout.contiguous(6, 7).slice(0, 1, 5, 2).slice(1, 0, 7, 3),
            Layout.contiguous(40).slice(0, 5, 20, 1)
        };
        for (DType dtype : DType.values()) {
            for (Layout view : views) {
                if (backend.supports(dtype)) {
                    double[] values = new double[(int) view.end() + 5];
                    Buffer dst = upload(backend, dtype, values);
                    backend.fill(new NdArray(dst, view), 2.5);
                    for (int i = 0; i < view.numel(); i++) {
                        values[Arrays64.position(view, i)] = convert(DType.FLOAT64, dtype, 2.5);
                    }
                    assertClose(values, download(dst), 0, dtype + " " + view);
                }
            }
        }
    }
}
