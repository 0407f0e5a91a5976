package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/** The host's side of rows_inner.clh and rows_outer.clh. */
final class ClRows {
    private final ClBackend backend;
    private final Kernels kernels;

    ClRows(ClBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void run(RowProgram program, NdArray[] inputs, double[] constants, @Nullable NdArray out, NdArray[] rowOuts) {
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
            inner(program, steps, arrays, constants, out, rowOuts);
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
            NdArray[] rowOuts) {
        DType dtype = arrays[0].dtype();
        int[] shape = arrays[0].shape();
        Kernels.Single rows = kernels.rows(program, steps, true, dtype);
        int lanes = kernels.family().rowLanes();
        long[] group = lanes > 1 ? Family.GROUP : Family.SINGLE;
        backend.submit(() -> {
            ClKernel kernel = rows.kernel().begin();
            for (NdArray array : arrays) {
                kernel.buffer(ClBuffer.of(array))
                        .int64(array.layout().offset())
                        .int64(array.layout().strides()[0]);
            }
            finish(kernel, rows, dtype, constants, out, rowOuts)
                    .int64(shape[0])
                    .int64(shape[1])
                    .launch((long) shape[0] * lanes, group);
        });
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
        Kernels.Single rows = kernels.rows(program, steps, false, dtype);
        long width = kernels.family().outerWidth();
        long items = shape[0] * ((shape[2] + width - 1) / width);
        backend.submit(() -> {
            ClKernel kernel = rows.kernel().begin();
            for (NdArray array : arrays) {
                kernel.buffer(ClBuffer.of(array))
                        .int64(array.layout().offset())
                        .int64(array.layout().strides()[0])
                        .int64(array.layout().strides()[1]);
            }
            finish(kernel, rows, dtype, constants, out, rowOuts)
                    .int64(shape[0])
                    .int64(shape[1])
                    .int64(shape[2])
                    .launch(items, kernels.family().gpu() ? Family.GROUP : Family.SINGLE);
        });
    }

    private static ClKernel finish(
            ClKernel kernel,
            Kernels.Single rows,
            DType dtype,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts) {
        for (int i = 0; i < rows.constants(); i++) {
            kernel.scalar(dtype, constants[i]);
        }
        for (NdArray rowOut : rowOuts) {
            kernel.buffer(ClBuffer.of(rowOut)).int64(rowOut.layout().offset());
        }
        if (out != null) {
            kernel.buffer(ClBuffer.of(out)).int64(out.layout().offset());
        }
        return kernel;
    }
}
