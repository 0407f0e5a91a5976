package org.clgrad.backend.cpu;

import static org.clgrad.backend.RowProgram.KEPT;
import static org.clgrad.backend.RowProgram.scalar;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row programs of all shapes give the same along rows and, by other loops, on the same rows side by side. */
class RowProgramsTest {
    private static final Expr X = Expr.input(0);
    private static final Expr Y = Expr.input(1);
    private static final Expr K = Expr.constant(0);
    private static final int ROWS = 5;
    private static final int[] LENGTHS = {1, 5, 16, 300, 513, 1024, 1025, 2047};
    private static final double[] CONSTANTS = {0.75};

    private static final List<RowProgram.Stage> KEEPS_INPUT =
            List.of(RowProgram.max(X), RowProgram.sum(X).keep(), RowProgram.sum(Expr.mul(KEPT, Y)));
    private static final List<RowProgram.Stage> OF_NUMBERS = List.of(
            RowProgram.sum(Expr.mul(X, K)).then(Expr.mul(scalar(0), K)),
            RowProgram.sum(Expr.sub(Expr.mul(X, scalar(0)), Y)),
            RowProgram.max(Expr.literal(3)));

    private static List<RowProgram> programs() {
        List<RowProgram> programs = new ArrayList<>();
        List<Expr> numbers = List.of(scalar(0), Expr.add(scalar(1), scalar(2)));
        for (Expr result : List.of(KEPT, X, scalar(1), Expr.literal(2), Expr.div(KEPT, scalar(0)))) {
            programs.add(new RowProgram(KEEPS_INPUT, result, numbers));
        }
        for (Expr result : List.of(Expr.sub(scalar(0), X), Expr.sub(Expr.sub(X, scalar(0)), scalar(1)), K)) {
            programs.add(new RowProgram(OF_NUMBERS, result, numbers));
        }
        programs.add(new RowProgram(OF_NUMBERS, null, numbers));
        return programs;
    }

    /** Inputs [rows, n]: dense, and of a broadcast row, number or column. */
    private static List<NdArray[]> inputs(CpuBackend backend, DType dtype, int n) {
        NdArray x = CpuTesting.random(backend, dtype, 1, ROWS, n);
        List<NdArray[]> all = new ArrayList<>();
        for (int[] shape : new int[][] {{ROWS, n}, {1, n}, {ROWS, 1}, {1, 1}}) {
            NdArray y = CpuTesting.random(backend, dtype, 2, shape).expand(ROWS, n);
            all.add(new NdArray[] {x, y});
        }
        return all;
    }

    /** The result, if there is one, and the numbers of rows, with rows along axis 1 of [outer, n, inner]. */
    private static List<double[]> run(CpuBackend backend, RowProgram program, NdArray[] in, boolean areSideBySide) {
        int n = in[0].shape()[1];
        NdArray[] arrays = new NdArray[in.length];
        for (int k = 0; k < in.length; k++) {
            arrays[k] = areSideBySide
                    ? in[k].with(in[k].layout().permute(1, 0).unsqueeze(0))
                    : in[k].with(in[k].layout().unsqueeze(2));
        }
        int[] shape = areSideBySide ? new int[] {1, n, ROWS} : new int[] {ROWS, n, 1};
        DType dtype = in[0].dtype();
        NdArray out = program.result() == null ? null : NdArray.allocate(backend, dtype, shape);
        NdArray[] numbers = new NdArray[program.rowResults().size()];
        for (int r = 0; r < numbers.length; r++) {
            numbers[r] = NdArray.allocate(backend, dtype, areSideBySide ? new int[] {1, ROWS} : new int[] {ROWS, 1});
        }
        backend.rows(program, arrays, CONSTANTS, out, numbers, new NdArray[0]);
        List<double[]> values = new ArrayList<>();
        if (out != null) {
            NdArray matrix = areSideBySide
                    ? out.reshape(n, ROWS).with(out.reshape(n, ROWS).layout().permute(1, 0))
                    : out.reshape(ROWS, n);
            values.add(CpuTesting.values(matrix));
        }
        for (NdArray number : numbers) {
            values.add(CpuTesting.values(number));
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void alongRowsAndSideBySide(CpuBackend backend) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            double unit = dtype == DType.FLOAT32 ? 1e-4 : 1e-11;
            for (int n : LENGTHS) {
                for (NdArray[] in : inputs(backend, dtype, n)) {
                    for (RowProgram program : programs()) {
                        List<double[]> expected = run(backend, program, in, true);
                        List<double[]> actual = run(backend, program, in, false);
                        for (int i = 0; i < expected.size(); i++) {
                            double[] want = expected.get(i);
                            double largest = 1;
                            for (double w : want) {
                                largest = Math.max(largest, Math.abs(w));
                            }
                            assertArrayEquals(want, actual.get(i), unit * largest, n + ", " + i + " of " + program);
                        }
                    }
                }
            }
        }
    }

    /** Sums over rows are those of the expression's elements, which no stage needs. */
    @ParameterizedTest
    @MethodSource("org.clgrad.backend.cpu.CpuTesting#backends")
    void columnSums(CpuBackend backend) {
        RowProgram program =
                new RowProgram(List.of(RowProgram.max(X)), null, List.of(), List.of(Expr.sub(X, scalar(0)), Y));
        for (int n : LENGTHS) {
            NdArray x = CpuTesting.random(backend, DType.FLOAT64, 1, ROWS, n, 1);
            NdArray y = CpuTesting.random(backend, DType.FLOAT64, 2, ROWS, n, 1);
            NdArray[] sums = {NdArray.allocate(backend, DType.FLOAT64, n), NdArray.allocate(backend, DType.FLOAT64, n)};
            backend.rows(program, new NdArray[] {x, y}, new double[0], null, new NdArray[0], sums);
            double[] a = CpuTesting.values(x);
            double[] b = CpuTesting.values(y);
            double[][] expected = new double[2][n];
            for (int o = 0; o < ROWS; o++) {
                double max = Arrays.stream(a, o * n, (o + 1) * n).max().orElseThrow();
                for (int i = 0; i < n; i++) {
                    expected[0][i] += a[o * n + i] - max;
                    expected[1][i] += b[o * n + i];
                }
            }
            for (int c = 0; c < 2; c++) {
                assertArrayEquals(expected[c], CpuTesting.values(sums[c]), 1e-12, n + ", " + c);
            }
        }
    }
}
