package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/** The host's side of rows_inner.clh and rows_outer.clh. */
final class ClRows {
    private static final int MOST_ROWS = 128; // that are added up one after the other
    private static final int FEWEST_ROWS = 4; // likewise, on a GPU that these keep busy
    private static final int ITEMS = 8; // on a CPU for each core, so that they finish together
    private static final int ITEMS_OF_SUMS = 1 << 16; // on a GPU, where rows meet in sums
    private static final int[] PARTS = {0};

    /** Steps of a walk along a row that take longer than the launches of a composition. */
    private static final int LONG_WALK = 32;

    private final ClBackend backend;
    private final Kernels kernels;
    private final ClReduce reduce;

    ClRows(ClBackend backend, Kernels kernels, ClReduce reduce) {
        this.backend = backend;
        this.kernels = kernels;
        this.reduce = reduce;
    }

    /** Whether the rows of [outer, n, inner] are too few to keep a GPU busy, and long. */
    boolean leavesIdle(int... shape) {
        Family family = kernels.family();
        if (!family.gpu()) {
            return false;
        }
        boolean inner = shape[2] == 1;
        int lanes = family.rowLanes(shape[1]);
        long vectors = shape[0] * ((shape[2] + family.width() - 1L) / family.width());
        long groups = inner ? shape[0] : vectors / Family.LANES;
        long steps = inner ? shape[1] / ((long) lanes * family.width()) : shape[1];
        return groups < 2L * backend.describe().computeUnits() && steps >= LONG_WALK;
    }

    void run(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts) {
        int vectorAxis = inputs[0].shape()[2] == 1 ? 1 : 2;
        NdArray[] arrays = inputs.clone();
        List<Long> steps = new ArrayList<>();
        for (int i = 0; i < arrays.length; i++) {
            long step =
                    inputs[i].shape()[vectorAxis] == 1 ? 1 : arrays[i].layout().strides()[vectorAxis];
            if (step > 1) { // kernels are made for neighbours
                arrays[i] = arrays[i].copy();
                step = 1;
            }
            steps.add(step);
        }
        if (vectorAxis == 1) {
            inner(program, steps, arrays, constants, out, rowOuts, columnOuts);
        } else {
            outer(program, steps, arrays, constants, out, rowOuts);
        }
        for (int i = 0; i < arrays.length; i++) {
            if (arrays[i] != inputs[i]) {
                arrays[i].buffer().freeIfUnheld();
            }
        }
    }

    private void inner(
            RowProgram program,
            List<Long> steps,
            NdArray[] arrays,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts) {
        DType dtype = arrays[0].dtype();
        int[] shape = arrays[0].shape();
        int lanes = kernels.family().rowLanes(shape[1]);
        Kernels.Single rows = kernels.rows(program, steps, lanes, isPastCache(program, out), dtype);
        long[] group = {lanes == 1 ? 1 : Math.max(lanes, Family.LANES), 1, 1};
        int share = share(shape, lanes, columnOuts.length > 0);
        int parts = (shape[0] + share - 1) / share;
        NdArray[] sums = new NdArray[columnOuts.length];
        Arrays.setAll(sums, c -> parts == 1 ? columnOuts[c] : arrays[0].allocateLike(parts, shape[1]));
        backend.submit(() -> {
            ClKernel kernel = rows.kernel().begin();
            for (NdArray array : arrays) {
                array(kernel, array).int64(array.layout().strides()[0]);
            }
            scalarsAndNumbers(kernel, rows, dtype, constants, rowOuts);
            for (NdArray sum : sums) {
                array(kernel, sum);
            }
            result(kernel, out).int64(shape[0]).int64(shape[1]).int64(share).launch((long) parts * lanes, group);
        });
        for (int c = 0; c < sums.length && parts > 1; c++) {
            NdArray[] in = {sums[c]};
            reduce.run(Reduction.SUM, Expr.input(0), in, new double[0], PARTS, columnOuts[c].reshape(1, shape[1]));
            ClBuffer.of(sums[c]).free();
        }
    }

    /** Whether a result is so long that the caches do not keep it, and each element is written once. */
    private boolean isPastCache(RowProgram program, @Nullable NdArray out) {
        return out != null
                && kernels.family().isPastCache(out)
                && program.stages().stream().noneMatch(RowProgram.Stage::kept);
    }

    /** Rows that {@code lanes} work-items take: one after the other. */
    private int share(int[] shape, int lanes, boolean sumsColumns) {
        Family family = kernels.family();
        if (family.gpu() && !sumsColumns) {
            return 1;
        }
        int units = backend.describe().computeUnits();
        int shares = family.gpu() ? ITEMS_OF_SUMS / lanes : ITEMS * units;
        boolean many = family.gpu() && (long) shape[0] * lanes >= (long) FEWEST_ROWS * Family.LANES * units;
        int least = many ? FEWEST_ROWS : 1;
        int share = Math.max(least, Math.min((shape[0] + shares - 1) / shares, MOST_ROWS));
        return Math.max(1, Math.min(share, family.longestSum() / shape[1]));
    }

    private void outer(
            RowProgram program,
            List<Long> steps,
            NdArray[] arrays,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        DType dtype = arrays[0].dtype();
        int[] shape = arrays[0].shape();
        Kernels.Single rows = kernels.rows(program, steps, 0, false, dtype);
        long width = kernels.family().rowsSideBySide();
        long items = shape[0] * ((shape[2] + width - 1) / width);
        backend.submit(() -> {
            ClKernel kernel = rows.kernel().begin();
            for (NdArray array : arrays) {
                array(kernel, array)
                        .int64(array.layout().strides()[0])
                        .int64(array.layout().strides()[1]);
            }
            scalarsAndNumbers(kernel, rows, dtype, constants, rowOuts);
            result(kernel, out)
                    .int64(shape[0])
                    .int64(shape[1])
                    .int64(shape[2])
                    .launch(items, kernels.family().gpu() ? Family.GROUP : Family.SINGLE);
        });
    }

    private static void scalarsAndNumbers(
            ClKernel kernel, Kernels.Single rows, DType dtype, double[] constants, NdArray[] rowOuts) {
        for (int i = 0; i < rows.constants(); i++) {
            kernel.scalar(dtype, constants[i]);
        }
        for (NdArray rowOut : rowOuts) {
            array(kernel, rowOut);
        }
    }

    private static ClKernel result(ClKernel kernel, @Nullable NdArray out) {
        return out == null ? kernel : array(kernel, out);
    }

    private static ClKernel array(ClKernel kernel, NdArray array) {
        return kernel.buffer(ClBuffer.of(array)).int64(array.layout().offset());
    }
}
