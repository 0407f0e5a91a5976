package org.clgrad.backend.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.clgrad.array.DType;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jspecify.annotations.Nullable;

/**
 * A kernel and its arguments, which are given in the source's order, typed and counted:
 * {@code kernel.buffer(x).buffer(out).int64(n).launch(..)}. An argument equal to the last launch's is not set again.
 *
 * <p>Arguments and launch are one critical section: the caller holds the queue's monitor.
 */
final class ClKernel {
    private static final int LARGEST_ARGUMENT = 16 * Long.BYTES;

    private final String name;
    private final cl_kernel kernel;
    private final ClQueue queue;
    private final Argument[] arguments;
    private final long[] global = new long[3];
    private int next;

    private static final class Argument {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(LARGEST_ARGUMENT).order(ByteOrder.nativeOrder());
        final Pointer pointer = Pointer.to(bytes);
        long[] values = {}; // as last set

        @Nullable
        ClMem mem; // as last set
    }

    ClKernel(String name, cl_kernel kernel, ClQueue queue) {
        this.name = name;
        this.kernel = kernel;
        this.queue = queue;
        int count = (int) Cl.integer(
                "clGetKernelInfo",
                (size, value, needed) -> CL.clGetKernelInfo(kernel, CL.CL_KERNEL_NUM_ARGS, size, value, needed));
        arguments = new Argument[count];
        Arrays.setAll(arguments, i -> new Argument());
    }

    /** Work-items that a group of this kernel may have on a device. */
    long largestGroup(cl_device_id device) {
        return Cl.integer(
                "clGetKernelWorkGroupInfo",
                (size, value, needed) ->
                        CL.clGetKernelWorkGroupInfo(kernel, device, CL.CL_KERNEL_WORK_GROUP_SIZE, size, value, needed));
    }

    ClKernel buffer(ClBuffer buffer) {
        Argument argument = next();
        ClMem mem = buffer.mem();
        Pointer pointer = mem.pointer(); // fails here, not in the driver, if it was released
        if (argument.mem != mem) {
            argument.mem = null;
            set(Sizeof.cl_mem, pointer);
            argument.mem = mem;
        }
        return this;
    }

    ClKernel int64(long value) {
        Argument argument = next();
        if (argument.values.length != 1 || argument.values[0] != value) {
            argument.bytes.putLong(0, value);
            set(argument, Long.BYTES, value);
        }
        return this;
    }

    /** A vector of 4 or 16 integers. */
    ClKernel int64s(long[] values) {
        Argument argument = next();
        if (!Arrays.equals(argument.values, values)) {
            argument.bytes.asLongBuffer().put(values);
            set(argument, values.length * Long.BYTES, values);
        }
        return this;
    }

    /** A number converted to an element type. */
    ClKernel scalar(DType dtype, double value) {
        Argument argument = next();
        long bits = Double.doubleToRawLongBits(value);
        if (argument.values.length != 1 || argument.values[0] != bits) {
            put(argument.bytes, dtype, value);
            set(argument, dtype.bytes(), bits);
        }
        return this;
    }

    /** Writes a number as an element of a type; BOOL is 1 for anything but 0, NaN included. */
    private static void put(ByteBuffer bytes, DType dtype, double value) {
        switch (dtype) {
            case FLOAT32 -> bytes.putFloat(0, (float) value);
            case FLOAT64 -> bytes.putDouble(0, value);
            case INT64 -> bytes.putLong(0, (long) value);
            case BOOL -> bytes.put(0, (byte) (value != 0 ? 1 : 0));
        }
    }

    /** Enqueues at least {@code items} work-items in groups of {@code local}; the kernel guards its tail. */
    void launch(long items, long[] local) {
        launch((items + local[0] - 1) / local[0] * local[0], 1, 1, local);
    }

    /** Enqueues a grid that is a multiple of {@code local}. */
    void launch(long x, long y, long z, long[] local) {
        int given = next;
        next = 0;
        if (given != arguments.length) {
            throw new IllegalStateException(
                    "kernel " + name + " takes " + arguments.length + " arguments, " + given + " were given");
        }
        if (x == 0 || y == 0 || z == 0) {
            return;
        }
        global[0] = x;
        global[1] = y;
        global[2] = z;
        int dimensions = z == 1 && y == 1 && local[1] == 1 ? 1 : 3;
        Cl.call(
                "clEnqueueNDRangeKernel",
                () -> CL.clEnqueueNDRangeKernel(
                        queue.handle(), kernel, dimensions, null, global, local, 0, null, null));
    }

    /** Starts over with the first argument, whatever an earlier use left. */
    ClKernel begin() {
        if (!Thread.holdsLock(queue)) {
            throw new IllegalStateException("kernel " + name + " used outside of the queue's critical section");
        }
        next = 0;
        return this;
    }

    private Argument next() {
        if (next == arguments.length) {
            next++;
            throw new IllegalStateException("kernel " + name + " takes only " + arguments.length + " arguments");
        }
        return arguments[next++];
    }

    private void set(Argument argument, int size, long... values) {
        argument.values = new long[0];
        set(size, argument.pointer);
        argument.values = values.clone();
    }

    private void set(long size, Pointer value) {
        int index = next - 1;
        Cl.call("clSetKernelArg", () -> CL.clSetKernelArg(kernel, index, size, value));
    }
}
