package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.CpuBuffer.allPlaced;
import static org.clgrad.backend.cpu.CpuBuffer.placed;

import java.util.Arrays;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.ByteSize;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.Expr;
import org.clgrad.backend.MemoryStats;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowComposition;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * The backend in Java, on all cores. Work that is not deferred is done when a method returns.
 *
 * <p>System properties: {@code clgrad.cpu.threads} (default: all processors), {@code clgrad.cpu.vector=off} for plain
 * loops, {@code clgrad.memory.budget} (default: three quarters of the largest heap).
 */
public final class CpuBackend extends Backend {
    /** Half a block of pointwise work: what is computed one by one stays in the cache nearest to the core. */
    private static final int DEFERRED_FROM = 512;

    private static final class Holder {
        private static final CpuBackend INSTANCE = new CpuBackend(
                Flavour.detect(),
                threads(),
                ByteSize.budgetOr(Runtime.getRuntime().maxMemory() / 4 * 3));
    }

    private final DeviceInfo info;
    private final CpuMemory memory;
    private final Copies copies;
    private final Kernels<float[]> float32;
    private final Kernels<double[]> float64;

    /** The families of kernels for one dtype. */
    private record Kernels<A>(
            Pointwise<A> pointwise, Reducer<A> reducer, Matmul<A> matmul, Updates<A> updates, RowPrograms<A> rows) {
        static <A> Kernels<A> of(Loops<A> loops, Loops<A> plain, MatmulKernel<A> matmul, Workers workers) {
            Frames<A> frames = new Frames<>(loops);
            return new Kernels<>(
                    new Pointwise<>(loops, frames, workers),
                    new Reducer<>(loops, plain, workers),
                    new Matmul<>(loops.elements, matmul, workers),
                    new Updates<>(loops, frames, workers),
                    new RowPrograms<>(loops, plain, frames, workers));
        }

        void reduce(Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out) {
            if (expr instanceof Expr.Input input) {
                reducer.run(kind, inputs[input.index()], axes, out);
            } else {
                reducer.run(kind, pointwise, expr, inputs, constants, axes, out);
            }
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
    protected Buffer newBuffer(DType dtype, long length) {
        CpuMemory.check(dtype, length);
        return new CpuBuffer(this, memory, dtype, length);
    }

    @Override
    protected int deferredFrom() {
        return DEFERRED_FROM;
    }

    @Override
    protected void runWrite(Object array, Buffer dst) {
        CpuBuffer to = (CpuBuffer) dst;
        System.arraycopy(array, 0, to.array(), to.at(0), java.lang.reflect.Array.getLength(array));
    }

    @Override
    protected void runRead(NdArray src, Object array) {
        CpuBuffer from = (CpuBuffer) src.buffer();
        System.arraycopy(from.array(), from.at(src.layout().offset()), array, 0, (int) src.numel());
    }

    @Override
    protected void runCopy(NdArray src, NdArray dst) {
        copies.copy(placed(src), placed(dst));
    }

    @Override
    protected void runFill(NdArray dst, double value) {
        copies.fill(placed(dst), value);
    }

    @Override
    protected void runPointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        kernels(out).pointwise().run(expr, allPlaced(inputs), constants, placed(out));
    }

    @Override
    protected void runReduce(Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out) {
        kernels(out).reduce(kind, expr, allPlaced(inputs), constants, axes, placed(out));
    }

    @Override
    protected void runMatmul(NdArray a, NdArray b, NdArray out) {
        kernels(out).matmul().run(placed(a), placed(b), placed(out));
    }

    @Override
    protected void runUpdate(List<Expr> results, NdArray[][] groups, double[] constants) {
        NdArray[][] places = Arrays.stream(groups).map(CpuBuffer::allPlaced).toArray(NdArray[][]::new);
        kernels(groups[0][0]).updates().run(results, places, constants);
    }

    @Override
    protected void runRows(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts) {
        if (RowComposition.fits(inputs[0].shape())) {
            RowComposition.run(program, inputs, constants, out, rowOuts, columnOuts, true);
        } else {
            RowPrograms<?> rows = kernels(inputs[0]).rows();
            NdArray result = out == null ? null : placed(out);
            rows.run(program, allPlaced(inputs), constants, result, allPlaced(rowOuts), allPlaced(columnOuts));
        }
    }

    private Kernels<?> kernels(NdArray out) {
        return switch (out.dtype()) {
            case FLOAT32 -> float32;
            case FLOAT64 -> float64;
            default -> throw new IllegalArgumentException("no arithmetic on " + out.dtype());
        };
    }

    @Override
    protected void finish() {
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
