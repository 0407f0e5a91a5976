package org.clgrad.backend.opencl;

import org.clgrad.array.DType;
import org.clgrad.array.LoopNest;
import org.clgrad.array.Shapes;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * The host's side of copy.cl. Copies of contiguous arrays are left to the driver; one that copies by one thread gets a pointwise kernel for long
 * ones of floating-point numbers.
 */
final class ClCopy {
    private static final int LOOPS = Shapes.MAX_DIM;
    private static final long LONG_BYTES = 4 << 20; // two threads gain a third there

    private final ClBackend backend;
    private final Kernels kernels;
    private final ClPointwise pointwise;

    ClCopy(ClBackend backend, Kernels kernels, ClPointwise pointwise) {
        this.backend = backend;
        this.kernels = kernels;
        this.pointwise = pointwise;
    }

    void copy(NdArray src, NdArray dst) {
        if (dst.numel() == 0) {
            return;
        }
        ClBuffer from = ClBuffer.of(src);
        ClBuffer to = ClBuffer.of(dst);
        if (src.dtype() == dst.dtype()
                && from != to
                && src.layout().isContiguous()
                && dst.layout().isContiguous()) {
            int size = src.dtype().bytes();
            if (kernels.family().copiesByOneThread() && src.dtype().isFloating() && src.numel() * size >= LONG_BYTES) {
                pointwise.run(Expr.input(0), new NdArray[] {src}, new double[0], dst);
                return;
            }
            backend.submit(() -> {
                cl_mem source = from.mem().get();
                cl_mem target = to.mem().get();
                Cl.call(
                        "clEnqueueCopyBuffer",
                        () -> CL.clEnqueueCopyBuffer(
                                backend.queue().handle(),
                                source,
                                target,
                                src.layout().offset() * size,
                                dst.layout().offset() * size,
                                dst.numel() * size,
                                0,
                                null,
                                null));
            });
            return;
        }
        LoopNest nest = Nests.inOrderOfLast(src.layout(), dst.layout());
        ClKernel kernel = kernels.conversion(src.dtype(), dst.dtype()).kernel("copy");
        long runs = Nests.items(nest, kernels.family().width());
        backend.submit(() -> kernel.begin()
                .int64(runs)
                .int64s(Nests.sizes(nest, LOOPS))
                .buffer(from)
                .int64(nest.offsets()[0])
                .int64s(Nests.strides(nest, 0, LOOPS))
                .buffer(to)
                .int64(nest.offsets()[1])
                .int64s(Nests.strides(nest, 1, LOOPS))
                .launch(runs, Family.GROUP));
    }

    void fill(NdArray dst, double value) {
        if (dst.numel() == 0) {
            return;
        }
        DType dtype = dst.dtype();
        ClBuffer to = ClBuffer.of(dst);
        LoopNest nest = Nests.inOrderOfLast(dst.layout());
        ClKernel kernel = kernels.conversion(dtype, dtype).kernel("fill");
        long runs = Nests.items(nest, kernels.family().width());
        backend.submit(() -> kernel.begin()
                .int64(runs)
                .int64s(Nests.sizes(nest, LOOPS))
                .scalar(dtype, value)
                .buffer(to)
                .int64(nest.offsets()[0])
                .int64s(Nests.strides(nest, 0, LOOPS))
                .launch(runs, Family.GROUP));
    }
}
