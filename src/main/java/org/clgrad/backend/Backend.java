package org.clgrad.backend;

import java.lang.ref.Reference;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.jspecify.annotations.Nullable;

/**
 * A device's memory and its families of kernels. Any thread may call any method.
 *
 * <p>The public methods are the one gate to a device: they see to it that inputs are computed, that pending work which
 * reads what is about to be overwritten does so before, and that no memory is reclaimed from under a call. What a device must bring is
 * in the protected methods, which only ever see arrays whose contents are there.
 *
 * <p>Callers have checked shapes, dtypes and that all arrays live here. Work may still be under way when a method returns,
 * or not begun; only {@link #read} and {@link #synchronize} wait for it. All happens as if in the order of the calls.
 */
public abstract class Backend {
    private final WeakBuffers deferred = new WeakBuffers();

    /** What the device says of itself. */
    public abstract DeviceInfo describe();

    /** Whether arrays of this type can be held and computed with. */
    public abstract boolean supports(DType dtype);

    /**
     * Memory for {@code length} elements, contents undefined.
     *
     * @throws OutOfDeviceMemoryException if there is none, even after unreachable buffers were collected
     * @throws UnsupportedDTypeException if {@link #supports} says no
     * @throws IllegalArgumentException if no single buffer of this device can be that long
     */
    public final Buffer allocate(DType dtype, long length) {
        Buffer buffer = newBuffer(dtype, length);
        buffer.obtainMemory();
        return buffer;
    }

    /**
     * Copies a Java array to the first elements of {@code dst}. The array may be changed as soon as this returns.
     *
     * @param array float[], double[], long[] or byte[] (for BOOL), as the buffer's dtype says
     */
    public final void write(Object array, Buffer dst) {
        dst.beforeChange();
        runWrite(array, dst);
        Reference.reachabilityFence(dst);
    }

    /** Waits for the work so far and copies a contiguous array into a Java array of its type and length. */
    public final void read(NdArray src, Object array) {
        src.buffer().settle();
        runRead(src, array);
        Reference.reachabilityFence(src);
    }

    /** Copies element by element between arrays of one shape, any strides, converting the dtype as PyTorch's {@code to} does. */
    public final void copy(NdArray src, NdArray dst) {
        src.buffer().settle();
        dst.buffer().beforeChange();
        runCopy(src, dst);
        Reference.reachabilityFence(src);
        Reference.reachabilityFence(dst);
    }

    /** Sets every element, any strides. */
    public final void fill(NdArray dst, double value) {
        dst.buffer().beforeChange();
        runFill(dst, value);
        Reference.reachabilityFence(dst);
    }

    /**
     * An array whose element i is {@code expr(inputs[0][i], inputs[1][i], ..)}, to be computed when somebody needs it: by
     * itself, or as part of the expression that does. What it reads may be overwritten or let go of meanwhile.
     *
     * @param inputs arrays of the given shape (strides may be 0) and dtype
     * @param constants values of the expression's {@link Expr.Constant} leaves
     * @param dtype FLOAT32 or FLOAT64
     */
    public final NdArray pointwise(Expr expr, NdArray[] inputs, double[] constants, DType dtype, int... shape) {
        long numel = Shapes.numel(shape);
        if (!defers(numel)) {
            NdArray out = NdArray.allocate(this, dtype, shape);
            pointwise(expr, inputs, constants, out);
            return out;
        }
        Buffer buffer = newBuffer(dtype, numel);
        buffer.defer(Fusion.fuse(expr, inputs, constants, shape));
        deferred.add(buffer);
        return NdArray.of(buffer, shape);
    }

    /**
     * Computes {@code out[i] = expr(inputs[0][i], inputs[1][i], ..)} for every index, at once.
     *
     * @param inputs arrays of out's shape (strides may be 0) and dtype, FLOAT32 or FLOAT64
     * @param constants values of the expression's {@link Expr.Constant} leaves
     * @param out any strides without overlap; may be the very array of an input, never a shifted view of it
     */
    public final void pointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        if (out.numel() == 0) {
            return;
        }
        out.buffer().beforeChange();
        if (!anyPending(inputs)) {
            runPointwise(expr, inputs, constants, out);
            Reference.reachabilityFence(inputs);
        } else {
            PendingPointwise work = Fusion.fuse(expr, inputs, constants, out.shape());
            try {
                work.runInPlace(out);
            } finally {
                work.end();
            }
        }
        Reference.reachabilityFence(out);
    }

    /**
     * Reduces sorted, distinct axes of a FLOAT32 or FLOAT64 array of any strides. On a device the order of the additions depends on
     * shapes and strides alone, so that results repeat bit for bit. Pending work that would make the array is done on the way.
     *
     * @param in may be empty where the kind has a neutral element
     * @param out contiguous, in's shape with the axes at size 1
     */
    public final void reduce(Reduction kind, NdArray in, int[] axes, NdArray out) {
        in.buffer().settleIfEndOfProduct();
        reduce(kind, Expr.input(0), new NdArray[] {in}, new double[0], axes, out);
    }

    /**
     * The same for the values of an expression, which need not be stored.
     *
     * @param inputs at least one; all of one shape, any strides
     * @param constants values of the expression's {@link Expr.Constant} leaves
     */
    public final void reduce(Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out) {
        out.buffer().beforeChange();
        if (inputs[0].numel() == 0) {
            runFill(out, 0); // only a sum has a neutral element
            return;
        }
        if (!anyPending(inputs)) {
            runReduce(kind, expr, inputs, constants, axes, out);
            Reference.reachabilityFence(inputs);
        } else {
            PendingPointwise work = Fusion.fuse(expr, inputs, constants, inputs[0].shape());
            try {
                work.reduce(kind, axes, out);
            } finally {
                work.end();
            }
        }
        Reference.reachabilityFence(out);
    }

    /**
     * The products {@code a[p] x b[p]} for every p of a batch, [batch, m, n], to be computed when somebody needs them, together with the
     * pointwise work that needs them first.
     *
     * @param a [batch, m, k], any strides (batch stride may be 0); transposes are read in place
     * @param b [batch, k, n], likewise
     */
    public final NdArray matmul(NdArray a, NdArray b) {
        int[] shape = {a.shape()[0], a.shape()[1], b.shape()[2]};
        if (!defers(Shapes.numel(shape))) {
            NdArray out = NdArray.allocate(this, a.dtype(), shape);
            matmul(a, b, out);
            return out;
        }
        a.buffer().settle();
        b.buffer().settle();
        Buffer buffer = newBuffer(a.dtype(), Shapes.numel(shape));
        buffer.defer(new PendingProduct(a, b));
        deferred.add(buffer);
        return NdArray.of(buffer, shape);
    }

    /**
     * Computes {@code out[p] = a[p] x b[p]} for every p of a batch, at once.
     *
     * @param a [batch, m, k], any strides (batch stride may be 0); transposes are read in place
     * @param b [batch, k, n], likewise
     * @param out [batch, m, n], contiguous; zero where k is 0
     */
    public final void matmul(NdArray a, NdArray b, NdArray out) {
        a.buffer().settle();
        b.buffer().settle();
        out.buffer().beforeChange();
        runMatmul(a, b, out);
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(out);
    }

    /**
     * Updates groups of arrays in place: in every group, array r becomes {@code results.get(r)} of the old elements of all
     * arrays of the group. Arrays beyond the results are only read.
     *
     * @param results expressions over a group's arrays as inputs
     * @param groups at least one; all have as many arrays, all of one dtype, FLOAT32 or FLOAT64. The arrays of a group have
     *     one size, none is empty, each is contiguous, and those that are written share no memory with any other
     * @param constants values of the expressions' {@link Expr.Constant} leaves
     */
    public final void update(List<Expr> results, NdArray[][] groups, double[] constants) {
        for (NdArray[] group : groups) {
            for (int i = 0; i < group.length; i++) {
                if (i < results.size()) {
                    group[i].buffer().beforeChange();
                } else {
                    group[i].buffer().settle();
                }
            }
        }
        runUpdate(results, groups, constants);
        Reference.reachabilityFence(groups);
    }

    /**
     * Runs a row program on arrays of shape [outer, n, inner], whose rows are along the middle axis. On a device the order in which
     * elements are combined depends on shapes and strides alone.
     *
     * @param inputs at least one; of this shape, strides may be 0, of one dtype, FLOAT32 or FLOAT64; not empty
     * @param constants values of the expressions' {@link Expr.Constant} leaves
     * @param out contiguous, of this shape, in memory of its own; null if the program has no result
     * @param rowOuts contiguous, of shape [outer, inner]: one for each row result
     * @param columnOuts contiguous, of shape [n]: one for each column sum
     */
    public final void rows(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts) {
        for (NdArray input : inputs) {
            input.buffer().settle();
        }
        if (out != null) {
            out.buffer().beforeChange();
        }
        for (NdArray rowOut : rowOuts) {
            rowOut.buffer().beforeChange();
        }
        for (NdArray columnOut : columnOuts) {
            columnOut.buffer().beforeChange();
        }
        runRows(program, inputs, constants, out, rowOuts, columnOuts);
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(out);
        Reference.reachabilityFence(rowOuts);
        Reference.reachabilityFence(columnOuts);
    }

    private boolean defers(long elements) {
        return Fusion.ON && elements >= (Fusion.ALWAYS ? 1 : deferredFrom());
    }

    private static boolean anyPending(NdArray... arrays) {
        for (NdArray array : arrays) {
            if (array.buffer().isPending()) {
                return true;
            }
        }
        return false;
    }

    /** Waits for all work so far, and does first what was deferred and taken in by nothing. */
    public final void synchronize() {
        for (Buffer buffer : deferred.takeAll()) {
            buffer.settleIfUnused();
        }
        finish();
    }

    public abstract MemoryStats memoryStats();

    /** Gives memory that is kept for reuse back to the system. */
    public abstract void trim();

    /**
     * A buffer that has no memory yet.
     *
     * @throws UnsupportedDTypeException if {@link #supports} says no
     * @throws IllegalArgumentException if no single buffer of this device can be that long
     */
    protected abstract Buffer newBuffer(DType dtype, long length);

    protected abstract void runWrite(Object array, Buffer dst);

    protected abstract void runRead(NdArray src, Object array);

    protected abstract void runCopy(NdArray src, NdArray dst);

    protected abstract void runFill(NdArray dst, double value);

    /**
     * Whether to compile an expression that came of fusion. A device that takes long to compile may say no until that would have paid; its
     * functions then run one by one.
     *
     * @param passes over as many elements that a kernel of its own saves
     */
    protected boolean compiles(Expr expr, DType dtype, int passes, long elements) {
        return true;
    }

    /** The fewest elements for which work is put off: for fewer, what it costs to do that would be more than is saved. */
    protected int deferredFrom() {
        return 1;
    }

    /** As {@link #pointwise}; there may be more inputs than the expression uses. */
    protected abstract void runPointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out);

    /** Reduces the array that {@code expr} makes of its inputs, which has at least one element. */
    protected abstract void runReduce(
            Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out);

    protected abstract void runMatmul(NdArray a, NdArray b, NdArray out);

    /**
     * Computes {@code product = a x b} and {@code out = epilogue(product)} in one go. A device may say no and return false, having done
     * nothing; then one follows the other.
     *
     * @param product the memory of {@code out} if only that is wanted
     * @param out contiguous, of as many elements
     */
    protected boolean runMatmul(NdArray a, NdArray b, NdArray product, Epilogue epilogue, NdArray out) {
        return false;
    }

    protected abstract void runUpdate(List<Expr> results, NdArray[][] groups, double[] constants);

    protected abstract void runRows(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts);

    /** Waits for all work that was begun. */
    protected abstract void finish();
}
