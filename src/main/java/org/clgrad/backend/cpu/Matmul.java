package org.clgrad.backend.cpu;

import org.clgrad.array.Layout;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/** Batched matrix products: shares them out to the cores, by products or by blocks of the results. */
final class Matmul<A> {
    private static final long PARALLEL = 1 << 19; // multiplications, about 10 microseconds of one core
    private static final int TASKS = 16; // enough for a few cores to finish together; the same on every machine
    private static final int FEWEST_ROWS = 64; // of a share: packing its columns must pay
    private static final int FEWEST_TRANSPOSED_ROWS = 128; // where packing is transposing, which vectors do not help

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
        int columnTile = kernel.columnTile(m);
        int columnShares = batch >= TASKS ? 1 : (n + columnTile - 1) / columnTile;
        int wanted = (TASKS + batch * columnShares - 1) / (batch * columnShares);
        int fewest = b.layout().strides()[2] == 1 ? FEWEST_ROWS : FEWEST_TRANSPOSED_ROWS;
        int rows = Math.max((m + wanted - 1) / wanted, Math.min(fewest, m));
        int height = batch >= TASKS ? m : (rows + kernel.rowTile() - 1) / kernel.rowTile() * kernel.rowTile();
        int width = columnShares == 1 ? n : columnTile;
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

    private A array(NdArray of) {
        return elements.cast(((CpuBuffer) of.buffer()).array());
    }

    private static <A> Matrix<A> matrix(A array, Layout layout, int p) {
        long[] strides = layout.strides();
        return new Matrix<>(array, (int) (layout.offset() + p * strides[0]), (int) strides[1], (int) strides[2]);
    }
}
