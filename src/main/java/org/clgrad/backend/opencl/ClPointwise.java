package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.array.LoopNest;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;

/** The host's side of pointwise.clh. */
final class ClPointwise {
    private static final int LOOPS = 4;

    private final ClBackend backend;
    private final Kernels kernels;

    ClPointwise(ClBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void run(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        if (out.numel() == 0) {
            return;
        }
        Kernels.Pointwise pair = kernels.pointwise(expr, isPastCache(inputs, out), out.dtype());
        boolean contiguous = out.layout().isContiguous();
        for (int i = 0; i < pair.inputs() && contiguous; i++) {
            contiguous = inputs[i].layout().isContiguous();
        }
        if (contiguous) {
            runContiguous(pair, inputs, constants, out);
            return;
        }
        Layout[] layouts = new Layout[pair.inputs() + 1];
        for (int i = 0; i < pair.inputs(); i++) {
            layouts[i] = inputs[i].layout();
        }
        layouts[pair.inputs()] = out.layout();
        LoopNest nest = Nests.inOrderOfLast(layouts);
        if (nest.depth() <= LOOPS) {
            runStrided(pair, inputs, constants, out, nest);
        } else {
            runOnCopies(expr, pair.inputs(), inputs, constants, out);
        }
    }

    /** Whether a result is so long that the caches do not keep it, and lies where nothing was read. */
    private boolean isPastCache(NdArray[] inputs, NdArray out) {
        return kernels.family().isPastCache(out)
                && Arrays.stream(inputs).noneMatch(input -> input.buffer() == out.buffer());
    }

    private void runContiguous(Kernels.Pointwise pair, NdArray[] inputs, double[] constants, NdArray out) {
        DType dtype = out.dtype();
        long n = out.numel();
        int width = kernels.family().width();
        backend.submit(() -> {
            ClKernel kernel = pair.contiguous().begin().int64(n);
            for (int i = 0; i < pair.inputs(); i++) {
                kernel.buffer(ClBuffer.of(inputs[i])).int64(inputs[i].layout().offset());
            }
            for (int i = 0; i < pair.constants(); i++) {
                kernel.scalar(dtype, constants[i]);
            }
            kernel.buffer(ClBuffer.of(out)).int64(out.layout().offset());
            kernel.launch((n + width - 1) / width, Family.GROUP);
        });
    }

    private void runStrided(Kernels.Pointwise pair, NdArray[] inputs, double[] constants, NdArray out, LoopNest nest) {
        DType dtype = out.dtype();
        int last = pair.inputs();
        backend.submit(() -> {
            ClKernel kernel = pair.strided().begin().int64s(Nests.sizes(nest, LOOPS));
            for (int i = 0; i < last; i++) {
                kernel.buffer(ClBuffer.of(inputs[i])).int64(nest.offsets()[i]).int64s(Nests.strides(nest, i, LOOPS));
            }
            for (int i = 0; i < pair.constants(); i++) {
                kernel.scalar(dtype, constants[i]);
            }
            kernel.buffer(ClBuffer.of(out)).int64(nest.offsets()[last]).int64s(Nests.strides(nest, last, LOOPS));
            kernel.launch(Nests.items(nest, kernels.family().width()), Family.GROUP);
        });
    }

    /** More loops than the kernel has: contiguous copies have one. */
    private void runOnCopies(Expr expr, int count, NdArray[] inputs, double[] constants, NdArray out) {
        List<NdArray> copies = new ArrayList<>();
        NdArray[] dense = new NdArray[count];
        for (int i = 0; i < count; i++) {
            dense[i] = inputs[i].contiguous();
            if (dense[i] != inputs[i]) {
                copies.add(dense[i]);
            }
        }
        NdArray result = out.layout().isContiguous() ? out : out.allocateLike(out.shape());
        run(expr, dense, constants, result);
        if (result != out) {
            copies.add(result);
            backend.copy(result, out);
        }
        copies.forEach(copy -> ClBuffer.of(copy).free());
    }
}
