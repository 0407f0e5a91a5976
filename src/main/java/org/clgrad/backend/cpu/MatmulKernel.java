package org.clgrad.backend.cpu;

/**
 * A matrix product on one thread. Element (i, p) of a matrix is at {@code offset + i * row + p * column}.
 *
 * @param <A> float[] or double[]
 */
abstract class MatmulKernel<A> {
    /** Rows that a kernel takes at a time: shares of a product are cut at multiples of these. */
    abstract int rowTile();

    /** Columns that a kernel takes at a time where there are m rows. */
    abstract int columnTile(int m);

    /** Whether m rows of a that lie by columns are turned first. */
    boolean turnsRows(int m) {
        return false;
    }

    /** {@code c = a x b}, with a [m, k], b [k, n], c [m, n]; k is at least 1. Each element is summed in the same order whatever m and n are asked for. */
    abstract void run(Matrix<A> a, Matrix<A> b, Matrix<A> c, int m, int n, int k);

    /** A strided matrix. */
    record Matrix<A>(A array, int offset, int row, int column) {
        Matrix<A> transposed() {
            return new Matrix<>(array, offset, column, row);
        }

        Matrix<A> from(int i, int j) {
            return new Matrix<>(array, offset + i * row + j * column, row, column);
        }
    }
}
