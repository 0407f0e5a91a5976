package org.clgrad.backend;

import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.array.Shapes;

/** An n-dimensional array: a buffer and where in it the elements lie. Views share their buffer. */
public record NdArray(Buffer buffer, Layout layout) {

    /** A new contiguous array with undefined contents. */
    public static NdArray allocate(Backend backend, DType dtype, int... shape) {
        return of(backend.allocate(dtype, Shapes.numel(shape)), shape);
    }

    /** A contiguous array in a new buffer, which belongs to the current {@link Region}. */
    static NdArray of(Buffer buffer, int... shape) {
        Region.register(buffer);
        return new NdArray(buffer, Layout.contiguous(shape));
    }

    /** A new contiguous array on this one's device, of its dtype. */
    public NdArray allocateLike(int... shape) {
        return allocate(backend(), dtype(), shape);
    }

    public Backend backend() {
        return buffer.backend();
    }

    public DType dtype() {
        return buffer.dtype();
    }

    public int[] shape() {
        return layout.shape();
    }

    public int dim() {
        return layout.dim();
    }

    public long numel() {
        return layout.numel();
    }

    /** A view of the same buffer. */
    public NdArray with(Layout view) {
        return new NdArray(buffer, view);
    }

    /** A view expanded to a shape that broadcasting allows. */
    public NdArray expand(int... shape) {
        return java.util.Arrays.equals(shape, layout.shape()) ? this : with(layout.expand(shape));
    }

    /** Another shape over the same elements: a view if strides allow, else a contiguous copy. */
    public NdArray reshape(int... shape) {
        Layout view = layout.reshape(shape);
        return view != null ? with(view) : copy().reshape(shape);
    }

    /** This array if it is contiguous, else a contiguous copy. */
    public NdArray contiguous() {
        return layout.isContiguous() ? this : copy();
    }

    /** A contiguous copy in a buffer of its own. */
    public NdArray copy() {
        NdArray out = allocateLike(shape());
        backend().copy(this, out);
        return out;
    }
}
