package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.assertClose;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.elements;
import static org.clgrad.backend.opencl.Arrays64.random;
import static org.clgrad.backend.opencl.Arrays64.upload;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Arrays;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MatmulTest {
    private static final int[][] SHAPES = {
        {1, 1, 1},
        {1, 5, 3},
        {2, 3, 4},
        {7, 33, 17},
        {8, 16, 48},
        {9, 1, 49},
        {65, 40, 66},
        {31, 270, 53},
        {128, 64, 100},
        {3, 0, 2},
        {1, 600, 300}, // few rows
        {3, 40, 290},
        {3, 41, 290},
        {3, 3, 2000},
        {290, 40, 3}, // few columns
        {4, 37, 1},
        {6, 2100, 5} // little to share but k
    };

    /** Each device with both families of kernels. */
    static Stream<Arguments> devices() {
        return TestDevices.families();
    }

    private static void check(Backend backend, DType dtype, Layout a, Layout b) {
        double[] x = random(dtype, (int) a.end() + 1, 1);
        double[] y = random(dtype, (int) b.end() + 1, 2);
        check(backend, dtype, x, a, y, b);
    }

    private static void check(Backend backend, DType dtype, double[] x, Layout a, double[] y, Layout b) {
        int batch = a.shape()[0];
        int m = a.shape()[1];
        int k = a.shape()[2];
        int n = b.shape()[2];
        NdArray out = new NdArray(
                upload(backend, dtype, new double[batch * m * n + 9]),
                new Layout(new int[] {batch, m, n}, new long[] {(long) m * n, n, 1}, 4));
        backend.matmul(new NdArray(upload(backend, dtype, x), a), new NdArray(upload(backend, dtype, y), b), out);
        double[] left = elements(x, a);
        double[] right = elements(y, b);
        double[] expected = new double[batch * m * n + 9];
        for (int z = 0; z < batch; z++) {
            for (int i = 0; i < m; i++) {
                for (int p = 0; p < k; p++) {
                    for (int j = 0; j < n; j++) {
                        expected[4 + (z * m + i) * n + j] += left[(z * m + i) * k + p] * right[(z * k + p) * n + j];
                    }
                }
            }
        }
        double tolerance = Arrays64.tolerance(dtype) * Math.max(1, Math.sqrt(k));
        assertClose(expected, download(out.buffer()), tolerance, a + " x " + b);
    }

    private static double[] integers(Layout of) {
        double[] values = new double[(int) of.end() + 1];
        Arrays.setAll(values, i -> i * 7 % 11 - 5);
        return values;
    }

    private static Layout matrix(boolean byRows, int batch, int rows, int columns) {
        return byRows
                ? Layout.contiguous(batch, rows, columns)
                : Layout.contiguous(batch, columns, rows).transpose(1, 2);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void oddShapesAndTransposes(Backend backend, DType dtype) {
        for (int[] s : SHAPES) {
            for (int lies = 0; lies < 4; lies++) {
                check(backend, dtype, matrix((lies & 1) == 0, 1, s[0], s[1]), matrix((lies & 2) == 0, 1, s[1], s[2]));
            }
        }
    }

    /** On CPU devices these are large enough to be packed into panels. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void largeProducts(Backend backend, DType dtype) {
        assumeFalse(
                backend.describe().platform().contains("Oclgrind"), "a simulator takes minutes; panels() covers it");
        for (int lies = 0; lies < 4; lies++) {
            int[] s = lies == 3 ? new int[] {101, 270, 97} : new int[] {203, 530, 315};
            check(backend, dtype, matrix((lies & 1) == 0, 1, s[0], s[1]), matrix((lies & 2) == 0, 1, s[1], s[2]));
        }
    }

    /** Where the left operand's columns are many pages apart it is packed first, or changes places with few columns on the right. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void distantColumns(Backend backend, DType dtype) {
        assumeFalse(backend.describe().platform().contains("Oclgrind"), "a simulator takes minutes");
        check(backend, dtype, matrix(false, 1, 1003, 530), matrix(true, 1, 530, 130));
        check(backend, dtype, matrix(false, 2, 1003, 530), matrix(true, 2, 530, 130));
        check(backend, dtype, matrix(false, 1, 1003, 530), matrix(true, 1, 530, 17));
        check(backend, dtype, matrix(false, 2, 1003, 530), matrix(false, 2, 530, 17));
        Layout far = Layout.contiguous(1, 3000, 600).slice(2, 0, 100, 1).transpose(1, 2);
        Layout too = Layout.contiguous(1, 3000, 520).slice(2, 3, 90, 1);
        check(backend, dtype, integers(far), far, integers(too), too); // of both; every sum is exact
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void repeatsBitForBit(Backend backend, DType dtype) {
        for (int[] s : new int[][] {{40, 300, 50}, {1, 700, 300}, {5, 2100, 6}}) {
            NdArray a = Arrays64.array(backend, dtype, random(dtype, s[0] * s[1], 1), 1, s[0], s[1]);
            NdArray b = Arrays64.array(backend, dtype, random(dtype, s[1] * s[2], 2), 1, s[1], s[2]);
            NdArray first = a.allocateLike(1, s[0], s[2]);
            NdArray second = a.allocateLike(1, s[0], s[2]);
            backend.matmul(a, b, first);
            backend.matmul(a, b, second);
            assertArrayEquals(download(first.buffer()), download(second.buffer()));
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void panels(Backend backend, DType dtype) {
        Layout gaps = Layout.contiguous(2, 40, 600).slice(2, 0, 600, 2); // no line is contiguous: packed at any size
        check(backend, dtype, gaps, Layout.contiguous(2, 300, 80).slice(2, 1, 80, 2));
        check(
                backend,
                dtype,
                gaps,
                Layout.contiguous(1, 300, 80).slice(2, 1, 80, 2).expand(2, 300, 40));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void batches(Backend backend, DType dtype) {
        for (int[] s : new int[][] {{3, 5, 4}, {20, 130, 110}}) {
            Layout a = Layout.contiguous(3, s[0], s[1]);
            Layout b = Layout.contiguous(3, s[1], s[2]);
            check(backend, dtype, a, b);
            check(backend, dtype, a, Layout.contiguous(1, s[1], s[2]).expand(3, s[1], s[2]));
            check(backend, dtype, Layout.contiguous(1, s[0], s[1]).expand(3, s[0], s[1]), b);
            check(backend, dtype, Layout.contiguous(3, s[1], s[0]).transpose(1, 2), b);
            check(backend, dtype, Layout.contiguous(s[0], 3, s[1]).transpose(0, 1), b);
        }
        check(backend, dtype, Layout.contiguous(0, 2, 3), Layout.contiguous(0, 3, 2));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void viewsWhoseLinesHaveGaps(Backend backend, DType dtype) {
        for (int[] s : new int[][] {{9, 7, 5}, {70, 90, 60}}) {
            Layout a = Layout.contiguous(1, s[0] * 2, s[1] + 3)
                    .slice(1, 1, s[0] * 2, 2)
                    .slice(2, 2, s[1] + 2, 1);
            Layout b = Layout.contiguous(1, s[1] * 2, s[2] * 3)
                    .slice(1, 0, s[1] * 2, 2)
                    .slice(2, 1, s[2] * 3, 3);
            check(backend, dtype, a, b);
            check(backend, dtype, Layout.contiguous(1, 1, s[1]).expand(1, s[0], s[1]), b);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("devices")
    void notFinite(Backend backend, DType dtype) {
        for (int size : new int[] {3, 70}) {
            double[] x = random(dtype, size * size, 1);
            double[] y = random(dtype, size * size, 2);
            x[4] = Double.NaN;
            y[7] = Double.POSITIVE_INFINITY;
            check(backend, dtype, x, Layout.contiguous(1, size, size), y, Layout.contiguous(1, size, size));
        }
    }
}
