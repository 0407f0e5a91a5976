package org.clgrad.backend.cpu;

import java.lang.ref.Reference;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.Expr;
import org.clgrad.backend.MemoryBudget;
import org.clgrad.backend.MemoryStats;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;

/**
 * The backend in Java, on all cores. All work is done when a method returns.
 *
 * <p>System properties: {@code clgrad.cpu.threads} (default: all processors), {@code clgrad.cpu.vector=off} for plain
 * loops, {@code clgrad.memory.budget} (default: three quarters of the largest heap).
 */
public final class CpuBackend implements Backend {
    private static final class Holder {
        private static final CpuBackend INSTANCE = new CpuBackend(
                Flavour.detect(),
                threads(),
                MemoryBudget.orElse(Runtime.getRuntime().maxMemory() / 4 * 3));
    }

    private final DeviceInfo info;
    private final CpuMemory memory;
    private final Copies copies;
    private final Kernels<float[]> float32;
    private final Kernels<double[]> float64;

    /** The families of kernels for one dtype. */
    private record Kernels<A>(Pointwise<A> pointwise, Reducer<A> reducer, Matmul<A> matmul) {
        static <A> Kernels<A> of(Loops<A> loops, Loops<A> plain, MatmulKernel<A> matmul, Workers workers) {
            return new Kernels<>(
                    new Pointwise<>(loops, workers),
                    new Reducer<>(loops, plain, workers),
                    new Matmul<>(loops.elements, matmul, workers));
        }
    }

    CpuBackend(Flavour flavour, int threads, long budget) {
        Workers workers = new Workers(threads);
        Runtime.Version java = Runtime.version();
        info = new DeviceInfo(
                "Java " + java.feature() + " (" + flavour.name() + ", " + threads
                        + (threads == 1 ? " thread)" : " threads)"),
                "JVM",
                System.getProperty("java.vm.name", "JVM"),
                System.getProperty("java.vm.vendor", "unknown"),
                System.getProperty("java.vm.version", "unknown"),
                java.toString(),
                threads,
                Runtime.getRuntime().maxMemory(),
                Math.min(budget, CpuMemory.MAX_LENGTH * Double.BYTES),
                true,
                false);
        memory = new CpuMemory(info.name(), budget);
        copies = new Copies(workers);
        float32 = Kernels.of(flavour.float32(), new FloatLoops(), flavour.matmul32(), workers);
        float64 = Kernels.of(flavour.float64(), new DoubleLoops(), flavour.matmul64(), workers);
    }

    /** The one backend of this JVM, made at the first call. */
    public static CpuBackend instance() {
        return Holder.INSTANCE;
    }

    private static int threads() {
        int threads = Integer.getInteger("clgrad.cpu.threads", 0);
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    @Override
    public DeviceInfo describe() {
        return info;
    }

    @Override
    public boolean supports(DType dtype) {
        return true;
    }

    @Override
    public Buffer allocate(DType dtype, long length) {
        CpuBuffer buffer = new CpuBuffer(this, dtype, length);
        memory.allocate(buffer);
        return buffer;
    }

    @Override
    public void write(Object array, Buffer dst) {
        System.arraycopy(array, 0, ((CpuBuffer) dst).array(), 0, java.lang.reflect.Array.getLength(array));
        Reference.reachabilityFence(dst);
    }

    @Override
    public void read(NdArray src, Object array) {
        Object from = ((CpuBuffer) src.buffer()).array();
        System.arraycopy(from, (int) src.layout().offset(), array, 0, (int) src.numel());
        Reference.reachabilityFence(src.buffer());
    }

    @Override
    public void copy(NdArray src, NdArray dst) {
        copies.copy(src, dst);
        Reference.reachabilityFence(src.buffer());
        Reference.reachabilityFence(dst.buffer());
    }

    @Override
    public void fill(NdArray dst, double value) {
        copies.fill(dst, value);
        Reference.reachabilityFence(dst.buffer());
    }

    @Override
    public void pointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        kernels(out).pointwise().run(expr, inputs, constants, out);
        for (NdArray input : inputs) {
            Reference.reachabilityFence(input.buffer()); // an unreachable buffer's array may be lent again
        }
        Reference.reachabilityFence(out.buffer());
    }

    @Override
    public void reduce(Reduction kind, NdArray in, int[] axes, NdArray out) {
        kernels(out).reducer().run(kind, in, axes, out);
        Reference.reachabilityFence(in.buffer());
        Reference.reachabilityFence(out.buffer());
    }

    @Override
    public void matmul(NdArray a, NdArray b, NdArray out) {
        kernels(out).matmul().run(a, b, out);
        Reference.reachabilityFence(a.buffer());
        Reference.reachabilityFence(b.buffer());
        Reference.reachabilityFence(out.buffer());
    }

    private Kernels<?> kernels(NdArray out) {
        return switch (out.dtype()) {
            case FLOAT32 -> float32;
            case FLOAT64 -> float64;
            default -> throw new IllegalArgumentException("no arithmetic on " + out.dtype());
        };
    }

    @Override
    public void synchronize() {
        // nothing is ever under way
    }

    @Override
    public MemoryStats memoryStats() {
        return memory.stats();
    }

    @Override
    public void trim() {
        memory.trim();
    }
}
