package org.clgrad.backend;

import org.clgrad.array.DType;

/**
 * A device's memory and its families of kernels. Any thread may call any method.
 *
 * <p>Callers have checked shapes, dtypes and that all arrays live here, and have allocated {@code out}, which is never
 * read before it is written. Work may still be under way when a method returns; only {@link #read} and
 * {@link #synchronize} wait for it. Each method runs after the work that was asked of this backend before it.
 */
public interface Backend {

    /** What the device says of itself. */
    DeviceInfo describe();

    /** Whether arrays of this type can be held and computed with. */
    boolean supports(DType dtype);

    /**
     * Memory for {@code length} elements, contents undefined.
     *
     * @throws OutOfDeviceMemoryException if there is none, even after unreachable buffers were collected
     * @throws UnsupportedDTypeException if {@link #supports} says no
     * @throws IllegalArgumentException if no single buffer of this device can be that long
     */
    Buffer allocate(DType dtype, long length);

    /**
     * Copies a Java array to the first elements of {@code dst}. The array may be changed as soon as this returns.
     *
     * @param array float[], double[], long[] or byte[] (for BOOL), as the buffer's dtype says
     */
    void write(Object array, Buffer dst);

    /** Waits for the work so far and copies a contiguous array into a Java array of its type and length. */
    void read(NdArray src, Object array);

    /** Copies element by element between arrays of one shape, any strides, converting the dtype as PyTorch's {@code to} does. */
    void copy(NdArray src, NdArray dst);

    /** Sets every element, any strides. */
    void fill(NdArray dst, double value);

    /**
     * Computes {@code out[i] = expr(inputs[0][i], inputs[1][i], ..)} for every index.
     *
     * @param inputs arrays of out's shape (strides may be 0) and dtype, FLOAT32 or FLOAT64
     * @param constants values of the expression's {@link Expr.Constant} leaves
     * @param out any strides without overlap; may be the very array of an input, never a shifted view of it
     */
    void pointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out);

    /**
     * Reduces sorted, distinct axes of a FLOAT32 or FLOAT64 array of any strides. The order of the additions depends on
     * shapes and strides alone, so that results repeat bit for bit.
     *
     * @param in may be empty where the kind has a neutral element
     * @param out contiguous, in's shape with the axes at size 1
     */
    void reduce(Reduction kind, NdArray in, int[] axes, NdArray out);

    /**
     * Computes {@code out[p] = a[p] x b[p]} for every p of a batch.
     *
     * @param a [batch, m, k], any strides (batch stride may be 0); transposes are read in place
     * @param b [batch, k, n], likewise
     * @param out [batch, m, n], contiguous; zero where k is 0
     */
    void matmul(NdArray a, NdArray b, NdArray out);

    /** Waits for all work so far. */
    void synchronize();

    MemoryStats memoryStats();

    /** Gives memory that is kept for reuse back to the system. */
    void trim();
}
