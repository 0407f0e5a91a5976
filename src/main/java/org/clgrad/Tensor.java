package org.clgrad;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Node;
import org.clgrad.autograd.Tape;
import org.clgrad.autograd.Variable;
import org.clgrad.op.Cat;
import org.clgrad.op.Comparisons;
import org.clgrad.op.Convert;
import org.clgrad.op.HostArrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An n-dimensional array on a device, and the record of how it was computed: PyTorch's {@code torch.Tensor}.
 *
 * <p>Names are PyTorch's in camelCase; methods that end in an underscore write in place. Memory goes back when a tensor is
 * {@linkplain #close closed}, when the {@link Scope} that it was made in ends, or after the garbage collector finds it.
 * Any thread may use any tensor; one that is written to must not be used elsewhere at the same time.
 *
 * <p>Factories throw an IllegalArgumentException for a negative size, data that does not fill the shape, and a dtype that is not theirs, and an
 * {@link org.clgrad.backend.UnsupportedDTypeException} for one that the device does not have.
 *
 * <pre>{@code
 * Tensor x = Tensor.ones(5), y = Tensor.zeros(3);
 * Tensor w = Tensor.randn(5, 3).requiresGrad(true), b = Tensor.randn(3).requiresGrad(true);
 * Tensor loss = Functional.binaryCrossEntropyWithLogits(x.matmul(w).add(b), y);
 * loss.backward();
 * System.out.println(w.grad());
 * }</pre>
 */
public final class Tensor implements PointwiseMethods, ReductionMethods, ShapeMethods, InPlaceMethods, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tensor.class);

    private volatile @Nullable Variable variable; // null once closed, so that a closed tensor holds no graph
    private final int[] shape;

    /** A handle over a variable, for operations that are written outside this package. */
    public Tensor(Variable variable) {
        this.variable = variable;
        this.shape = variable.shape();
        variable.open();
        Scope.register(this);
    }

    // ---- making tensors

    /** A FLOAT32 tensor on the default device; without a shape it is a vector. */
    public static Tensor of(float[] data, int... shape) {
        return Factories.of(Device.getDefault(), data, shape);
    }

    /** A FLOAT64 tensor on the default device; without a shape it is a vector. */
    public static Tensor of(double[] data, int... shape) {
        return Factories.of(Device.getDefault(), data, shape);
    }

    /** An INT64 tensor on the default device; without a shape it is a vector. */
    public static Tensor of(long[] data, int... shape) {
        return Factories.of(Device.getDefault(), data, shape);
    }

    /** A BOOL tensor on the default device; without a shape it is a vector. */
    public static Tensor of(boolean[] data, int... shape) {
        return Factories.of(Device.getDefault(), data, shape);
    }

    /** A FLOAT32 tensor on a device; without a shape it is a vector. */
    public static Tensor of(Device device, float[] data, int... shape) {
        return Factories.of(device, data, shape);
    }

    /** A FLOAT64 tensor on a device; without a shape it is a vector. */
    public static Tensor of(Device device, double[] data, int... shape) {
        return Factories.of(device, data, shape);
    }

    /** An INT64 tensor on a device; without a shape it is a vector. */
    public static Tensor of(Device device, long[] data, int... shape) {
        return Factories.of(device, data, shape);
    }

    /** A BOOL tensor on a device; without a shape it is a vector. */
    public static Tensor of(Device device, boolean[] data, int... shape) {
        return Factories.of(device, data, shape);
    }

    /** A FLOAT32 tensor of no dimension. */
    public static Tensor scalar(double value) {
        return scalar(Device.getDefault(), DType.FLOAT32, value);
    }

    /** A tensor of no dimension. */
    public static Tensor scalar(Device device, DType dtype, double value) {
        return Factories.full("scalar", device, dtype, value);
    }

    /** FLOAT32 zeros on the default device. */
    public static Tensor zeros(int... shape) {
        return zeros(Device.getDefault(), DType.FLOAT32, shape);
    }

    /** Zeros of a dtype on a device. */
    public static Tensor zeros(Device device, DType dtype, int... shape) {
        return Factories.full("zeros", device, dtype, 0, shape);
    }

    /** Zeros of the shape, dtype and device of another tensor. */
    public static Tensor zerosLike(Tensor like) {
        return zeros(like.device(), like.dtype(), like.shape());
    }

    /** FLOAT32 ones on the default device. */
    public static Tensor ones(int... shape) {
        return ones(Device.getDefault(), DType.FLOAT32, shape);
    }

    /** Ones of a dtype on a device. */
    public static Tensor ones(Device device, DType dtype, int... shape) {
        return Factories.full("ones", device, dtype, 1, shape);
    }

    /** Ones of the shape, dtype and device of another tensor. */
    public static Tensor onesLike(Tensor like) {
        return ones(like.device(), like.dtype(), like.shape());
    }

    /** FLOAT32, every element the same, on the default device. PyTorch's argument order is (shape, value). */
    public static Tensor full(int[] shape, double value) {
        return full(Device.getDefault(), DType.FLOAT32, value, shape);
    }

    /** Every element the same, of a dtype on a device. */
    public static Tensor full(Device device, DType dtype, double value, int... shape) {
        return Factories.full("full", device, dtype, value, shape);
    }

    /** Every element the same, of the shape, dtype and device of another tensor. */
    public static Tensor fullLike(Tensor like, double value) {
        return full(like.device(), like.dtype(), value, like.shape());
    }

    /** FLOAT32 with undefined contents on the default device. */
    public static Tensor empty(int... shape) {
        return empty(Device.getDefault(), DType.FLOAT32, shape);
    }

    /** Undefined contents of a dtype on a device. */
    public static Tensor empty(Device device, DType dtype, int... shape) {
        return Factories.empty(device, dtype, shape);
    }

    /** Undefined contents of the shape, dtype and device of another tensor. */
    public static Tensor emptyLike(Tensor like) {
        return empty(like.device(), like.dtype(), like.shape());
    }

    /** FLOAT32, uniform in [0, 1), on the default device. */
    public static Tensor rand(int... shape) {
        return rand(Device.getDefault(), DType.FLOAT32, shape);
    }

    /** Uniform in [0, 1), of a floating-point dtype on a device. */
    public static Tensor rand(Device device, DType dtype, int... shape) {
        return Factories.random("rand", values -> Random.uniform(values, dtype), device, dtype, shape);
    }

    /** Uniform in [0, 1), of the shape, dtype and device of another tensor. */
    public static Tensor randLike(Tensor like) {
        return rand(like.device(), like.dtype(), like.shape());
    }

    /** FLOAT32, normal with mean 0 and variance 1, on the default device. */
    public static Tensor randn(int... shape) {
        return randn(Device.getDefault(), DType.FLOAT32, shape);
    }

    /** Normal with mean 0 and variance 1, of a floating-point dtype on a device. */
    public static Tensor randn(Device device, DType dtype, int... shape) {
        return Factories.random("randn", Random::normal, device, dtype, shape);
    }

    /** Normal with mean 0 and variance 1, of the shape, dtype and device of another tensor. */
    public static Tensor randnLike(Tensor like) {
        return randn(like.device(), like.dtype(), like.shape());
    }

    /** The FLOAT32 identity matrix [n, n] on the default device. */
    public static Tensor eye(int n) {
        return eye(Device.getDefault(), DType.FLOAT32, n, n);
    }

    /** Ones on the diagonal of [rows, columns], else zeros. */
    public static Tensor eye(Device device, DType dtype, int rows, int columns) {
        return Factories.eye(device, dtype, rows, columns);
    }

    /** INT64: 0, 1, .. below {@code end}, on the default device. */
    public static Tensor arange(long end) {
        return arange(Device.getDefault(), DType.INT64, 0, end, 1);
    }

    /** FLOAT32: start, start + step, .. below {@code end}, on the default device. */
    public static Tensor arange(double start, double end, double step) {
        return arange(Device.getDefault(), DType.FLOAT32, start, end, step);
    }

    /** start, start + step, .. before {@code end}, of a dtype on a device. */
    public static Tensor arange(Device device, DType dtype, double start, double end, double step) {
        return Factories.arange(device, dtype, start, end, step);
    }

    /** FLOAT32: {@code steps} numbers evenly spaced from {@code start} to {@code end}, both included, on the default device. */
    public static Tensor linspace(double start, double end, int steps) {
        return linspace(Device.getDefault(), DType.FLOAT32, start, end, steps);
    }

    /** {@code steps} numbers evenly spaced from {@code start} to {@code end}, both included, of a dtype on a device. */
    public static Tensor linspace(Device device, DType dtype, double start, double end, int steps) {
        return Factories.linspace(device, dtype, start, end, steps);
    }

    /**
     * Tensors joined along an axis: torch.cat. They are of one dtype and device, and of one shape but for that axis.
     *
     * @throws IllegalArgumentException if there are none, or they do not fit
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public static Tensor cat(List<Tensor> tensors, int axis) {
        Objects.requireNonNull(tensors, "cat: the list of tensors is null");
        return new Tensor(
                Cat.cat(axis, tensors.stream().map(t -> argument("cat", t)).toArray(Variable[]::new)));
    }

    /** {@code a} where the BOOL condition holds, else {@code b}; all three broadcast: torch.where. */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return new Tensor(Comparisons.where(argument("where", condition), argument("where", a), argument("where", b)));
    }

    // ---- what a tensor is

    /** Sizes of the axes. */
    public int[] shape() {
        return variable("shape").shape().clone();
    }

    /**
     * Size of one axis; negative axes count from the back.
     *
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public int size(int axis) {
        Variable v = variable("size");
        if (v.dim() == 0) {
            throw new IndexOutOfBoundsException(
                    "size: Dimension specified as " + axis + " but tensor has no dimensions");
        }
        return v.shape()[Shapes.axis("size", axis, v.dim())];
    }

    /** Number of axes. */
    public int dim() {
        return variable("dim").dim();
    }

    /** Number of elements. */
    public long numel() {
        return variable("numel").value().numel();
    }

    /** Steps between neighbours along each axis, in elements. */
    public long[] stride() {
        return variable("stride").value().layout().strides().clone();
    }

    public boolean isContiguous() {
        return variable("isContiguous").value().layout().isContiguous();
    }

    public DType dtype() {
        return variable("dtype").dtype();
    }

    public Device device() {
        return Device.of(variable("device").backend());
    }

    // ---- reading values

    /**
     * The value of a tensor with one element. Waits for the device.
     *
     * @throws IllegalStateException if it has not exactly one element
     */
    public double item() {
        Variable v = variable("item");
        if (v.value().numel() != 1) {
            throw new IllegalStateException("item: a Tensor with " + v.value().numel()
                    + " elements cannot be converted to Scalar, its shape is " + Shapes.text(v.shape()));
        }
        return HostArrays.doubles(v.value())[0];
    }

    /** The values in row-major order, as doubles whatever the dtype. Waits for the device. */
    public double[] toDoubleArray() {
        return HostArrays.doubles(variable("toDoubleArray").value());
    }

    /** The values in row-major order, rounded to floats. Waits for the device. */
    public float[] toFloatArray() {
        Variable v = variable("toFloatArray");
        if (v.dtype() == DType.FLOAT32) {
            return (float[]) HostArrays.read(v.value());
        }
        double[] doubles = HostArrays.doubles(v.value());
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    /** The values in row-major order, fractions cut off. Waits for the device. */
    public long[] toLongArray() {
        Variable v = variable("toLongArray");
        return v.dtype() == DType.INT64
                ? (long[]) HostArrays.read(v.value())
                : Arrays.stream(HostArrays.doubles(v.value()))
                        .mapToLong(x -> (long) x)
                        .toArray();
    }

    /** Which values, in row-major order, are not zero. Waits for the device. */
    public boolean[] toBooleanArray() {
        double[] doubles = HostArrays.doubles(variable("toBooleanArray").value());
        boolean[] booleans = new boolean[doubles.length];
        for (int i = 0; i < booleans.length; i++) {
            booleans[i] = doubles[i] != 0;
        }
        return booleans;
    }

    // ---- moving

    /** The values on another device; in the same memory if they are there. Differentiable. */
    public Tensor to(Device device) {
        Variable v = variable("to");
        return new Tensor(Convert.to(
                v, Objects.requireNonNull(device, "to: the device is null").backend(), v.dtype()));
    }

    /** The values as another dtype; in the same memory if they are of it. Differentiable between floating-point dtypes. */
    public Tensor to(DType dtype) {
        return new Tensor(Convert.to(variable("to"), Objects.requireNonNull(dtype, "to: the dtype is null")));
    }

    // ---- differentiation

    /**
     * Sets whether gradients are computed for this leaf, and returns it.
     *
     * @throws IllegalStateException if they shall be for a dtype that is not floating-point, or not be for a tensor that is no leaf
     */
    public Tensor requiresGrad(boolean required) {
        variable("requiresGrad").setRequiresGrad(required);
        return this;
    }

    public boolean requiresGrad() {
        return variable("requiresGrad").requiresGrad();
    }

    /** Whether no recorded operation made this. */
    public boolean isLeaf() {
        return variable("isLeaf").isLeaf();
    }

    /** The node that recorded how this was made; null for a leaf. */
    public @Nullable Node gradFn() {
        return variable("gradFn").gradFn();
    }

    /** The gradient accumulated by backward passes; null before the first. */
    public @Nullable Tensor grad() {
        Variable v = variable("grad");
        Variable grad = v.grad();
        if (grad == null && !v.isLeaf() && !v.retainsGrad()) {
            LOG.warn(
                    "The .grad of a Tensor that is not a leaf Tensor is being read: backward() does not fill it. Call"
                            + " retainGrad() on this {} before backward(), or read the gradient of the leaf.",
                    v.gradFn());
        }
        return grad == null ? null : new Tensor(grad);
    }

    /** Replaces the gradient; null forgets it, and gives its memory back. */
    public Tensor grad(@Nullable Tensor gradient) {
        variable("grad").setGrad(gradient == null ? null : gradient.variable("grad"));
        return this;
    }

    /** Keeps the gradient of a tensor that is no leaf in the next backward passes. */
    public Tensor retainGrad() {
        variable("retainGrad").retainGrad();
        return this;
    }

    /**
     * Adds the gradient of this scalar to that of every leaf it was computed from, and frees the graph.
     *
     * @throws IllegalStateException as from {@link #backward(Tensor, boolean, boolean)}
     */
    public void backward() {
        backward(null, false);
    }

    /**
     * Adds the vector-Jacobian product to the gradient of every leaf this was computed from.
     *
     * @param gradient of this tensor's shape and dtype; null stands for one, for a scalar
     */
    public void backward(@Nullable Tensor gradient) {
        backward(gradient, false);
    }

    /** @param retainGraph whether the graph can be used again: otherwise its saved values are freed on the way */
    public void backward(@Nullable Tensor gradient, boolean retainGraph) {
        backward(gradient, retainGraph, false);
    }

    /**
     * Adds the vector-Jacobian product to the gradient of every leaf this was computed from.
     *
     * @param gradient of this tensor's shape, dtype and device; null stands for one, for a scalar
     * @param retainGraph whether the graph can be used again: otherwise its saved values are freed on the way
     * @param createGraph whether the gradients are recorded, so that they can be differentiated in turn; keeps the graph too
     * @throws IllegalArgumentException if the gradient's shape, dtype or device differ
     * @throws IllegalStateException if this does not require grad, is no scalar and no gradient is given, its graph was freed before, or a saved
     *     value was overwritten
     */
    public void backward(@Nullable Tensor gradient, boolean retainGraph, boolean createGraph) {
        List<Variable> roots = List.of(variable("backward"));
        Variable given = gradient == null ? null : gradient.variable("backward");
        Tape.backward(roots, Tape.seeds(roots, Arrays.asList(given)), retainGraph || createGraph, createGraph);
    }

    /** The same memory without the record: torch.Tensor.detach. */
    public Tensor detach() {
        return new Tensor(variable("detach").detach());
    }

    /** A copy in memory of its own; gradients pass through it: torch.clone. */
    @Override
    public Tensor clone() {
        return new Tensor(Convert.copy(variable("clone")));
    }

    // ---- lifetime

    /** The variable behind this tensor, for operations that are written outside this package. */
    public Variable variable() {
        return variable("variable");
    }

    @Override
    public Variable variable(String operation) {
        Variable open = variable;
        if (open == null) {
            throw new IllegalStateException(
                    operation + ": this tensor " + Shapes.text(shape)
                            + " is closed: its memory may hold other values by now. Close it later, or keep() it in its Scope.");
        }
        return open;
    }

    /** An argument of an operation. */
    static Variable argument(String operation, @Nullable Tensor argument) {
        if (argument == null) {
            throw new NullPointerException(operation + ": an argument is null where a tensor is expected");
        }
        return argument.variable(operation);
    }

    public boolean isClosed() {
        return variable == null;
    }

    /**
     * Lets go of the memory, which is freed unless a view, a gradient or a graph still needs it, and of its gradient's.
     *
     * @throws IllegalStateException if it was closed before
     */
    @Override
    public void close() {
        Variable open;
        synchronized (this) {
            open = variable("close");
            variable = null;
        }
        open.close();
    }

    /** As PyTorch prints it. Waits for the device. */
    @Override
    public String toString() {
        return isClosed() ? "tensor(closed)" : TensorFormat.format(this);
    }
}
