package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.array;
import static org.clgrad.backend.opencl.Arrays64.assertClose;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.elements;
import static org.clgrad.backend.opencl.Arrays64.random;
import static org.clgrad.backend.opencl.Arrays64.upload;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PointwiseTest {
    private static final String DEVICES = "org.clgrad.backend.opencl.TestDevices#backendsAndTypes";
    private static final double[] NONE = {};
    private static final double[] SPECIAL = {
        0, -0.0, 1, -1, 0.5, -2.5, 3, 30, -30, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };

    private static Expr call(Fn fn) {
        return Expr.of(fn, inputs(fn.arity()));
    }

    private static Expr[] inputs(int n) {
        Expr[] inputs = new Expr[n];
        Arrays.setAll(inputs, Expr::input);
        return inputs;
    }

    /** Every pair of special values for the first two arguments, running through them for the others. */
    private static double[][] specialArguments(int arity) {
        int s = SPECIAL.length;
        double[][] columns = new double[arity][s * s];
        for (int i = 0; i < s * s; i++) {
            for (int a = 0; a < arity; a++) {
                columns[a][i] = SPECIAL[a == 0 ? i % s : a == 1 ? i / s : (i * 5 + i / s * 7 + a) % s];
            }
        }
        return columns;
    }

    private static void check(Backend backend, DType dtype, Expr expr, double[][] columns, double[] constants) {
        int n = columns[0].length;
        NdArray[] in = new NdArray[columns.length];
        for (int a = 0; a < in.length; a++) {
            in[a] = array(backend, dtype, columns[a], n);
        }
        NdArray out = NdArray.allocate(backend, dtype, n);
        backend.pointwise(expr, in, constants, out);
        double[] expected = new double[n];
        for (int i = 0; i < n; i++) {
            double[] row = new double[columns.length];
            for (int a = 0; a < row.length; a++) {
                row[a] = columns[a][i];
            }
            expected[i] = ScalarReference.eval(expr, row, constants);
        }
        double[] actual = download(out.buffer());
        for (int i = 0; i < n; i++) {
            int at = i;
            double[] row = Arrays.stream(columns).mapToDouble(c -> c[at]).toArray();
            double e = dtype == DType.FLOAT32 ? (float) expected[i] : expected[i];
            assertClose(
                    new double[] {e},
                    new double[] {actual[i]},
                    16 * Arrays64.tolerance(dtype),
                    expr + " of " + Arrays.toString(row));
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void everyFunctionOnSpecialValues(Backend backend, DType dtype) {
        for (Fn fn : Fn.values()) {
            double[][] columns = specialArguments(fn.arity());
            if (fn == Fn.GELU_BACKWARD && dtype == DType.FLOAT32) { // there the slope, 1e-194, is 0
                columns[1] =
                        Arrays.stream(columns[1]).map(x -> x == -30 ? -3 : x).toArray();
            }
            check(backend, dtype, call(fn), columns, NONE);
        }
    }

    /** As close as the standard wants exp() to be, where the results are normal numbers. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void exponentialsAreWithinThreeUnits(Backend backend, DType dtype) {
        int n = 100_001;
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (-87 + i * (175.5 / n));
        }
        NdArray out = NdArray.allocate(backend, dtype, n);
        backend.pointwise(call(Fn.EXP), new NdArray[] {array(backend, dtype, x, n)}, NONE, out);
        double[] found = download(out.buffer());
        for (int i = 0; i < n; i++) {
            double expected = Math.exp(x[i]);
            double unit = dtype == DType.FLOAT32 ? Math.ulp((float) expected) : Math.ulp(expected);
            assertEquals(expected, found[i], 3 * unit, "exp of " + x[i]);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void everyFunctionInsideAnExpression(Backend backend, DType dtype) {
        Expr sum = Expr.literal(0);
        double[][] columns = new double[4][37];
        for (int a = 0; a < 4; a++) {
            columns[a] = Arrays.stream(random(dtype, 37, a))
                    .map(v -> Math.abs(v) + 0.1)
                    .toArray();
            for (int i = 0; i < 37; i++) {
                columns[a][i] = dtype == DType.FLOAT32 ? (float) columns[a][i] : columns[a][i];
            }
        }
        for (Fn fn : Fn.values()) { // in one kernel, since each kernel costs a compilation
            sum = Expr.add(sum, Expr.mul(Expr.constant(0), call(fn)));
        }
        check(backend, dtype, sum, columns, new double[] {0.25});
        Expr repeated = Expr.mul(Expr.of(Fn.EXP, Expr.input(1)), Expr.of(Fn.EXP, Expr.input(1)));
        check(
                backend,
                dtype,
                Expr.of(Fn.SELECT, Expr.of(Fn.GT, Expr.input(0), Expr.constant(1)), repeated, Expr.literal(-1.5e10)),
                columns,
                new double[] {7, 1});
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void literalsThatAreNotFinite(Backend backend, DType dtype) {
        for (double v : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            check(
                    backend,
                    dtype,
                    Expr.of(Fn.MAXIMUM, Expr.input(0), Expr.literal(v)),
                    new double[][] {{1, 2, Double.NaN}},
                    NONE);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void lengthsAroundTheVectorWidthWriteNothingElse(Backend backend, DType dtype) {
        for (int n : new int[] {0, 1, 3, 4, 5, 15, 16, 17, 63, 1023, 1024, 1025, 5000}) {
            double[] x = random(dtype, n + 40, n);
            double[] y = random(dtype, n + 40, n + 1);
            Buffer out = upload(backend, dtype, new double[n + 40]);
            backend.pointwise(
                    call(Fn.ADD),
                    new NdArray[] {
                        new NdArray(upload(backend, dtype, x), new Layout(new int[] {n}, new long[] {1}, 3)),
                        new NdArray(upload(backend, dtype, y), new Layout(new int[] {n}, new long[] {1}, 0))
                    },
                    NONE,
                    new NdArray(out, new Layout(new int[] {n}, new long[] {1}, 7)));
            double[] expected = new double[n + 40];
            for (int i = 0; i < n; i++) {
                expected[7 + i] = x[3 + i] + y[i];
            }
            assertClose(expected, download(out), Arrays64.tolerance(dtype), "length " + n);
        }
    }

    private static void checkViews(Backend backend, DType dtype, Layout a, Layout b, Layout out) {
        double[] x = random(dtype, (int) a.end() + 3, 1);
        double[] y = random(dtype, (int) b.end() + 3, 2);
        double[] z = random(dtype, (int) out.end() + 3, 3);
        Buffer result = upload(backend, dtype, z);
        backend.pointwise(
                call(Fn.ADD),
                new NdArray[] {new NdArray(upload(backend, dtype, x), a), new NdArray(upload(backend, dtype, y), b)},
                NONE,
                new NdArray(result, out));
        double[] left = elements(x, a);
        double[] right = elements(y, b);
        for (int i = 0; i < left.length; i++) {
            z[Arrays64.position(out, i)] = left[i] + right[i];
        }
        assertClose(z, download(result), Arrays64.tolerance(dtype), a + " + " + b + " -> " + out);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void viewsOfEveryKind(Backend backend, DType dtype) {
        Layout dense = Layout.contiguous(6, 5, 4, 7);
        checkViews(backend, dtype, dense, Layout.contiguous(7).expand(6, 5, 4, 7), dense); // a bias
        checkViews(backend, dtype, dense, Layout.contiguous(6, 5, 4, 1).expand(6, 5, 4, 7), dense); // a column
        checkViews(backend, dtype, dense, Layout.contiguous().expand(6, 5, 4, 7), dense); // a scalar
        checkViews(
                backend,
                dtype,
                Layout.contiguous(33, 70).transpose(0, 1),
                Layout.contiguous(70, 33),
                Layout.contiguous(70, 33));
        Layout turned = Layout.contiguous(33, 70).transpose(0, 1);
        checkViews(backend, dtype, turned, turned, turned); // one run in memory
        checkViews(backend, dtype, Layout.contiguous(70, 33), turned, turned);
        Layout odd = Layout.contiguous(7, 4, 5, 6).permute(3, 2, 1, 0);
        checkViews(backend, dtype, odd, dense, Layout.contiguous(5, 6, 7, 4).permute(1, 0, 3, 2));
        Layout sliced = Layout.contiguous(20, 40).slice(0, 1, 20, 3).slice(1, 2, 39, 2);
        checkViews(backend, dtype, sliced, Layout.contiguous(sliced.shape()), sliced);
        checkViews(backend, dtype, Layout.contiguous(), Layout.contiguous(), Layout.contiguous());
        checkViews(backend, dtype, Layout.contiguous(3, 0), Layout.contiguous(3, 0), Layout.contiguous(3, 0));
        int[] reversed = new int[16];
        Arrays.setAll(reversed, i -> 15 - i);
        int[] small = {2, 1, 2, 1, 2, 1, 2, 1, 2, 3, 2, 1, 2, 1, 2, 1};
        int[] mirrored = new int[16];
        Arrays.setAll(mirrored, i -> small[15 - i]);
        checkViews(
                backend,
                dtype,
                Layout.contiguous(mirrored).permute(reversed),
                Layout.contiguous(small),
                Layout.contiguous(small));
        checkViews(
                backend,
                dtype,
                Layout.contiguous(small),
                Layout.contiguous(small),
                Layout.contiguous(mirrored).permute(reversed));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource(DEVICES)
    void inPlace(Backend backend, DType dtype) {
        double[] x = random(dtype, 130, 5);
        double[] bias = random(dtype, 10, 6);
        NdArray a = array(backend, dtype, x, 13, 10);
        NdArray b = array(backend, dtype, bias, 10);
        backend.pointwise(call(Fn.ADD), new NdArray[] {a, b.expand(13, 10)}, NONE, a);
        backend.pointwise(call(Fn.MUL), new NdArray[] {a, a}, NONE, a);
        double[] expected = new double[130];
        for (int i = 0; i < 130; i++) {
            expected[i] = (x[i] + bias[i % 10]) * (x[i] + bias[i % 10]);
        }
        assertClose(expected, download(a.buffer()), 4 * Arrays64.tolerance(dtype), "in place");
    }
}
