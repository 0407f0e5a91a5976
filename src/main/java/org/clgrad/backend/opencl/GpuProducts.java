package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.MatmulShape.ceil;

import org.clgrad.array.Layout;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** Launches of matmul_gpu.cl. */
final class GpuProducts implements ClMatmul.Products {
    private static final int SHORTEST_SUM = 128;
    private static final int QUAD = 4;
    private static final long[] LANES = {64, 1, 1}; // the group of the kernels for few rows

    private final ClBackend backend;
    private final MatmulPrograms programs;

    GpuProducts(ClBackend backend, MatmulPrograms programs) {
        this.backend = backend;
        this.programs = programs;
    }

    @Override
    public int shortestSum(NdArray out) {
        return SHORTEST_SUM;
    }

    private MatmulTile tile(NdArray a, NdArray out) {
        return programs.tile(out.dtype(), MatmulShape.of(a, out));
    }

    @Override
    public long shares(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        if (shape[1] <= ClMatmul.FEW || shape[2] <= ClMatmul.FEW) {
            boolean wide = shape[1] <= shape[2] ? !ClMatmul.byColumns(b) : !ClMatmul.byRows(a);
            long columns = Math.max(shape[1], shape[2]);
            return shape[0] * (wide ? ceil(columns, LANES[0] * QUAD) : columns);
        }
        MatmulTile tile = tile(a, out);
        return shape[0] * ceil(shape[1], tile.get("TILE_M")) * ceil(shape[2], tile.get("TILE_N"));
    }

    @Override
    public void tiles(NdArray a, NdArray b, NdArray out, @Nullable MatmulEpilogue epilogue) {
        int[] shape = out.shape();
        NdArray left = liesInLines(a) ? a : a.copy();
        NdArray right = liesInLines(b) ? b : b.copy();
        boolean leftByRows = ClMatmul.byRows(left);
        boolean rightByRows = ClMatmul.byRows(right);
        boolean aligned = isAligned(left, leftByRows) && isAligned(right, rightByRows) && isAligned(out, true);
        MatmulTile tile = tile(a, out);
        MatmulPrograms.Ending ending =
                programs.kernel(tile, out.dtype(), aligned, name(leftByRows, rightByRows), epilogue);
        long across = tile.get("TILE_N") / tile.get("ITEM_N");
        long down = tile.get("TILE_M") / tile.get("ITEM_M");
        long[] group = {across, down, 1};
        backend.submit(() -> {
            ClKernel kernel = ending.kernel().begin();
            kernel.int64(shape[1]).int64(shape[2]).int64(left.shape()[2]);
            operand(kernel, left, leftByRows);
            operand(kernel, right, rightByRows);
            ending.arguments(epilogue)
                    .buffer(ClBuffer.of(out))
                    .int64(out.layout().offset())
                    .launch(
                            ceil(shape[2], tile.get("TILE_N")) * across,
                            ceil(shape[1], tile.get("TILE_M")) * down,
                            shape[0],
                            group);
        });
        if (left != a) {
            ClBuffer.of(left).free();
        }
        if (right != b) {
            ClBuffer.of(right).free();
        }
    }

    private static void operand(ClKernel kernel, NdArray matrices, boolean byRows) {
        Layout layout = matrices.layout();
        kernel.buffer(ClBuffer.of(matrices))
                .int64(layout.offset())
                .int64(layout.strides()[byRows ? 1 : 2])
                .int64(layout.strides()[0]);
    }

    @Override
    public void fewRows(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        boolean alongRows = !ClMatmul.byColumns(b);
        ClKernel kernel = programs.kernel(
                tile(a, out), out.dtype(), isAligned(b, alongRows), alongRows ? "matmul_rows" : "matmul_dots");
        long items = alongRows ? ceil(ceil(shape[2], QUAD), LANES[0]) * LANES[0] : shape[2] * LANES[0];
        backend.submit(
                () -> ClMatmul.fewRowsArguments(kernel, a, b, alongRows, out).launch(items, 1, shape[0], LANES));
    }

    private static boolean liesInLines(NdArray matrices) {
        return ClMatmul.byRows(matrices) || ClMatmul.byColumns(matrices);
    }

    /** Whether every line begins at a multiple of four elements and is a multiple of four long. */
    private static boolean isAligned(NdArray matrices, boolean byRows) {
        int[] shape = matrices.shape();
        long[] strides = matrices.layout().strides();
        return matrices.layout().offset() % QUAD == 0
                && shape[byRows ? 2 : 1] % QUAD == 0
                && strides[byRows ? 1 : 2] % QUAD == 0
                && (shape[0] == 1 || strides[0] % QUAD == 0);
    }

    static String name(boolean leftByRows, boolean rightByRows) {
        return leftByRows
                ? (rightByRows ? "matmul_forward" : "matmul_backward_left")
                : (rightByRows ? "matmul_backward_right" : "matmul_transposed");
    }
}
