package org.clgrad.backend.opencl;

import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.ByteSize;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.Epilogue;
import org.clgrad.backend.Expr;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.MemoryStats;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowComposition;
import org.clgrad.backend.RowProgram;
import org.clgrad.backend.UnsupportedDTypeException;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jspecify.annotations.Nullable;

/** One OpenCL device: a context, a queue in order, a pool of memory and compiled kernels. Lives as long as the JVM. */
final class ClBackend extends Backend {
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
    private final MatmulPrograms matmuls;
    private final ClMatmul matmul;
    private final ClUpdate update;
    private final ClRows rows;

    private ClBackend(ClDevice device) {
        info = device.info();
        cl_context_properties properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.platform());
        cl_device_id[] ids = {device.id()};
        context = Cl.create("clCreateContext", code -> CL.clCreateContext(properties, 1, ids, null, null, code));
        queue = new ClQueue(createQueue(context, device.id()));
        long memory = info.memoryBytes();
        long budget = ByteSize.budgetOr(device.isCpu() ? memory / 2 : memory / 10 * 9);
        pool = new MemoryPool<>(info.name(), budget, new Source());
        compiler = new Compiler(context, device, queue);
        Family family = Family.of(device);
        kernels = new Kernels(compiler, family);
        pointwise = new ClPointwise(this, kernels);
        copy = new ClCopy(this, kernels, pointwise);
        reduce = new ClReduce(this, kernels);
        matmuls = new MatmulPrograms(compiler, device, family);
        matmul = new ClMatmul(this, kernels, matmuls);
        update = new ClUpdate(this, kernels);
        rows = new ClRows(this, kernels, reduce);
    }

    static ClBackend open(ClDevice device) {
        ClBackend backend = new ClBackend(device);
        backend.kernels.program(DType.FLOAT32);
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

    MatmulPrograms matmuls() {
        return matmuls;
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
    protected Buffer newBuffer(DType dtype, long length) {
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
    protected void runWrite(Object array, Buffer dst) {
        HostArray from = HostArray.of(dst.dtype(), array);
        if (from.length() > dst.length()) {
            throw new IllegalArgumentException(
                    "write: " + from.length() + " elements into a buffer of " + dst.length());
        }
        if (from.length() > 0) {
            queue.write(pool, context, (ClBuffer) dst, from);
        }
    }

    @Override
    protected void runRead(NdArray src, Object array) {
        HostArray to = HostArray.of(src.dtype(), array);
        if (to.length() != src.numel()) {
            throw new IllegalArgumentException("read: " + src.numel() + " elements into an array of " + to.length());
        }
        if (to.length() > 0) {
            queue.read(ClBuffer.of(src), src.layout().offset() * src.dtype().bytes(), to.bytes(), to);
        }
    }

    @Override
    protected void runCopy(NdArray src, NdArray dst) {
        copy.copy(src, dst);
    }

    @Override
    protected void runFill(NdArray dst, double value) {
        copy.fill(dst, value);
    }

    @Override
    protected boolean compiles(Expr expr, DType dtype, int passes, long elements) {
        return kernels.isWorthCompiling(expr, dtype, passes, elements);
    }

    @Override
    protected void runPointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        pointwise.run(expr, inputs, constants, out);
    }

    @Override
    protected void runReduce(Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out) {
        reduce.run(kind, expr, inputs, constants, axes, out);
    }

    @Override
    protected void runMatmul(NdArray a, NdArray b, NdArray out) {
        matmul.run(a, b, out);
    }

    @Override
    protected boolean runMatmul(NdArray a, NdArray b, NdArray product, Epilogue epilogue, NdArray out) {
        NdArray result = out.with(product.layout()); // both are contiguous
        boolean alone = product.buffer() == out.buffer();
        return matmul.run(a, b, product, new MatmulEpilogue(epilogue, result, alone));
    }

    @Override
    protected void runUpdate(List<Expr> results, NdArray[][] groups, double[] constants) {
        update.run(results, groups, constants);
    }

    @Override
    protected void runRows(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts) {
        if (RowComposition.fits(inputs[0].shape()) || rows.leavesIdle(inputs[0].shape())) {
            RowComposition.run(program, inputs, constants, out, rowOuts, columnOuts, false);
        } else {
            rows.run(program, inputs, constants, out, rowOuts, columnOuts);
        }
    }

    @Override
    protected void finish() {
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
