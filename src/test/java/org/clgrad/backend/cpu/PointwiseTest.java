package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PointwiseTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -1,
        2,
        -2,
        3,
        -3,
        0.5,
        -0.5,
        1e-3,
        -1e-3,
        1e-42,
        -1e-42,
        1.5e-38,
        0.62,
        0.63,
        17,
        -17,
        88.5,
        88.8,
        -87.2,
        -88,
        -100,
        100,
        -103.9,
        -110,
        1000.25,
        -1000.25,
        8388609,
        16777217,
        1e9,
        -3e10,
        1e30,
        -1e30,
        3e38,
        INF,
        -INF,
        Double.NaN
    };

    static Stream<Arguments> functions() {
        List<Arguments> rows = new ArrayList<>();
        for (Fn fn : Fn.values()) {
            if (fn.body() == null) {
                for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
                    CpuTesting.backends().forEach(backend -> rows.add(Arguments.of(fn, dtype, backend)));
                }
            }
        }
        return rows.stream();
    }

    /** Every pair of special values, and random ones, within 4 units in the last place of the function in double. */
    @ParameterizedTest
    @MethodSource("functions")
    void primitive(Fn fn, DType dtype, CpuBackend backend) {
        Random random = new Random(1);
        int s = SPECIAL.length;
        int n = s * s + 500;
        double[][] in = new double[fn.arity()][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < in.length; k++) {
                double v = i < s * s ? SPECIAL[k == 0 ? i % s : (i / s + (k - 1) * 7) % s] : random.nextGaussian() * 8;
                in[k][i] = dtype == DType.FLOAT32 ? (float) v : v;
            }
        }
        assertPrimitive(fn, dtype, backend, in);
    }

    /** Positive numbers by themselves: loops may be chosen by what is special among the rest. */
    @ParameterizedTest
    @MethodSource("functions")
    void primitiveOfOrdinaryNumbers(Fn fn, DType dtype, CpuBackend backend) {
        Random random = new Random(2);
        double[][] in = new double[fn.arity()][3001];
        for (double[] numbers : in) {
            for (int i = 0; i < numbers.length; i++) {
                double v = Math.abs(random.nextGaussian()) * 8 + 1e-3;
                numbers[i] = dtype == DType.FLOAT32 ? (float) v : v;
            }
        }
        assertPrimitive(fn, dtype, backend, in);
    }

    private static void assertPrimitive(Fn fn, DType dtype, CpuBackend backend, double[][] in) {
        double[] got = run(backend, dtype, Expr.of(fn, inputs(fn.arity())), in, new double[0]);
        for (int i = 0; i < got.length; i++) {
            double[] args = new double[in.length];
            for (int k = 0; k < args.length; k++) {
                args[k] = in[k][i];
            }
            assertClose(Scalars.apply(fn, args), got[i], dtype, 4, fn + " of " + java.util.Arrays.toString(args));
        }
    }

    private static void assertClose(double exact, double got, DType dtype, int ulps, String what) {
        double expected = dtype == DType.FLOAT32 ? (float) exact : exact;
        if (Double.isNaN(expected) || Double.isInfinite(expected) || expected == 0) {
            boolean tiny = expected == 0 && Math.abs(got) <= (dtype == DType.FLOAT32 ? 1.5e-45 : 1e-320);
            boolean overflow = dtype == DType.FLOAT32 && Math.abs(got) >= 3.4028234e38 && expected == INF;
            assertTrue(
                    Double.compare(expected + 0.0, got + 0.0) == 0 || tiny || overflow,
                    what + " is " + expected + ", not " + got);
            return;
        }
        double ulp = dtype == DType.FLOAT32 ? Math.ulp((float) expected) : Math.ulp(expected);
        assertEquals(exact, got, ulps * ulp, what);
    }

    static Expr[] inputs(int n) {
        return java.util.stream.IntStream.range(0, n).mapToObj(Expr::input).toArray(Expr[]::new);
    }

    static double[] run(CpuBackend backend, DType dtype, Expr expr, double[][] in, double[] constants) {
        NdArray[] arrays = Stream.of(in)
                .map(v -> CpuTesting.array(backend, dtype, v, v.length))
                .toArray(NdArray[]::new);
        NdArray out = NdArray.allocate(backend, dtype, in[0].length);
        backend.pointwise(expr, arrays, constants, out);
        return CpuTesting.values(out);
    }

    /** As a program of several arrays asks for, not all of which each of its expressions reads. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void anExpressionComesWithMoreInputsThanItReadsThenWithFewer(CpuBackend backend) {
        Expr negative = Expr.neg(Expr.input(0));
        double[] x = {1, -2, 3};
        for (double[][] in : new double[][][] {{x, {4, 4, 4}, {5, 5, 5}}, {x}, {x, {6, 6, 6}}}) {
            assertArrayEquals(new double[] {-1, 2, -3}, run(backend, DType.FLOAT32, negative, in, new double[0]));
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void composedFunctionsEqualTheirFormulas(CpuBackend backend) {
        double[] x = {-100, -3, -0.5, 0, 0.5, 3, 100};
        double[] y = {0, 1, 0, 1, 1, 0, 1};
        double[] bce = run(
                backend, DType.FLOAT64, Expr.of(Fn.BCE_WITH_LOGITS, inputs(2)), new double[][] {x, y}, new double[0]);
        double[] p = {2, 0, -1, 0.5, 0, 3, 1};
        double[] g = {1, 2, 3, 1, 1, 1, 2};
        double[] base = {2, 0, 4, 9, 3, 0, -5};
        double[] slope = run(
                backend,
                DType.FLOAT64,
                Expr.of(Fn.POW_BACKWARD_BASE, inputs(3)),
                new double[][] {g, base, p},
                new double[0]);
        for (int i = 0; i < x.length; i++) {
            double e = Math.max(x[i], 0) - x[i] * y[i] + Math.log1p(Math.exp(-Math.abs(x[i])));
            assertEquals(e, bce[i], 1e-14);
            assertEquals(p[i] == 0 ? 0 : g[i] * p[i] * Math.pow(base[i], p[i] - 1), slope[i], 1e-14);
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void sharedSubtreesConstantsAndLiterals(CpuBackend backend) {
        Expr x = Expr.input(0);
        Expr k = Expr.constant(0);
        Expr shared = Expr.of(Fn.MUL, Expr.of(Fn.ADD, x, k), Expr.of(Fn.SUB, x, Expr.literal(3)));
        for (int i = 0; i < 40; i++) {
            shared = Expr.of(Fn.SUB, Expr.of(Fn.ADD, shared, shared), shared); // 2^40 nodes as a tree
        }
        Expr scalar = Expr.of(Fn.MUL, k, Expr.of(Fn.EXP, Expr.literal(0)));
        Expr expr = Expr.of(Fn.SUB, scalar, shared);
        double[] in = new double[1500];
        for (int i = 0; i < in.length; i++) {
            in[i] = i * 0.25;
        }
        double[] got = run(backend, DType.FLOAT64, expr, new double[][] {in}, new double[] {7});
        double[] only = run(backend, DType.FLOAT32, k, new double[][] {in}, new double[] {0.1});
        double[] same = run(backend, DType.FLOAT64, x, new double[][] {in}, new double[0]);
        for (int i = 0; i < in.length; i++) {
            assertEquals(7 - (in[i] + 7) * (in[i] - 3), got[i], 1e-9);
            assertEquals(0.1f, only[i]);
        }
        assertArrayEquals(in, same);
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void fixedExponents(CpuBackend backend) {
        double[] in = {-2, -1, -0.0, 0, 0.5, 3, INF, -INF, Double.NaN};
        for (double p : new double[] {0, 1, 2, 3, -1, 0.5, 4, 2.5}) {
            double[] got = run(
                    backend,
                    DType.FLOAT32,
                    Expr.of(Fn.POW, Expr.input(0), Expr.constant(0)),
                    new double[][] {in},
                    new double[] {p});
            for (int i = 0; i < in.length; i++) {
                assertClose(Scalars.pow(in[i], p), got[i], DType.FLOAT32, 2, in[i] + "^" + p);
            }
        }
    }

    private static float rounded(Fn fn, float x, float y) {
        return switch (fn) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            default -> throw new IllegalArgumentException(fn.name());
        };
    }

    /** Two functions in one loop round twice, in whatever order they stand and however often the first is needed. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void twoFunctionsInARow(CpuBackend backend) {
        List<Fn> arithmetic = List.of(Fn.ADD, Fn.SUB, Fn.MUL, Fn.DIV);
        int n = 1100;
        double[][] in = new double[3][];
        for (int k = 0; k < in.length; k++) {
            in[k] = CpuTesting.values(CpuTesting.random(backend, DType.FLOAT32, k, n));
        }
        for (Fn first : arithmetic) {
            Expr inner = Expr.of(first, inputs(2));
            for (Fn second : arithmetic) {
                Expr left = Expr.of(second, inner, Expr.input(2));
                double[] onLeft = run(backend, DType.FLOAT32, left, in, new double[0]);
                double[] onRight =
                        run(backend, DType.FLOAT32, Expr.of(second, Expr.input(2), inner), in, new double[0]);
                double[] twice = run(backend, DType.FLOAT32, Expr.of(Fn.MUL, left, inner), in, new double[0]);
                for (int i = 0; i < n; i++) {
                    float z = (float) in[2][i];
                    float between = rounded(first, (float) in[0][i], (float) in[1][i]);
                    String what = first + " and " + second;
                    assertEquals(rounded(second, between, z), onLeft[i], what);
                    assertEquals(rounded(second, z, between), onRight[i], what);
                    assertEquals(rounded(second, between, z) * between, twice[i], what);
                }
            }
        }
    }

    /** Sums and differences of arrays, numbers and products of both, which are one loop, are to the bit what two functions give. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void multiplesOfArrays(CpuBackend backend) {
        double[][] in = new double[2][SPECIAL.length * SPECIAL.length];
        for (int i = 0; i < in[0].length; i++) {
            in[0][i] = (float) SPECIAL[i % SPECIAL.length];
            in[1][i] = (float) SPECIAL[i / SPECIAL.length];
        }
        double[] numbers = {-2.5, 0.3f};
        Expr k = Expr.constant(0);
        List<Expr> lefts = List.of(Expr.input(0), Expr.mul(Expr.input(0), k), Expr.mul(k, Expr.input(0)));
        List<Expr> rights = List.of(
                Expr.input(0),
                Expr.input(1),
                Expr.mul(Expr.constant(1), Expr.input(1)),
                Expr.mul(Expr.input(1), Expr.literal(-0.5)),
                Expr.constant(1),
                Expr.literal(0.75));
        for (Fn fn : List.of(Fn.ADD, Fn.SUB)) {
            for (Expr left : lefts) {
                for (Expr right : rights) {
                    double[] x = run(backend, DType.FLOAT32, left, in, numbers);
                    double[] y = run(backend, DType.FLOAT32, right, in, numbers);
                    double[] together = run(backend, DType.FLOAT32, Expr.of(fn, left, right), in, numbers);
                    double[] turned = run(backend, DType.FLOAT32, Expr.of(fn, right, left), in, numbers);
                    for (int i = 0; i < x.length; i++) {
                        String what = left + " " + fn + " " + right + " of " + in[0][i] + " and " + in[1][i];
                        assertEquals(rounded(fn, (float) x[i], (float) y[i]), together[i], what);
                        assertEquals(rounded(fn, (float) y[i], (float) x[i]), turned[i], what);
                    }
                }
            }
        }
    }

    /** (x + y) * y over strided, transposed and broadcast inputs into strided outputs, at sizes around the blocks' edges. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void anyStrides(CpuBackend backend) {
        Expr expr = Expr.of(Fn.MUL, Expr.of(Fn.ADD, Expr.input(0), Expr.input(1)), Expr.input(1));
        for (int[] size : new int[][] {{3, 5}, {1, 1}, {17, 64}, {64, 17}, {0, 4}, {33, 1}, {130, 257}, {700, 300}}) {
            int r = size[0];
            int c = size[1];
            NdArray x = CpuTesting.random(backend, DType.FLOAT32, 1, r, c);
            NdArray yt = CpuTesting.random(backend, DType.FLOAT32, 2, c, r);
            NdArray row = CpuTesting.random(backend, DType.FLOAT32, 3, c);
            NdArray column = CpuTesting.random(backend, DType.FLOAT32, 4, r, 1);
            NdArray wide = CpuTesting.random(backend, DType.FLOAT32, 5, r, 2 * c + 1);
            NdArray zero = CpuTesting.random(backend, DType.FLOAT32, 6);
            NdArray[] seconds = {
                yt.with(yt.layout().transpose(0, 1)),
                row.expand(r, c),
                column.expand(r, c),
                zero.expand(r, c),
                wide.with(wide.layout().slice(1, 1, 2 * c + 1, 2))
            };
            for (NdArray y : seconds) {
                NdArray out = NdArray.allocate(backend, DType.FLOAT32, r, c);
                NdArray outT = NdArray.allocate(backend, DType.FLOAT32, c, r);
                outT = outT.with(outT.layout().transpose(0, 1));
                backend.pointwise(expr, new NdArray[] {x, y}, new double[0], out);
                backend.pointwise(expr, new NdArray[] {x, y}, new double[0], outT);
                double[] a = CpuTesting.values(x);
                double[] b = CpuTesting.values(y);
                double[] got = CpuTesting.values(out);
                assertArrayEquals(got, CpuTesting.values(outT));
                for (int i = 0; i < a.length; i++) {
                    assertEquals(((float) a[i] + (float) b[i]) * (float) b[i], got[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void inPlaceAndWithinASlice(CpuBackend backend) {
        Expr expr = Expr.of(Fn.MUL, Expr.of(Fn.ADD, Expr.input(0), Expr.literal(1)), Expr.input(0));
        NdArray whole = CpuTesting.random(backend, DType.FLOAT32, 1, 5001);
        double[] before = CpuTesting.values(whole);
        NdArray part = whole.with(whole.layout().slice(0, 3, 4994, 1));
        backend.pointwise(expr, new NdArray[] {part}, new double[0], part);
        double[] after = CpuTesting.values(whole);
        for (int i = 0; i < before.length; i++) {
            float x = (float) before[i];
            assertEquals(i < 3 || i >= 4994 ? x : (x + 1) * x, after[i]);
        }
        Layout even = whole.layout().slice(0, 0, 5001, 2);
        backend.pointwise(expr, new NdArray[] {whole.with(even)}, new double[0], whole.with(even));
        double[] last = CpuTesting.values(whole);
        for (int i = 0; i < last.length; i++) {
            float x = (float) after[i];
            assertEquals(i % 2 == 1 ? x : (x + 1) * x, last[i]);
        }
    }

    /** The same element gives the same bits wherever it lies, however often, and on however many threads. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void bitsRepeat(CpuBackend backend) {
        CpuBackend single =
                new CpuBackend(backend == CpuTesting.PLAIN ? Flavour.plain(null) : Flavour.detect(), 1, 1 << 28);
        for (Fn fn : List.of(Fn.EXP, Fn.LOG, Fn.LOG1P, Fn.TANH, Fn.SIGMOID, Fn.SIN, Fn.COS)) {
            Expr expr = Expr.of(fn, Expr.input(0));
            NdArray x = CpuTesting.random(backend, DType.FLOAT32, 9, 40001);
            NdArray out = NdArray.allocate(backend, DType.FLOAT32, 40001);
            backend.pointwise(expr, new NdArray[] {x}, new double[0], out);
            double[] first = CpuTesting.values(out);
            for (int i = 0; i < 3; i++) {
                backend.pointwise(expr, new NdArray[] {x}, new double[0], out);
                assertArrayEquals(first, CpuTesting.values(out));
            }
            NdArray alone = NdArray.allocate(single, DType.FLOAT32, 40001);
            single.pointwise(
                    expr, new NdArray[] {CpuTesting.random(single, DType.FLOAT32, 9, 40001)}, new double[0], alone);
            assertArrayEquals(first, CpuTesting.values(alone));
            NdArray tail = NdArray.allocate(backend, DType.FLOAT32, 5);
            backend.pointwise(expr, new NdArray[] {x.with(x.layout().slice(0, 100, 105, 1))}, new double[0], tail);
            assertArrayEquals(java.util.Arrays.copyOfRange(first, 100, 105), CpuTesting.values(tail));
        }
    }
}
