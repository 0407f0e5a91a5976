package org.clgrad.backend.opencl;

import java.util.ArrayList;
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
        Kernels.Pointwise all = kernels.pointwise(expr, out.dtype());
        boolean contiguous = out.layout().isContiguous();
        for (int i = 0; i < all.inputs() && contiguous; i++) {
            contiguous = inputs[i].layout().isContiguous();
        }
        if (contiguous) {
            runContiguous(all, inputs, constants, out);
            return;
        }
        Layout[] layouts = new Layout[all.inputs() + 1];
        for (int i = 0; i < all.inputs(); i++) {
            layouts[i] = inputs[i].layout();
        }
        layouts[all.inputs()] = out.layout();
        LoopNest nest = Nests.inOrderOfLast(layouts);
        if (nest.depth() <= LOOPS) {
            runStrided(all, inputs, constants, out, nest);
        } else {
            runOnCopies(expr, all.inputs(), inputs, constants, out);
        }
    }

    private void runContiguous(Kernels.Pointwise all, NdArray[] inputs, double[] constants, NdArray out) {
        DType dtype = out.dtype();
        long n = out.numel();
        int width = kernels.family().width();
        backend.submit(() -> {
            boolean pastCache = all.pastCache() != null && isPastCache(all.inputs(), inputs, out);
            ClKernel kernel =
                    (pastCache ? all.pastCache() : all.contiguous()).begin().int64(n);
            for (int i = 0; i < all.inputs(); i++) {
                kernel.buffer(ClBuffer.of(inputs[i])).int64(inputs[i].layout().offset());
            }
            for (int i = 0; i < all.constants(); i++) {
                kernel.scalar(dtype, constants[i]);
            }
            kernel.buffer(ClBuffer.of(out)).int64(out.layout().offset());
            kernel.launch((n + width - 1) / width, Family.GROUP);
        });
    }

    /** Whether a result is so long that no cache keeps all of it, and is written where nothing was read. */
    private boolean isPastCache(int count, NdArray[] inputs, NdArray out) {
        boolean is = kernels.family().isPastCache(out);
        for (int i = 0; i < count && is; i++) {
            is = inputs[i].buffer() != out.buffer();
        }
        return is;
    }

    private void runStrided(Kernels.Pointwise all, NdArray[] inputs, double[] constants, NdArray out, LoopNest nest) {
        DType dtype = out.dtype();
        int last = all.inputs();
        backend.submit(() -> {
            ClKernel kernel = all.strided().begin().int64s(Nests.sizes(nest, LOOPS));
            for (int i = 0; i < last; i++) {
                kernel.buffer(ClBuffer.of(inputs[i])).int64(nest.offsets()[i]).int64s(Nests.strides(nest, i, LOOPS));
            }
            for (int i = 0; i < all.constants(); i++) {
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
