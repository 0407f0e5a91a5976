package org.clgrad.backend.cpu;

import org.clgrad.array.Layout;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/** Batched matrix products: shares them out to the cores, by products or by blocks of the results. */
final class Matmul<A> {
    private static final long PARALLEL = 1 << 18; // multiplications, about 5 microseconds of one core
    private static final int TASKS_PER_THREAD = 2; // each packs operands, so they should be few
    private static final int FEWEST_ROWS = 64; // of a share: packing its columns must pay
    private static final int FEWEST_TURNED = 128; // of a share where they are turned: packing its columns must pay
    private static final int NARROWEST = 64; // columns of such a share: turning its rows must pay
    private static final int PARTS = 8; // of the widest share make the narrowest
    private static final int VECTOR = 16; // columns: no share ends within a vector

    private final Elements<A> elements;
    private final MatmulKernel<A> kernel;
    private final Workers workers;

    Matmul(Elements<A> elements, MatmulKernel<A> kernel, Workers workers) {
        this.elements = elements;
        this.kernel = kernel;
        this.workers = workers;
    }

    void run(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        int batch = shape[0];
        int m = shape[1];
        int n = shape[2];
        int k = a.shape()[2];
        A x = array(a);
        A y = array(b);
        A z = array(out);
        long results = (long) batch * m * n;
        if (results == 0) {
            return;
        }
        if (k == 0) {
            elements.fill(z, (int) out.layout().offset(), (int) results, 0);
            return;
        }
        long work = results * k;
        if (work < PARALLEL) {
            for (int p = 0; p < batch; p++) {
                kernel.run(matrix(x, a.layout(), p), matrix(y, b.layout(), p), matrix(z, out.layout(), p), m, n, k);
            }
            return;
        }
        int tasks = TASKS_PER_THREAD * workers.threads();
        boolean whole = batch >= tasks;
        int width = whole ? n : width(a.layout().strides()[2] == 1, m, n, tasks);
        int columnShares = (n + width - 1) / width;
        int height = whole ? m : height(m, (tasks + batch * columnShares - 1) / (batch * columnShares));
        int rowShares = (m + height - 1) / height;
        workers.forEach(batch * rowShares * columnShares, task -> {
            int p = task / (rowShares * columnShares);
            int i = task / columnShares % rowShares * height;
            int j = task % columnShares * width;
            kernel.run(
                    matrix(x, a.layout(), p).from(i, 0),
                    matrix(y, b.layout(), p).from(0, j),
                    matrix(z, out.layout(), p).from(i, j),
                    Math.min(height, m - i),
                    Math.min(width, n - j),
                    k);
        });
    }

    /**
     * Columns of a share. Where a lies by rows there should be as many shares as wanted, for each packs its own columns. Where it lies by columns
     * there should be few, for each reads all of a the wrong way. A kernel that turns rows does so for each share: then rows are shared out first.
     */
    private int width(boolean byRows, int m, int n, int wanted) {
        if (!byRows && kernel.turnsRows(m)) {
            int rowShares = Math.max(1, Math.min(wanted, m / FEWEST_TURNED));
            return even(n, Math.min((wanted + rowShares - 1) / rowShares, n / NARROWEST));
        }
        int widest = kernel.columnTile(m);
        int most = byRows ? Math.min(wanted, n / (widest / PARTS)) : 1;
        return even(n, Math.max((n + widest - 1) / widest, most));
    }

    private static int even(int n, int shares) {
        int width = (n + Math.max(shares, 1) - 1) / Math.max(shares, 1);
        return Math.min(n, (width + VECTOR - 1) / VECTOR * VECTOR);
    }

    /** Rows of a share. */
    private int height(int m, int wanted) {
        int even = Math.max((m + wanted - 1) / wanted, Math.min(FEWEST_ROWS, m));
        return (even + kernel.rowTile() - 1) / kernel.rowTile() * kernel.rowTile();
    }

    private A array(NdArray of) {
        return elements.cast(((CpuBuffer) of.buffer()).array());
    }

    private static <A> Matrix<A> matrix(A array, Layout layout, int p) {
        long[] strides = layout.strides();
        return new Matrix<>(array, (int) (layout.offset() + p * strides[0]), (int) strides[1], (int) strides[2]);
    }
}
