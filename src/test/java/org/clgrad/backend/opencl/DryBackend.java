package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Buffer;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.Expr;
import org.clgrad.backend.MemoryStats;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * A GPU that is not there: it has no memory and computes nothing, and notes the kernels that it would run with the bytes and
 * operations that they cost. Programs run on it at any size; what they read back is zeros. Matrix products are not noted.
 */
public final class DryBackend extends Backend {
    private static final DeviceInfo INFO =
            new DeviceInfo("dry", "GPU", "none", "none", "0", "1.2", 128, 1L << 40, 1L << 40, true, false);

    private final List<Work> works = new ArrayList<>();

    /**
     * A kernel that would have run.
     *
     * @param read bytes of its inputs, each once; broadcast ones as they lie in memory
     * @param written bytes of its results
     * @param operations in additions, as {@code Fn.cost} counts
     * @param passes how often a row is gone through; 1 for other kernels
     */
    public record Work(GpuSource source, long read, long written, long operations, int passes) {}

    /** What was asked for since the last call. */
    public List<Work> takeWorks() {
        synchronize();
        List<Work> taken = List.copyOf(works);
        works.clear();
        return taken;
    }

    /** Bytes of memory that a view touches. */
    private static long bytes(NdArray array) {
        Layout layout = array.layout();
        long elements = 1;
        for (int axis = 0; axis < layout.dim(); axis++) {
            elements *= layout.strides()[axis] == 0 ? 1 : layout.shape()[axis];
        }
        return elements * array.dtype().bytes();
    }

    private static long bytes(NdArray[] arrays) {
        return Arrays.stream(arrays).mapToLong(DryBackend::bytes).sum();
    }

    /** Operations for an element; a value that is used twice is computed once. */
    private static long operations(List<Expr> exprs) {
        Set<Expr> seen = new HashSet<>();
        exprs.forEach(expr -> collect(expr, seen));
        return seen.stream().mapToLong(expr -> ((Expr.Apply) expr).fn().cost()).sum();
    }

    private static void collect(Expr expr, Set<Expr> seen) {
        if (expr instanceof Expr.Apply apply && seen.add(expr)) {
            apply.args().forEach(arg -> collect(arg, seen));
        }
    }

    @Override
    protected void runPointwise(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        works.add(new Work(
                GpuSources.pointwise(expr, out.dtype()),
                bytes(inputs),
                bytes(out),
                operations(List.of(expr)) * out.numel(),
                1));
    }

    @Override
    protected void runReduce(Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out) {
        int last = inputs[0].dim() - 1;
        boolean inner = IntStream.of(axes).anyMatch(axis -> axis == last);
        works.add(new Work(
                GpuSources.reduction(kind, inner, expr, out.dtype()),
                bytes(inputs),
                bytes(out),
                (operations(List.of(expr)) + 1) * inputs[0].numel(),
                1));
    }

    @Override
    protected void runUpdate(List<Expr> results, NdArray[][] groups, double[] constants) {
        NdArray[] first = groups[0];
        long read = Arrays.stream(groups).mapToLong(DryBackend::bytes).sum();
        works.add(new Work(
                GpuSources.update(results, first.length, first[0].dtype()),
                read,
                read / first.length * results.size(),
                operations(results) * read / first.length / first[0].dtype().bytes(),
                1));
    }

    @Override
    protected void runRows(
            RowProgram program,
            NdArray[] inputs,
            double[] constants,
            @Nullable NdArray out,
            NdArray[] rowOuts,
            NdArray[] columnOuts) {
        int[] shape = inputs[0].shape();
        boolean inner = shape[2] == 1;
        int axis = inner ? 1 : 2;
        List<Long> steps = Arrays.stream(inputs)
                .map(input -> input.shape()[axis] == 1
                        ? 1L
                        : Math.min(1, input.layout().strides()[axis]))
                .toList();
        List<Expr> exprs = new ArrayList<>(
                program.stages().stream().map(RowProgram.Stage::element).toList());
        exprs.addAll(program.columnSums());
        if (program.result() != null) {
            exprs.add(program.result());
        }
        long operations =
                exprs.stream().mapToLong(expr -> operations(List.of(expr))).sum()
                        + program.stages().size()
                        + columnOuts.length;
        boolean ends = program.result() != null || columnOuts.length > 0; // in a pass over the row
        works.add(new Work(
                GpuSources.rows(program, steps, inner ? shape[1] : 0, inputs[0].dtype()),
                bytes(inputs),
                bytes(rowOuts) + bytes(columnOuts) + (out == null ? 0 : bytes(out)),
                operations * inputs[0].numel(),
                program.stages().size() + (ends ? 1 : 0)));
    }

    @Override
    protected void runMatmul(NdArray a, NdArray b, NdArray out) {}

    @Override
    protected void runCopy(NdArray src, NdArray dst) {}

    @Override
    protected void runFill(NdArray dst, double value) {}

    @Override
    protected void runWrite(Object array, Buffer dst) {}

    @Override
    protected void runRead(NdArray src, Object array) {}

    @Override
    protected void finish() {}

    @Override
    protected Buffer newBuffer(DType dtype, long length) {
        return new Buffer(this, dtype, length) {
            @Override
            protected void obtainMemory() {}

            @Override
            protected void releaseMemory() {}
        };
    }

    @Override
    public DeviceInfo describe() {
        return INFO;
    }

    @Override
    public boolean supports(DType dtype) {
        return true;
    }

    @Override
    public MemoryStats memoryStats() {
        return new MemoryStats(0, 0, 0, 0, 0, 0);
    }

    @Override
    public void trim() {}
}
