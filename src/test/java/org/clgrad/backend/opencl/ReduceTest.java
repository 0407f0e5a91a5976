package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.array;
import static org.clgrad.backend.opencl.Arrays64.assertClose;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.elements;
import static org.clgrad.backend.opencl.Arrays64.random;
import static org.clgrad.backend.opencl.Arrays64.upload;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.array.Shapes;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReduceTest {
    private static final String DEVICES = "org.clgrad.backend.opencl.TestDevices#backendsAndTypes";

    private static double combine(Reduction kind, double a, double b) {
        return switch (kind) {
            case SUM -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static double[] expected(Reduction kind, double[] values, int[] shape, int[] axes) {
        Layout kept = Layout.contiguous(Shapes.reduced(shape, axes, true));
        Layout walk = kept.expand(shape); // stride 0 along what is reduced
        double neutral = kind == Reduction.SUM ? 0 : Double.NEGATIVE_INFINITY * (kind == Reduction.MAX ? 1 : -1);
        double[] out = new double[(int) kept.numel()];
        Arrays.fill(out, neutral);
        for (int i = 0; i < values.length; i++) {
            int at = Arrays64.position(walk, i);
            out[at] = combine(kind, out[at], values[i]);
        }
        return out;
    }

    private static void check(Backend backend, DType dtype, Reduction kind, double[] buffer, Layout view, int... axes) {
        NdArray in = new NdArray(upload(backend, dtype, buffer), view);
        NdArray out = NdArray.allocate(backend, dtype, Shapes.reduced(view.shape(), axes, true));
        backend.reduce(kind, in, axes, out);
        double size = Math.max(1, Math.sqrt(view.numel()));
        assertClose(
                expected(kind, elements(buffer, view), view.shape(), axes),
                download(out.buffer()),
                Arrays64.tolerance(dtype) * size,
                kind + " of " + view + " over " + Arrays.toString(axes));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void everySetOfAxesOfPermutedArrays(Backend backend, DType dtype) {
        Layout dense = Layout.contiguous(3, 5, 4, 19);
        double[] buffer = random(dtype, (int) dense.numel() + 2, 1);
        Layout[] views = {dense, dense.permute(3, 1, 0, 2), dense.permute(2, 3, 1, 0), dense.slice(3, 1, 19, 2)};
        for (Layout view : views) {
            for (int set = 0; set < 16; set++) {
                int mask = set;
                int[] axes =
                        IntStream.range(0, 4).filter(i -> (mask >> i & 1) == 1).toArray();
                check(backend, dtype, Reduction.values()[set % 3], buffer, view, axes);
                check(backend, dtype, Reduction.SUM, buffer, view, axes);
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void lengthsAroundVectorsSegmentsAndStages(Backend backend, DType dtype) {
        for (int n : new int[] {1, 2, 15, 16, 17, 64, 127, 128, 129, 1000, 4096, 4097, 70001}) {
            double[] x = random(dtype, n, n);
            for (Reduction kind : Reduction.values()) {
                check(backend, dtype, kind, x, Layout.contiguous(n), 0);
            }
        }
        for (int rows : new int[] {1, 127, 129, 17000}) {
            double[] x = random(dtype, rows * 19, rows);
            check(backend, dtype, Reduction.SUM, x, Layout.contiguous(rows, 19), 0);
            check(backend, dtype, Reduction.MAX, x, Layout.contiguous(rows, 19), 1);
            check(backend, dtype, Reduction.MIN, x, Layout.contiguous(19, rows).transpose(0, 1), 0);
            check(backend, dtype, Reduction.SUM, x, Layout.contiguous(rows, 1).expand(rows, 19), 1);
        }
        for (int[] shape :
                new int[][] {{300, 4100}, {23, 4100}, {1000, 100}, {20, 1100}}) { // many columns; few, in whole vectors
            double[] x = random(dtype, shape[0] * shape[1], shape[0]);
            check(backend, dtype, Reduction.SUM, x, Layout.contiguous(shape), 0);
            check(backend, dtype, Reduction.MAX, x, Layout.contiguous(shape), 0);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void manyLoops(Backend backend, DType dtype) {
        Layout dense = Layout.contiguous(2, 3, 2, 2, 3, 2, 2, 2);
        Layout view = dense.permute(7, 2, 5, 0, 3, 6, 1, 4);
        double[] buffer = random(dtype, (int) dense.numel(), 4);
        check(backend, dtype, Reduction.SUM, buffer, view, 6);
        check(backend, dtype, Reduction.SUM, buffer, view, 0, 2, 4, 6);
        check(backend, dtype, Reduction.MAX, buffer, view, 1, 2, 3, 7);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void cornerCases(Backend backend, DType dtype) {
        double[] withNan = random(dtype, 500, 2);
        withNan[321] = Double.NaN;
        for (Reduction kind : Reduction.values()) {
            check(backend, dtype, kind, withNan, Layout.contiguous(500), 0);
            check(backend, dtype, kind, withNan, Layout.contiguous(50, 10), 0);
            check(backend, dtype, kind, new double[] {Double.POSITIVE_INFINITY, 1, 2}, Layout.contiguous(3), 0);
            check(backend, dtype, kind, new double[] {3}, Layout.contiguous());
        }
        for (int row = 0; row < 13; row++) { // each by itself is what a few rows at a time may lose
            double[] wide = random(dtype, 13 * 100, 9);
            wide[row * 100 + 7 * row] = Double.NaN;
            check(backend, dtype, Reduction.MAX, wide, Layout.contiguous(13, 100), 0);
            check(backend, dtype, Reduction.MIN, wide, Layout.contiguous(13, 100), 0);
        }
        for (int vector = 0; vector < 10; vector++) { // several vectors of a row are looked at together
            double[] row = random(dtype, 150, 10);
            row[16 * vector] = Double.NaN;
            check(backend, dtype, Reduction.MAX, row, Layout.contiguous(150), 0);
            check(backend, dtype, Reduction.MIN, row, Layout.contiguous(150), 0);
        }
        double low = Double.NEGATIVE_INFINITY;
        check(backend, dtype, Reduction.MAX, new double[] {low, low}, Layout.contiguous(2), 0);
        check(backend, dtype, Reduction.SUM, new double[0], Layout.contiguous(0, 3), 0);
        check(backend, dtype, Reduction.SUM, new double[0], Layout.contiguous(3, 0), 0);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void repeatsBitForBit(Backend backend, DType dtype) {
        NdArray x = array(backend, dtype, random(dtype, 100_000, 3), 1000, 100);
        double[][] runs = new double[2][];
        for (int i = 0; i < 2; i++) {
            NdArray out = NdArray.allocate(backend, dtype, 1, 100);
            backend.reduce(Reduction.SUM, x, new int[] {0}, out);
            runs[i] = download(out.buffer());
        }
        assertArrayEquals(runs[0], runs[1]);
    }

    /** In the order that a stored array has, however the kept loops lie. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void valuesOnTheWayAreAddedAsIfStored(Backend backend, DType dtype) {
        Expr product = Expr.mul(Expr.input(0), Expr.input(1));
        for (int[] shape : new int[][] {{20, 1100, 3}, {17, 5000, 4}, {300, 70, 2}, {140, 2, 900}}) {
            NdArray all = array(backend, dtype, random(dtype, shape[0] * shape[1] * shape[2], 5), shape);
            for (int columns : new int[] {1, shape[2]}) {
                NdArray some = array(backend, dtype, random(dtype, shape[0] * columns, 6), shape[0], 1, columns);
                NdArray[] inputs = {all, some.expand(shape)};
                NdArray values = NdArray.allocate(backend, dtype, shape);
                backend.pointwise(product, inputs, new double[0], values);
                for (int axis : new int[] {0, 2}) {
                    NdArray stored = NdArray.allocate(backend, dtype, Shapes.reduced(shape, new int[] {axis}, true));
                    NdArray direct = stored.allocateLike(stored.shape());
                    backend.reduce(Reduction.SUM, values, new int[] {axis}, stored);
                    backend.reduce(Reduction.SUM, product, inputs, new double[0], new int[] {axis}, direct);
                    assertArrayEquals(download(stored.buffer()), download(direct.buffer()), Arrays.toString(shape));
                }
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void anInputAmongOthersIsReducedByItself(Backend backend, DType dtype) {
        double[] x = random(dtype, 60, 7);
        double[] y = random(dtype, 60, 8);
        NdArray[] inputs = {array(backend, dtype, x, 20, 3), array(backend, dtype, y, 20, 3)};
        NdArray out = NdArray.allocate(backend, dtype, 1, 3);
        backend.reduce(Reduction.SUM, Expr.input(1), inputs, new double[0], new int[] {0}, out);
        assertClose(
                expected(Reduction.SUM, y, new int[] {20, 3}, new int[] {0}),
                download(out.buffer()),
                8 * Arrays64.tolerance(dtype),
                "the second");
    }
}
