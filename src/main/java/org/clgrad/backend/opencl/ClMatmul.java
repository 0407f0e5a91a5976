package org.clgrad.backend.opencl;

import org.clgrad.array.Layout;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of matmul_cpu.cl and matmul_gpu.cl: turns a product into launches. Which element meets which, and in which
 * order, depends on the device, shapes and strides alone.
 */
final class ClMatmul {
    /** Rows for which there are kernels of their own. */
    static final int FEW = 4;

    private static final int SMALL = 1 << 12; // multiply-adds, some microseconds of one core

    private static final int FEW_COLUMNS = 32; // below, vectors along the columns would be idle

    private final ClBackend backend;
    private final Kernels kernels;
    private final Family family;
    private final Products products;

    /** The launches of a family of kernels. Operands are [batch, rows, columns]. */
    interface Products {
        /** Any product; out is contiguous. */
        void tiles(NdArray a, NdArray b, NdArray out, @Nullable MatmulEpilogue epilogue);

        /** At most {@link #FEW} rows, b's rows or columns contiguous; out has any strides. */
        void fewRows(NdArray a, NdArray b, NdArray out);

        /** Work-items (CPU) or work-groups (GPU) that a product would be shared out to. */
        long shares(NdArray a, NdArray b, NdArray out);

        /** Steps of k that are worth a share of their own. */
        int shortestSum(NdArray out);
    }

    ClMatmul(ClBackend backend, Kernels kernels, MatmulPrograms programs) {
        this.backend = backend;
        this.kernels = kernels;
        this.family = kernels.family();
        this.products = programs.gpu() ? new GpuProducts(backend, programs) : new CpuProducts(backend, programs);
    }

    void run(NdArray a, NdArray b, NdArray out) {
        int k = a.shape()[2];
        if (out.numel() == 0) {
            return;
        }
        if (k == 0) {
            backend.fill(out, 0);
        } else if (isOneProduct(a, b, out)) {
            product(asRows(a), first(b), rows(out));
        } else {
            product(a, b, out);
        }
    }

    /** The product with work behind it, in one kernel; false where that takes several, or the kernel is not worth compiling yet. */
    boolean run(NdArray a, NdArray b, NdArray out, MatmulEpilogue epilogue) {
        if (a.shape()[2] == 0) {
            return false;
        }
        if (isOneProduct(a, b, out)) {
            NdArray rows = rows(out);
            MatmulEpilogue same = epilogue.reshape(rows.shape());
            return same != null && tiles(asRows(a), first(b), rows, same);
        }
        return tiles(a, b, out, epilogue);
    }

    private boolean tiles(NdArray a, NdArray b, NdArray out, MatmulEpilogue epilogue) {
        if (parts(a, b, out) > 1
                || kind(a, b, out) != Kind.TILES
                || !kernels.isWorthCompiling(epilogue.code(), out.dtype(), 1, out.numel())) {
            return false;
        }
        products.tiles(a, b, out, epilogue);
        return true;
    }

    /** Whether the batch is just more rows, since all of it has one right operand. */
    private static boolean isOneProduct(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        long[] strides = a.layout().strides();
        return shape[0] > 1
                && b.layout().strides()[0] == 0
                && (shape[1] == 1 || strides[0] == shape[1] * strides[1])
                && (long) shape[0] * shape[1] <= Integer.MAX_VALUE;
    }

    private static NdArray asRows(NdArray a) {
        int[] shape = a.shape();
        long[] strides = a.layout().strides();
        long step = shape[1] == 1 ? strides[0] : strides[1];
        return view(a, 0, 1, 0, shape[0] * shape[1], step, shape[2], strides[2]);
    }

    private static NdArray first(NdArray b) {
        long[] strides = b.layout().strides();
        return view(b, 0, 1, 0, b.shape()[1], strides[1], b.shape()[2], strides[2]);
    }

    private static NdArray rows(NdArray out) {
        int[] shape = out.shape();
        return view(out, 0, 1, 0, shape[0] * shape[1], shape[2], shape[2], 1);
    }

    private static NdArray view(
            NdArray of,
            long from,
            int batch,
            long batchStride,
            int rows,
            long rowStride,
            int columns,
            long columnStride) {
        return of.with(new Layout(
                new int[] {batch, rows, columns},
                new long[] {batchStride, rowStride, columnStride},
                of.layout().offset() + from));
    }

    private void product(NdArray a, NdArray b, NdArray out) {
        int parts = parts(a, b, out);
        if (parts == 1) {
            whole(a, b, out);
        } else {
            for (int z = 0; z < out.shape()[0]; z++) {
                inParts(entry(a, z), entry(b, z), entry(out, z), parts);
            }
        }
    }

    /** Into how many sums along k a product is cut: as many as keep the device busy, and none longer than it allows. */
    private int parts(NdArray a, NdArray b, NdArray out) {
        int k = a.shape()[2];
        long needed = MatmulShape.ceil(k, family.longestSum());
        long units = backend.describe().computeUnits();
        long shares = products.shares(a, b, out);
        boolean busy = family.gpu() ? 2 * shares > 3 * units : shares >= 2 * units;
        long useful = busy ? 1 : MatmulShape.ceil(4 * units, shares);
        int parts = (int) Math.max(needed, Math.min(useful, k / products.shortestSum(out)));
        return family.gpu() ? evenParts(k, parts, (int) needed) : parts;
    }

    /** As many or somewhat fewer parts that are whole quads of one length: a part of another length takes a launch of its own. */
    private static int evenParts(int k, int parts, int needed) {
        for (int fewer = parts; fewer > Math.max(needed, parts / 2); fewer--) {
            if (k % (4 * fewer) == 0) {
                return fewer;
            }
        }
        return parts;
    }

    private static NdArray entry(NdArray of, int z) {
        Layout layout = of.layout();
        return of.with(layout.slice(0, z, z + 1, 1));
    }

    /** The parts are a batch of products over views of the operands, which then are added. */
    private void inParts(NdArray a, NdArray b, NdArray out, int parts) {
        int m = out.shape()[1];
        int n = out.shape()[2];
        int k = a.shape()[2];
        int step = (int) MatmulShape.ceil(MatmulShape.ceil(k, parts), 4) * 4; // whole quads
        int full = k / step;
        int rest = k - full * step;
        NdArray sums = out.allocateLike(full + (rest > 0 ? 1 : 0), m, n);
        if (full > 0) {
            whole(
                    slices(a, 2, step, full),
                    slices(b, 1, step, full),
                    sums.with(sums.layout().slice(0, 0, full, 1)));
        }
        if (rest > 0) {
            whole(
                    a.with(a.layout().slice(2, full * step, k, 1)),
                    b.with(b.layout().slice(1, full * step, k, 1)),
                    sums.with(sums.layout().slice(0, full, full + 1, 1)));
        }
        backend.reduce(Reduction.SUM, sums, new int[] {0}, out);
        ClBuffer.of(sums).free();
    }

    /** One matrix as a batch of slices along an axis. */
    private static NdArray slices(NdArray of, int axis, int size, int count) {
        int[] shape = of.shape().clone();
        long[] strides = of.layout().strides().clone();
        shape[axis] = size;
        shape[0] = count;
        strides[0] = size * strides[axis];
        return of.with(new Layout(shape, strides, of.layout().offset()));
    }

    private enum Kind {
        SMALL,
        FEW_ROWS,
        FEW_COLUMNS,
        TILES
    }

    private static Kind kind(NdArray a, NdArray b, NdArray out) {
        int m = out.shape()[1];
        int n = out.shape()[2];
        if (out.numel() * a.shape()[2] <= SMALL) {
            return Kind.SMALL;
        }
        if (m <= FEW && n >= m && hasFewRowsKernel(b)) {
            return Kind.FEW_ROWS;
        }
        return n <= FEW && n < m && hasFewRowsKernel(transposed(a)) ? Kind.FEW_COLUMNS : Kind.TILES;
    }

    private void whole(NdArray a, NdArray b, NdArray out) {
        switch (kind(a, b, out)) {
            case SMALL -> small(a, b, out);
            case FEW_ROWS -> products.fewRows(a, b, out);
            case FEW_COLUMNS -> products.fewRows(transposed(b), transposed(a), transposed(out)); // (a b)^T = b^T a^T
            case TILES -> products.tiles(a, b, out, null);
        }
    }

    private void small(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        ClKernel kernel = kernels.kernel(out.dtype(), "matmul_small");
        backend.submit(() -> {
            kernel.begin().int64(shape[0]).int64(shape[1]).int64(shape[2]).int64(a.shape()[2]);
            for (NdArray matrices : new NdArray[] {a, b, out}) {
                long[] strides = matrices.layout().strides();
                kernel.buffer(ClBuffer.of(matrices)).int64(matrices.layout().offset());
                kernel.int64(strides[0]).int64(strides[1]).int64(strides[2]);
            }
            kernel.launch(out.numel(), Family.GROUP);
        });
    }

    private static boolean hasFewRowsKernel(NdArray b) {
        return byColumns(b) || (byRows(b) && b.shape()[2] >= FEW_COLUMNS);
    }

    static NdArray transposed(NdArray matrices) {
        return matrices.with(matrices.layout().transpose(1, 2));
    }

    /** Whether rows are contiguous. */
    static boolean byRows(NdArray matrices) {
        return matrices.shape()[2] == 1 || matrices.layout().strides()[2] == 1;
    }

    static boolean byColumns(NdArray matrices) {
        return matrices.shape()[1] == 1 || matrices.layout().strides()[1] == 1;
    }

    /** The launch of a kernel for few rows: by rows of b, or its columns, and out with its strides. */
    static ClKernel fewRowsArguments(ClKernel kernel, NdArray a, NdArray b, boolean alongRows, NdArray out) {
        long[] left = a.layout().strides();
        long[] right = b.layout().strides();
        long[] to = out.layout().strides();
        return kernel.begin()
                .int64(out.shape()[1])
                .int64(out.shape()[2])
                .int64(a.shape()[2])
                .buffer(ClBuffer.of(a))
                .int64(a.layout().offset())
                .int64(left[1])
                .int64(left[2])
                .int64(left[0])
                .buffer(ClBuffer.of(b))
                .int64(b.layout().offset())
                .int64(right[alongRows ? 1 : 2])
                .int64(right[0])
                .buffer(ClBuffer.of(out))
                .int64(out.layout().offset())
                .int64(to[1])
                .int64(to[2]);
    }
}
