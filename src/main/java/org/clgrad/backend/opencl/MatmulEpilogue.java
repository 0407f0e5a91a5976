package org.clgrad.backend.opencl;

import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Epilogue;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel does with the elements of a product before it ends: the host's side of epilogue.clh.
 *
 * @param work what to do, in the product's shape
 * @param out where the results go
 * @param alone whether nothing but the results is wanted; the product's place is then that of the results
 */
record MatmulEpilogue(Epilogue work, NdArray out, boolean alone) {

    /** What its kernel depends on. */
    record Code(Expr expr, int product, boolean alone, DType dtype) {}

    Code code() {
        return new Code(work.expr(), work.product(), alone, out.dtype());
    }

    /** Arguments that epilogue.clh declares for so many inputs, the product among them, and constants. */
    ClKernel arguments(ClKernel kernel, int inputs, int constants) {
        for (int i = 0; i < inputs; i++) {
            if (i != work.product()) {
                NdArray input = work.inputs()[i];
                long[] strides = input.layout().strides();
                kernel.buffer(ClBuffer.of(input)).int64(input.layout().offset());
                kernel.int64(strides[0]).int64(strides[1]).int64(strides[2]);
            }
        }
        for (int i = 0; i < constants; i++) {
            kernel.scalar(out.dtype(), work.constants()[i]);
        }
        if (!alone) {
            kernel.buffer(ClBuffer.of(out)).int64(out.layout().offset());
        }
        return kernel;
    }

    /** The same in another shape of as many elements; null where a copy would be needed. */
    @Nullable
    MatmulEpilogue reshape(int... shape) {
        Epilogue reshaped = work.reshape(shape);
        Layout view = out.layout().reshape(shape);
        return reshaped == null || view == null ? null : new MatmulEpilogue(reshaped, out.with(view), alone);
    }
}
