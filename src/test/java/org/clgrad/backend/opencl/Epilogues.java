package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.Arrays64.array;
import static org.clgrad.backend.opencl.Arrays64.download;
import static org.clgrad.backend.opencl.Arrays64.random;

import java.util.Arrays;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;

/** A product with work behind it, in one kernel and in two: {@code relu(k r + x + c) y}, r a row, c a column. */
final class Epilogues {
    private static final Expr SUM =
            Expr.add(Expr.add(Expr.mul(Expr.constant(0), Expr.input(0)), Expr.input(1)), Expr.input(2));
    private static final Expr WORK = Expr.mul(Expr.of(Fn.RELU, SUM), Expr.input(3));
    private static final double[] CONSTANTS = {0.5};

    private final Backend backend;
    private final NdArray a;
    private final NdArray b;
    private final NdArray row;
    private final NdArray column;
    private final NdArray other;
    private final int[] shape;

    Epilogues(Backend backend, DType dtype, boolean aByRows, boolean bByRows, int batch, int m, int k, int n) {
        this.backend = backend;
        shape = new int[] {batch, m, n};
        a = matrices(backend, dtype, aByRows, batch, m, k);
        b = matrices(backend, dtype, bByRows, batch, k, n);
        row = array(backend, dtype, random(dtype, n, 3), 1, 1, n).expand(shape);
        column = array(backend, dtype, random(dtype, batch * m, 4), batch, m, 1).expand(shape);
        other = array(backend, dtype, random(dtype, batch * m * n, 5), shape);
    }

    private static NdArray matrices(Backend backend, DType dtype, boolean byRows, int batch, int rows, int columns) {
        double[] values = random(dtype, batch * rows * columns, byRows ? 1 : 2);
        NdArray contiguous = array(
                backend, dtype, values, byRows ? new int[] {batch, rows, columns} : new int[] {batch, columns, rows});
        Layout layout = contiguous.layout();
        return byRows ? contiguous : contiguous.with(layout.transpose(1, 2));
    }

    /** What is wrong, or an empty text. */
    String fault() {
        NdArray product = NdArray.allocate(backend, a.dtype(), shape);
        backend.matmul(a, b, product);
        NdArray expected = NdArray.allocate(backend, a.dtype(), shape);
        backend.pointwise(WORK, inputs(product), CONSTANTS, expected);
        for (int i = 0; i < 4; i++) {
            boolean keeps = i % 2 == 0;
            NdArray lazy = backend.matmul(a, b);
            NdArray result = backend.pointwise(WORK, inputs(lazy), CONSTANTS, a.dtype(), shape);
            if (keeps) {
                lazy.buffer().retain();
            }
            String which = "call " + i + ", product " + (keeps ? "" : "not ") + "kept: ";
            if (!Arrays.equals(download(expected.buffer()), download(result.buffer()))) {
                return which + Arrays.toString(download(result.buffer())) + " instead of "
                        + Arrays.toString(download(expected.buffer()));
            }
            if (keeps == lazy.buffer().isPending()) {
                return which + "it is " + (keeps ? "not " : "") + "there";
            }
            if (keeps && !Arrays.equals(download(product.buffer()), download(lazy.buffer()))) {
                return which + "it is another";
            }
        }
        return "";
    }

    private NdArray[] inputs(NdArray product) {
        return new NdArray[] {row, product, column, other};
    }
}
