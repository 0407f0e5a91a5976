package org.clgrad.backend.opencl;

import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.DeviceException;
import org.clgrad.backend.NdArray;

/** The host's side of matmul_cpu.cl and matmul_gpu.cl. */
final class ClMatmul {
    // On a CPU, products with fewer multiplications, rows or columns than these do not repay packing (measured on
    // PoCL).
    private static final long PACK_FROM = 1 << 25;
    private static final long PACK_DOTS_FROM = 1 << 24; // NT
    private static final long PACK_GATHERED_FROM = 1 << 20; // TT, whose kernel gathers vectors from columns
    private static final int PACK_ROWS_FROM = 16;
    private static final int PACK_COLUMNS_FROM = 32;

    private static final long[] GPU_GROUP = {Family.SIDE, Family.SIDE, 1};

    private final ClBackend backend;
    private final Kernels kernels;

    ClMatmul(ClBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void run(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        int k = a.shape()[2];
        if (out.numel() == 0) {
            return;
        }
        if (k == 0) {
            backend.fill(out, 0);
            return;
        }
        if (k > kernels.family().longestProduct()) {
            throw new DeviceException("matmul: " + k + " products in a sum are more than "
                    + backend.describe().name() + " adds up; it stops at "
                    + kernels.family().longestProduct()
                    + ". Use another device, or split the matrices");
        }
        long rowStep = a.layout().strides()[1];
        if (shape[0] > 1
                && b.layout().strides()[0] == 0
                && (shape[1] == 1 || a.layout().strides()[0] == shape[1] * rowStep)
                && (long) shape[0] * shape[1] <= Integer.MAX_VALUE) { // one right operand: the batch is just more rows
            int rows = shape[0] * shape[1];
            long step = shape[1] == 1 ? a.layout().strides()[0] : rowStep;
            run(
                    a.with(new Layout(
                            new int[] {1, rows, k},
                            new long[] {0, step, a.layout().strides()[2]},
                            a.layout().offset())),
                    b.with(new Layout(
                            new int[] {1, k, shape[2]},
                            b.layout().strides(),
                            b.layout().offset())),
                    out.with(new Layout(
                            new int[] {1, rows, shape[2]},
                            new long[] {0, shape[2], 1},
                            out.layout().offset())));
            return;
        }
        if (!kernels.family().gpu() && packs(a, b, shape, k)) {
            packed(a, b, out, k);
        } else {
            inPlace(a, b, out, k);
        }
    }

    private boolean packs(NdArray a, NdArray b, int[] shape, long k) {
        long m = shape[1];
        long n = shape[2];
        long room = backend.describe().maxBufferBytes() / a.dtype().bytes() / 2; // panels are padded, by less than this
        if (m < PACK_ROWS_FROM || n < PACK_COLUMNS_FROM || shape[0] * Math.max(m, n) * k > room) {
            return false;
        }
        boolean inLines = liesInLines(a) && liesInLines(b); // else they would have to be copied anyway
        long from = byRows(b) ? PACK_FROM : byRows(a) ? PACK_DOTS_FROM : PACK_GATHERED_FROM;
        return !inLines || m * n * k >= from;
    }

    private void inPlace(NdArray a, NdArray b, NdArray out, int k) {
        int[] shape = out.shape();
        NdArray left = liesInLines(a) ? a : a.copy();
        NdArray right = liesInLines(b) ? b : b.copy();
        boolean leftByRows = byRows(left);
        boolean rightByRows = byRows(right);
        String name = name(leftByRows, rightByRows);
        boolean large = fillsDeviceWithLargeTiles(out);
        ClKernel kernel = large ? kernels.largeTile().kernel(name) : kernels.kernel(out.dtype(), name);
        long[] grid = grid(shape, leftByRows, rightByRows, out, large ? Family.LARGE_TILE : Family.TILE);
        backend.submit(() -> operands(
                        kernel.begin().int64(shape[1]).int64(shape[2]).int64(k), left, leftByRows, right, rightByRows)
                .buffer(ClBuffer.of(out))
                .int64(out.layout().offset())
                .launch(grid[0], grid[1], grid[2], kernels.family().gpu() ? GPU_GROUP : Family.SINGLE));
        if (left != a) {
            ClBuffer.of(left).free();
        }
        if (right != b) {
            ClBuffer.of(right).free();
        }
    }

    /** Whether a GPU has work for all its compute units, twice over, in large tiles. */
    private boolean fillsDeviceWithLargeTiles(NdArray out) {
        int[] shape = out.shape();
        return kernels.family().gpu()
                && out.dtype() == DType.FLOAT32
                && shape[0] * up(shape[1], Family.LARGE_TILE) * up(shape[2], Family.LARGE_TILE)
                        >= 2L * backend.describe().computeUnits();
    }

    private long[] grid(int[] shape, boolean leftByRows, boolean rightByRows, NdArray out, int tile) {
        Family family = kernels.family();
        if (family.gpu()) {
            return new long[] {up(shape[2], tile) * Family.SIDE, up(shape[1], tile) * Family.SIDE, shape[0]};
        }
        boolean dots = leftByRows && !rightByRows;
        return new long[] {
            up(shape[2], dots ? 4 : family.lanes(out.dtype())), up(shape[1], dots ? 4 : family.rows()), shape[0]
        };
    }

    private static ClKernel operands(
            ClKernel kernel, NdArray left, boolean leftByRows, NdArray right, boolean rightByRows) {
        Layout a = left.layout();
        Layout b = right.layout();
        return kernel.buffer(ClBuffer.of(left))
                .int64(a.offset())
                .int64(a.strides()[leftByRows ? 1 : 2])
                .int64(a.strides()[0])
                .buffer(ClBuffer.of(right))
                .int64(b.offset())
                .int64(b.strides()[rightByRows ? 1 : 2])
                .int64(b.strides()[0]);
    }

    private void packed(NdArray a, NdArray b, NdArray out, long k) {
        Family family = kernels.family();
        int[] shape = out.shape();
        int rows = family.rows();
        int columns = family.vectors() * family.lanes(out.dtype());
        long leftPanels = up(shape[1], rows);
        long rightPanels = up(shape[2], columns);
        long leftBatch = a.layout().strides()[0] == 0 ? 1 : shape[0];
        long rightBatch = b.layout().strides()[0] == 0 ? 1 : shape[0];
        ClBuffer left = (ClBuffer) backend.allocate(out.dtype(), leftBatch * leftPanels * rows * k);
        ClBuffer right = (ClBuffer) backend.allocate(out.dtype(), rightBatch * rightPanels * columns * k);
        pack("pack_rows", a, 1, 2, leftPanels, leftBatch, left);
        pack("pack_columns", b, 2, 1, rightPanels, rightBatch, right);
        ClKernel kernel = kernels.kernel(out.dtype(), "matmul_packed");
        backend.submit(() -> kernel.begin()
                .int64(shape[1])
                .int64(shape[2])
                .int64(k)
                .buffer(left)
                .int64(0)
                .int64(leftBatch == 1 ? 0 : leftPanels * rows * k)
                .buffer(right)
                .int64(0)
                .int64(rightBatch == 1 ? 0 : rightPanels * columns * k)
                .buffer(ClBuffer.of(out))
                .int64(out.layout().offset())
                .launch(rightPanels, up(leftPanels, family.rowPanels()), shape[0], Family.SINGLE));
        left.free();
        right.free();
    }

    /** Brings a matrix into panels: lines along axis {@code across}, k along axis {@code along}. */
    private void pack(String name, NdArray from, int across, int along, long panels, long batch, ClBuffer to) {
        Layout layout = from.layout();
        int k = layout.shape()[along];
        ClKernel kernel = kernels.kernel(from.dtype(), name);
        backend.submit(() -> kernel.begin()
                .int64(layout.shape()[across])
                .int64(k)
                .int64(panels)
                .buffer(ClBuffer.of(from))
                .int64(layout.offset())
                .int64(layout.strides()[across])
                .int64(layout.strides()[along])
                .int64(layout.strides()[0])
                .buffer(to)
                .int64(0)
                .launch(panels, up(k, Family.K_BLOCK), batch, Family.SINGLE));
    }

    /** Whether rows or columns are contiguous. */
    private static boolean liesInLines(NdArray array) {
        return byRows(array) || lies(array, 1);
    }

    private static boolean byRows(NdArray array) {
        return lies(array, 2);
    }

    private static boolean lies(NdArray array, int axis) {
        return array.shape()[axis] == 1 || array.layout().strides()[axis] == 1;
    }

    static String name(boolean leftByRows, boolean rightByRows) {
        return leftByRows
                ? (rightByRows ? "matmul_forward" : "matmul_backward_left")
                : (rightByRows ? "matmul_backward_right" : "matmul_transposed");
    }

    private static long up(long size, long part) {
        return (size + part - 1) / part;
    }
}
