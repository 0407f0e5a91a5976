package org.clgrad.op;

import java.util.Arrays;
import org.clgrad.array.Broadcast;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;

/**
 * Matrix products of vectors, matrices and batches of them. Both derivatives are matrix products with one factor
 * transposed, which the kernels read in place:
 *
 * <pre>
 * y = a b      da = g b^T      db = a^T g
 * </pre>
 *
 * <p>A vector is a matrix with one row (on the left) or one column (on the right); that axis is left out of the result.
 * Batch axes broadcast.
 */
public final class MatMul {
    private MatMul() {}

    public static Variable matmul(Variable a, Variable b) {
        Recorder.checkFloating("matmul", a);
        Recorder.checkSameKind("matmul", a, b);
        if (a.dim() == 0 || b.dim() == 0) {
            throw new IllegalArgumentException("matmul: " + Shapes.text(a.shape()) + " x " + Shapes.text(b.shape())
                    + ": both arguments need to be at least 1-D; use mul for a scalar factor");
        }
        int inner = a.shape()[a.dim() - 1];
        int other = b.shape()[Math.max(b.dim() - 2, 0)];
        if (inner != other) {
            throw new IllegalArgumentException("matmul: " + Shapes.text(a.shape()) + " x " + Shapes.text(b.shape())
                    + ": inner sizes " + inner + " and " + other + " differ");
        }
        if (a.dim() == 1 && b.dim() == 1) {
            return product("DotBackward0", a, b);
        }
        if (a.dim() <= 2 && b.dim() <= 2) {
            return product(a.dim() == 1 || b.dim() == 1 ? "MvBackward0" : "MmBackward0", a, b);
        }
        if (b.dim() <= 2) { // rows of all batches are rows of one matrix
            int[] shape = Arrays.copyOf(a.shape(), a.dim() - 1);
            Variable rows = matmul(Views.reshape(a, rowCount(shape), inner), b);
            return Views.reshape(rows, b.dim() == 1 ? shape : with(shape, b.shape()[1]));
        }
        if (a.dim() == 1) {
            return Views.squeeze(matmul(Views.unsqueeze(a, 0), b), -2);
        }
        return product("BmmBackward0", a, b);
    }

    private static Variable product(String name, Variable a, Variable b) {
        int[] left = a.shape(); // rules keep shapes, never an operand that they do not save
        int[] right = b.shape();
        return Recorder.record(
                name,
                compute(a.value(), b.value()),
                new Variable[] {a, b},
                Recorder.vjp((g, saved) -> gradientOfLeft(g, left, saved[0]), b),
                Recorder.vjp((g, saved) -> gradientOfRight(g, saved[0], right), a));
    }

    private static Variable gradientOfLeft(Variable g, int[] shape, Variable b) {
        if (g.dim() == 0) {
            return Arithmetic.mul(g, b); // vector x vector
        }
        if (b.dim() == 1) {
            return outer(g, b); // matrix x vector
        }
        if (shape.length == 1) {
            return matmul(b, g); // vector x matrix
        }
        return Sum.sumTo(matmul(g, Views.transpose(b, -2, -1)), shape);
    }

    private static Variable gradientOfRight(Variable g, Variable a, int[] shape) {
        if (g.dim() == 0) {
            return Arithmetic.mul(g, a);
        }
        if (a.dim() == 1) {
            return outer(a, g);
        }
        if (shape.length == 1) {
            return matmul(Views.transpose(a, -2, -1), g);
        }
        return Sum.sumTo(matmul(Views.transpose(a, -2, -1), g), shape);
    }

    /** All products of an element of one vector with one of the other. */
    private static Variable outer(Variable column, Variable row) {
        return Arithmetic.mul(Views.unsqueeze(column, 1), row);
    }

    private static NdArray compute(NdArray a, NdArray b) {
        NdArray left = a.dim() == 1 ? a.with(a.layout().unsqueeze(0)) : a;
        NdArray right = b.dim() == 1 ? b.with(b.layout().unsqueeze(1)) : b;
        int m = left.shape()[left.dim() - 2];
        int k = left.shape()[left.dim() - 1];
        int n = right.shape()[right.dim() - 1];
        int[] batch = batchOf(left);
        if (!Arrays.equals(batch, batchOf(right))) {
            String operation = "matmul: batches of " + Shapes.text(a.shape()) + " x " + Shapes.text(b.shape());
            batch = Broadcast.shape(operation, batch, batchOf(right));
        }
        int count = rowCount(batch);

        NdArray out = a.backend()
                .matmul(
                        left.expand(with(batch, m, k)).reshape(count, m, k),
                        right.expand(with(batch, k, n)).reshape(count, k, n));
        int[] shape = batch;
        if (a.dim() > 1) {
            shape = with(shape, m);
        }
        if (b.dim() > 1) {
            shape = with(shape, n);
        }
        return out.reshape(shape);
    }

    private static int[] batchOf(NdArray matrices) {
        return Arrays.copyOf(matrices.shape(), matrices.dim() - 2);
    }

    private static int rowCount(int[] shape) {
        return Math.toIntExact(Shapes.numel(shape));
    }

    private static int[] with(int[] shape, int... more) {
        int[] longer = Arrays.copyOf(shape, shape.length + more.length);
        System.arraycopy(more, 0, longer, shape.length, more.length);
        return longer;
    }
}
