package org.clgrad.backend.opencl;

import java.lang.ref.Reference;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.Expr;
import org.clgrad.backend.MemoryBudget;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.MemoryStats;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.UnsupportedDTypeException;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jspecify.annotations.Nullable;

/** One OpenCL device: a context, a queue in order, a pool of memory and compiled kernels. Lives as long as the JVM. */
final class ClBackend implements Backend {
    /** What a vector load may read past the last element of a buffer. */
    static final long SLACK = 128;

    private final DeviceInfo info;
    private final cl_context context;
    private final ClQueue queue;
    private final MemoryPool<ClMem> pool;
    private final Compiler compiler;
    private final Kernels kernels;
    private final ClPointwise pointwise;
    private final ClCopy copy;
    private final ClReduce reduce;
    private final ClMatmul matmul;

    private ClBackend(ClDevice device) {
        info = device.info();
        cl_context_properties properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.platform());
        cl_device_id[] ids = {device.id()};
        context = Cl.create("clCreateContext", code -> CL.clCreateContext(properties, 1, ids, null, null, code));
        queue = new ClQueue(createQueue(context, device.id()));
        long memory = info.memoryBytes();
        long budget = MemoryBudget.orElse(device.isCpu() ? memory / 2 : memory / 10 * 9);
        pool = new MemoryPool<>(info.name(), budget, new Source());
        compiler = new Compiler(context, device, queue);
        kernels = new Kernels(compiler, Family.of(device));
        pointwise = new ClPointwise(this, kernels);
        copy = new ClCopy(this, kernels);
        reduce = new ClReduce(this, kernels);
        matmul = new ClMatmul(this, kernels);
    }

    static ClBackend open(ClDevice device) {
        ClBackend backend = new ClBackend(device);
        backend.kernels.program(DType.FLOAT32);
        backend.kernels.conversion(DType.FLOAT32, DType.FLOAT32);
        return backend;
    }

    @SuppressWarnings("deprecation") // OpenCL 1.2 has no other call for it
    private static cl_command_queue createQueue(cl_context context, cl_device_id device) {
        return Cl.create("clCreateCommandQueue", code -> CL.clCreateCommandQueue(context, device, 0, code));
    }

    /** Where the pool gets its blocks. */
    private final class Source implements MemoryPool.Source<ClMem> {
        @Override
        public @Nullable ClMem allocate(long bytes) {
            try {
                return allocateBlock(Math.min(bytes + SLACK, info.maxBufferBytes()));
            } catch (OpenClException e) {
                if (e.isOutOfMemory()) {
                    return null;
                }
                throw e;
            }
        }

        @Override
        public void free(ClMem block) {
            synchronized (queue) { // not between an argument and its launch
                block.release();
            }
        }
    }

    ClMem allocateBlock(long bytes) {
        return ClMem.allocate(context, bytes);
    }

    Compiler compiler() {
        return compiler;
    }

    Kernels kernels() {
        return kernels;
    }

    ClQueue queue() {
        return queue;
    }

    void submit(Runnable launch) {
        queue.submit(pool, launch);
    }

    @Override
    public DeviceInfo describe() {
        return info;
    }

    @Override
    public boolean supports(DType dtype) {
        return dtype != DType.FLOAT64 || info.fp64();
    }

    @Override
    public Buffer allocate(DType dtype, long length) {
        if (!supports(dtype)) {
            throw new UnsupportedDTypeException(
                    info.name() + " has no double precision (cl_khr_fp64): use FLOAT32 there instead of FLOAT64");
        }
        long largest = info.maxBufferBytes() - SLACK;
        if (length > largest / dtype.bytes()) {
            throw new IllegalArgumentException(dtype + "[" + length + "] does not fit into one buffer of " + info.name()
                    + ", which may have " + largest + " bytes (CL_DEVICE_MAX_MEM_ALLOC_SIZE): split the array");
        }
        return new ClBuffer(this, pool, dtype, length);
    }

    @Override
    public void write(Object array, Buffer dst) {
        HostArray from = HostArray.of(dst.dtype(), array);
        if (from.length() > dst.length()) {
            throw new IllegalArgumentException(
                    "write: " + from.length() + " elements into a buffer of " + dst.length());
        }
        if (from.length() > 0) {
            queue.write(pool, context, (ClBuffer) dst, from);
        }
        Reference.reachabilityFence(dst);
    }

    @Override
    public void read(NdArray src, Object array) {
        HostArray to = HostArray.of(src.dtype(), array);
        if (to.length() != src.numel()) {
            throw new IllegalArgumentException("read: " + src.numel() + " elements into an array of " + to.length());
        }
        if (to.length() > 0) {
            queue.read(ClBuffer.of(src), src.layout().offset() * src.dtype().bytes(), to.bytes(), to);
        }
        Reference.reachabilityFence(src);
    }

    // A buffer that only this call still refers to must not be found unreachable, and its memory handed to another
    // thread, before the launch is in the queue: hence the fences.

    @Override
    public void copy(NdArray src, NdArray dst) {
        copy.copy(src, dst);
        Reference.reachabilityFence(src);
        Reference.reachabilityFence(dst);
    }

    @Override
    public void fill(NdArray dst, double value) {
        copy.fill(dst, value);
        Reference.reachabilityFence(dst);
    }

    @Override
    public void pointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        pointwise.run(expr, inputs, constants, out);
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(out);
    }

    @Override
    public void reduce(Reduction kind, NdArray in, int[] axes, NdArray out) {
        reduce.run(kind, in, axes, out);
        Reference.reachabilityFence(in);
        Reference.reachabilityFence(out);
    }

    @Override
    public void matmul(NdArray a, NdArray b, NdArray out) {
        matmul.run(a, b, out);
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(out);
    }

    @Override
    public void synchronize() {
        queue.finish();
    }

    @Override
    public MemoryStats memoryStats() {
        return pool.stats();
    }

    @Override
    public void trim() {
        pool.trim();
    }
}
