package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.array;
import static org.clgrad.backend.opencl.Arrays64.assertClose;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.random;
import static org.clgrad.backend.opencl.Arrays64.upload;

import java.util.Arrays;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results that are longer than the cache, on devices that believe theirs to be small. */
class PastCacheTest {
    private static final int CACHE = TestDevices.SMALL_CACHE;
    private static final String DEVICES = "org.clgrad.backend.opencl.TestDevices#smallCaches";
    private static final double[] NONE = {};
    private static final int AROUND = 64; // elements before and behind a result, which stay as they are

    /** Lengths around the cache's and around whole vectors, results on boundaries of vectors and beside them; one kernel is written, one made. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void longResults(Backend backend, DType dtype) {
        int fits = CACHE / dtype.bytes();
        for (int n : new int[] {fits - 1, fits, fits + 1, 3 * fits + 15, 3 * fits + 16}) {
            for (int at : new int[] {0, 3, 16}) {
                check(backend, dtype, Expr.add(Expr.input(0), Expr.input(1)), n, at);
                check(backend, dtype, Expr.sub(Expr.sub(Expr.input(0), Expr.input(1)), Expr.input(0)), n, at);
            }
        }
    }

    private static void check(Backend backend, DType dtype, Expr expr, int n, int at) {
        double[] x = random(dtype, n, 1);
        double[] y = random(dtype, n, 2);
        NdArray[] in = {array(backend, dtype, x, n), array(backend, dtype, y, n)};
        double[] expected = random(dtype, at + n + AROUND, 3);
        Buffer out = upload(backend, dtype, expected);
        backend.pointwise(expr, in, NONE, new NdArray(out, new Layout(new int[] {n}, new long[] {1}, at)));
        for (int i = 0; i < n; i++) {
            expected[at + i] = ScalarReference.eval(expr, new double[] {x[i], y[i]}, NONE);
        }
        assertClose(expected, download(out), 4 * Arrays64.tolerance(dtype), expr + " of " + n + " at " + at);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void inPlace(Backend backend, DType dtype) {
        int n = CACHE;
        double[] x = random(dtype, n, 1);
        NdArray array = array(backend, dtype, x, n);
        backend.pointwise(Expr.mul(Expr.input(0), Expr.literal(2)), new NdArray[] {array}, NONE, array);
        assertClose(Arrays.stream(x).map(v -> 2 * v).toArray(), download(array.buffer()), 0, "twice");
    }
}
