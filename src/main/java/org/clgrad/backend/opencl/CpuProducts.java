package org.clgrad.backend.opencl;

import static org.clgrad.backend.opencl.MatmulShape.ceil;

import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** Launches of matmul_cpu.cl. */
final class CpuProducts implements ClMatmul.Products {
    private static final int SHORTEST_SUM = 512; // about 5 microseconds for a tile
    private static final int FEWEST_READ =
            1 << 16; // elements of b, some 10 microseconds, where few rows leave little else to do
    private static final int ROW_VECTORS = 128; // vectors of columns of a work-item of matmul_rows
    private static final int DOTS = 8; // columns of a work-item of matmul_dots
    private static final int PANELS = 8; // of a work-item of matmul_pack_left
    private static final int FEWEST_ROWS = 64; // of a share: packing b must pay
    private static final int SHARES = 4; // for each compute unit, so that they finish together

    // Columns of a that are further apart than a page holds lie in a page each, and often in the same few sets of the
    // cache. Packing them first pays for large products.
    private static final long PACK_FROM = 1 << 18; // elements of a
    private static final int PACK_COLUMNS_FROM = 128; // of b
    private static final int TURN_FROM = 512; // steps of k: then turning the result back takes little beside them
    private static final long PAGE = 512; // floats

    private final ClBackend backend;
    private final MatmulPrograms programs;

    CpuProducts(ClBackend backend, MatmulPrograms programs) {
        this.backend = backend;
        this.programs = programs;
    }

    @Override
    public int shortestSum(NdArray out) {
        return hasFewRows(out) ? (int) ceil(FEWEST_READ, columns(out)) : SHORTEST_SUM;
    }

    private static boolean hasFewRows(NdArray out) {
        return Math.min(out.shape()[1], out.shape()[2]) <= ClMatmul.FEW;
    }

    /** Of out, or of its transpose if that has few rows. */
    private static int columns(NdArray out) {
        return Math.max(out.shape()[1], out.shape()[2]);
    }

    private MatmulTile tile(NdArray a, NdArray out) {
        return programs.tile(out.dtype(), MatmulShape.of(a, out));
    }

    @Override
    public long shares(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        MatmulTile tile = tile(a, out);
        if (hasFewRows(out)) {
            boolean alongRows = shape[1] <= shape[2] ? !ClMatmul.byColumns(b) : !ClMatmul.byRows(a);
            return shape[0] * ceil(columns(out), alongRows ? (long) ROW_VECTORS * tile.get("V") : DOTS);
        }
        return shape[0] * ceil(shape[1], share(tile, shape)) * ceil(shape[2], width(tile, shape[2]));
    }

    /** Columns of a work-item: as many vectors as the tile has, or less if they then come out even. */
    private static long width(MatmulTile tile, long n) {
        long vectors = ceil(n, tile.get("V"));
        return ceil(vectors, ceil(vectors, tile.get("VECTORS"))) * tile.get("V");
    }

    /** Rows of a work-item: many, since each packs b, but not so many that a core is left without work. */
    private long share(MatmulTile tile, int[] shape) {
        int units = backend.describe().computeUnits();
        int rows = tile.get("ROWS");
        long share = Math.min(ceil(shape[1], rows) * rows, tile.get("SHARE"));
        long panels = shape[0] * ceil(shape[2], width(tile, shape[2]));
        while (share > 2L * rows) {
            long shares = panels * ceil(shape[1], share);
            boolean many = shares >= (long) SHARES * units && comesOutEven(shares, units);
            if (many || share <= FEWEST_ROWS && shares >= units) {
                break;
            }
            share = ceil(share / 2, rows) * rows;
        }
        return ceil(ceil(shape[1], ceil(shape[1], share)), rows) * rows; // all shares nearly the same
    }

    /** Whether at most a twentieth of all cores' time is spent waiting for the last. */
    private static boolean comesOutEven(long shares, int units) {
        return 20 * shares >= 19 * units * ceil(shares, units);
    }

    @Override
    public void tiles(NdArray a, NdArray b, NdArray out, @Nullable MatmulEpilogue epilogue) {
        boolean scattered = isScattered(a, out.shape());
        boolean narrow = out.shape()[2] < PACK_COLUMNS_FROM;
        if (scattered && narrow && epilogue == null && a.shape()[2] >= TURN_FROM) {
            turned(a, b, out);
        } else {
            tiles(a, b, out, epilogue, scattered && !narrow);
        }
    }

    private void tiles(NdArray a, NdArray b, NdArray out, @Nullable MatmulEpilogue epilogue, boolean packs) {
        int[] shape = out.shape();
        int k = a.shape()[2];
        MatmulTile tile = tile(a, out);
        long share = share(tile, shape);
        long width = width(tile, shape[2]);
        int rows = tile.get("ROWS");
        ClBuffer panels = packs ? pack(tile, a, shape[0]) : ClBuffer.of(a);
        long panelBatch = a.layout().strides()[0] == 0 ? 0 : ceil(shape[1], rows) * rows * k;
        long[] left = a.layout().strides();
        long[] right = b.layout().strides();
        MatmulPrograms.Ending ending = programs.kernel(tile, out.dtype(), false, "matmul_panels", epilogue);
        backend.submit(() -> {
            ending.kernel()
                    .begin()
                    .int64(shape[1])
                    .int64(shape[2])
                    .int64(k)
                    .int64(share)
                    .int64(width)
                    .buffer(panels)
                    .int64(packs ? 0 : a.layout().offset())
                    .int64(packs ? 1 : left[1])
                    .int64(packs ? rows : left[2])
                    .int64(packs ? panelBatch : left[0])
                    .int64(packs ? k : left[1])
                    .buffer(ClBuffer.of(b))
                    .int64(b.layout().offset())
                    .int64(right[1])
                    .int64(right[2])
                    .int64(right[0]);
            ending.arguments(epilogue)
                    .buffer(ClBuffer.of(out))
                    .int64(out.layout().offset())
                    .launch(ceil(shape[2], width), ceil(shape[1], share), shape[0], Family.SINGLE);
        });
        if (packs) {
            panels.free();
        }
    }

    private boolean isScattered(NdArray a, int[] shape) {
        long k = a.shape()[2];
        long padded = (shape[1] + 16L) * k * shape[0] * a.dtype().bytes();
        return ClMatmul.byColumns(a)
                && a.layout().strides()[2] >= PAGE
                && shape[1] * k >= PACK_FROM
                && padded < backend.describe().maxBufferBytes() / 2;
    }

    /** (b^T a^T)^T: the kernel packs the columns of its right operand, few of which are not worth packing a before. */
    private void turned(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        NdArray turned = out.allocateLike(shape[0], shape[2], shape[1]);
        tiles(ClMatmul.transposed(b), ClMatmul.transposed(a), turned, null, false);
        backend.copy(ClMatmul.transposed(turned), out);
        ClBuffer.of(turned).free();
    }

    private ClBuffer pack(MatmulTile tile, NdArray a, int count) {
        int m = a.shape()[1];
        int k = a.shape()[2];
        int rows = tile.get("ROWS");
        long batch = a.layout().strides()[0] == 0 ? 1 : count;
        long size = ceil(m, rows) * rows * k;
        ClBuffer to = (ClBuffer) backend.allocate(a.dtype(), batch * size);
        ClKernel kernel = programs.kernel(tile, a.dtype(), false, "matmul_pack_left");
        backend.submit(() -> kernel.begin()
                .int64(m)
                .int64(k)
                .buffer(ClBuffer.of(a))
                .int64(a.layout().offset())
                .int64(a.layout().strides()[2])
                .int64(a.layout().strides()[0])
                .buffer(to)
                .int64(size)
                .launch(ceil(m, (long) PANELS * rows), ceil(k, tile.get("K_BLOCK")), batch, Family.SINGLE));
        return to;
    }

    @Override
    public void fewRows(NdArray a, NdArray b, NdArray out) {
        int[] shape = out.shape();
        MatmulTile tile = tile(a, out);
        boolean alongRows = !ClMatmul.byColumns(b);
        ClKernel kernel = programs.kernel(tile, out.dtype(), false, alongRows ? "matmul_rows" : "matmul_dots");
        long columns = alongRows ? (long) ROW_VECTORS * tile.get("V") : DOTS;
        backend.submit(() -> ClMatmul.fewRowsArguments(kernel, a, b, alongRows, out)
                .launch(ceil(shape[2], columns), 1, shape[0], Family.SINGLE));
    }
}
