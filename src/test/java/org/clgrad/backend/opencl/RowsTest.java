package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.array;
import static org.clgrad.backend.opencl.Arrays64.assertClose;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.random;
import static org.clgrad.backend.opencl.Arrays64.tolerance;

import java.util.Arrays;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work-groups that have rows past the last one write nothing there. */
class RowsTest {
    private static final String FAMILIES = "org.clgrad.backend.opencl.TestDevices#families";
    private static final String SMALL_CACHES = "org.clgrad.backend.opencl.TestDevices#smallCaches";
    private static final int MORE = 5000; // elements behind each result
    private static final double UNTOUCHED = 7;

    private static NdArray roomy(Backend backend, DType dtype, int... shape) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        NdArray all = NdArray.allocate(backend, dtype, size + MORE);
        backend.fill(all, UNTOUCHED);
        return all.with(Layout.contiguous(shape));
    }

    private static void check(double[] expected, NdArray roomy, DType dtype, String what) {
        double[] all = Arrays.copyOf(expected, expected.length + MORE);
        Arrays.fill(all, expected.length, all.length, UNTOUCHED);
        assertClose(all, download(roomy.buffer()), 100 * tolerance(dtype), what);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource({FAMILIES, SMALL_CACHES})
    void nothingBehindTheResultsIsWritten(Backend backend, DType dtype) {
        Expr x = Expr.input(0);
        RowProgram program = new RowProgram(
                List.of(RowProgram.sum(x)),
                Expr.sub(x, RowProgram.scalar(0)),
                List.of(RowProgram.scalar(0)),
                List.of(Expr.mul(x, x)));
        for (int[] shape : new int[][] {{1, 3}, {5, 70}, {37, 512}, {3, 600}, {5, 2100}, {333, 20}}) {
            int rows = shape[0];
            int n = shape[1];
            double[] values = random(dtype, rows * n, n);
            double[] sums = new double[rows];
            double[] squares = new double[n];
            double[] result = new double[rows * n];
            for (int i = 0; i < values.length; i++) {
                sums[i / n] += values[i];
                squares[i % n] += values[i] * values[i];
            }
            Arrays.setAll(result, i -> values[i] - sums[i / n]);
            NdArray out = roomy(backend, dtype, rows, n, 1);
            NdArray rowOut = roomy(backend, dtype, rows, 1);
            NdArray columnOut = roomy(backend, dtype, n);
            NdArray[] inputs = {array(backend, dtype, values, rows, n, 1)};
            backend.rows(program, inputs, new double[0], out, new NdArray[] {rowOut}, new NdArray[] {columnOut});
            String what = rows + " x " + n;
            check(result, out, dtype, what);
            check(sums, rowOut, dtype, what + ", sums of rows");
            check(squares, columnOut, dtype, what + ", sums of columns");
        }
    }
}
