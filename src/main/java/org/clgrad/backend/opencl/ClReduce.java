package org.clgrad.backend.opencl;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.clgrad.array.Layout;
import org.clgrad.array.LoopNest;
import org.clgrad.array.Shapes;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;

/** The host's side of reduce.cl and of add_backward: one loop at a time, the longest first, each in as many stages as it takes. */
final class ClReduce {
    private static final int LOOPS = 4;
    /** On a GPU, loops shorter than this leave most of a work-group idle and get a work-item each instead. */
    private static final int GROUP_FROM = 128;

    private static final int OUTER_GROUP_FROM = 16; // likewise, where a few work-items have a column together

    /** Elements of a work-item on a CPU that deserves a group of its own. */
    private static final long LONG_WORK = 4096;

    private static final long BUSY = 2048; // columns for each compute unit that need no help

    /** Arguments must fit into 1024 bytes, and their vectors into registers. */
    static final int MOST_INPUTS = 8;

    private static final Expr IDENTITY = Expr.input(0);

    private final ClBackend backend;
    private final Kernels kernels;

    ClReduce(ClBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void run(Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out) {
        if (out.numel() == 0) {
            return;
        }
        if (expr instanceof Expr.Input input && inputs.length > 1) {
            run(kind, IDENTITY, new NdArray[] {inputs[input.index()]}, constants, axes, out);
            return;
        }
        int[] shape = inputs[0].shape();
        int[] left = Arrays.stream(axes).filter(axis -> shape[axis] != 1).toArray();
        if (left.length == 0) {
            backend.pointwise(expr, inputs, constants, out);
            return;
        }
        if (inputs.length > MOST_INPUTS) {
            runOnResult(kind, expr, inputs, constants, shape, axes, out);
            return;
        }
        Layout[] layouts = Arrays.stream(inputs).map(NdArray::layout).toArray(Layout[]::new);
        int[] now = oneLoop(layouts, left);
        if (!(expr instanceof Expr.Input) && !isAsIfDense(layouts, left, now)) {
            runOnResult(kind, expr, inputs, constants, shape, axes, out);
            return;
        }
        if (now.length == left.length) {
            reduceLoop(kind, expr, inputs, constants, now, out);
            return;
        }
        NdArray partial = out.allocateLike(Shapes.reduced(shape, now, true));
        reduceLoop(kind, expr, inputs, constants, now, partial);
        int[] later = Arrays.stream(left)
                .filter(axis -> Arrays.binarySearch(now, axis) < 0)
                .toArray();
        run(kind, IDENTITY, new NdArray[] {partial}, constants, later, out);
        ClBuffer.of(partial).free();
    }

    /** Computes the values first, where their layouts are too many or too involved for the kernels. */
    private void runOnResult(
            Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] shape, int[] axes, NdArray out) {
        NdArray values = out.allocateLike(shape);
        backend.pointwise(expr, inputs, constants, values);
        run(kind, IDENTITY, new NdArray[] {values}, new double[0], axes, out);
        ClBuffer.of(values).free();
    }

    /** Whether the values would be combined in the same order if they had been stored first: then taking them as they come changes nothing. */
    private static boolean isAsIfDense(Layout[] layouts, int[] axes, int... now) {
        Layout[] dense = {Layout.contiguous(layouts[0].shape())};
        return Arrays.equals(now, oneLoop(dense, axes)) && isInner(layouts, now) == isInner(dense, now);
    }

    /** Whether vectors run along the reduced loop: where that is contiguous or there is nothing else; else along the last kept one. */
    private static boolean isInner(Layout[] layouts, int... axes) {
        int[] shape = layouts[0].shape();
        boolean alone = LoopNest.of(only(layouts, others(shape, axes))).sizes()[0] == 1;
        long[][] steps = LoopNest.of(only(layouts, axes)).strides();
        return alone
                || Arrays.stream(steps).anyMatch(step -> step[0] == 1)
                        && Arrays.stream(steps).allMatch(step -> step[0] <= 1);
    }

    private static int[] others(int[] shape, int... axes) {
        return IntStream.range(0, shape.length)
                .filter(axis -> Arrays.binarySearch(axes, axis) < 0)
                .toArray();
    }

    /** Of runs of neighbouring axes that are one loop in memory, for every input, the longest. */
    private static int[] oneLoop(Layout[] layouts, int[] axes) {
        int[] shape = layouts[0].shape();
        int[] best = {};
        long longest = 0;
        for (int first = 0; first < axes.length; first++) {
            for (int end = axes.length; end > first; end--) {
                int[] run = Arrays.copyOfRange(axes, first, end);
                Layout[] parts = only(layouts, run);
                boolean neighbours = IntStream.range(run[0], run[run.length - 1])
                        .allMatch(axis -> shape[axis] == 1 || Arrays.binarySearch(run, axis) >= 0);
                if (neighbours
                        && parts[0].numel() > longest
                        && LoopNest.of(parts).depth() == 1) {
                    best = run;
                    longest = parts[0].numel();
                }
            }
        }
        return best;
    }

    private static Layout[] only(Layout[] layouts, int[] axes) {
        return Arrays.stream(layouts)
                .map(layout -> new Layout(
                        Arrays.stream(axes).map(axis -> layout.shape()[axis]).toArray(),
                        Arrays.stream(axes)
                                .mapToLong(axis -> layout.strides()[axis])
                                .toArray(),
                        layout.offset()))
                .toArray(Layout[]::new);
    }

    private void reduceLoop(Reduction kind, Expr expr, NdArray[] inputs, double[] constants, int[] axes, NdArray out) {
        int[] shape = inputs[0].shape();
        Layout[] layouts = Arrays.stream(inputs).map(NdArray::layout).toArray(Layout[]::new);
        LoopNest kept = LoopNest.of(only(layouts, others(shape, axes)));
        if (kept.depth() > LOOPS) { // a dense array has two, before and behind the reduced one
            runOnResult(kind, expr, inputs, constants, shape, axes, out);
            return;
        }
        LoopNest reduced = LoopNest.of(only(layouts, axes));
        Source[] sources = new Source[inputs.length];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = new Source(
                    ClBuffer.of(inputs[i]),
                    layouts[i].offset(),
                    Nests.strides(kept, i, LOOPS),
                    reduced.strides()[i][0]);
        }
        stage(
                kind,
                isInner(layouts, axes),
                expr,
                sources,
                constants,
                Nests.sizes(kept, LOOPS),
                reduced.sizes()[0],
                out);
    }

    /**
     * An array as the kernels read it.
     *
     * @param at its first element
     * @param steps through the kept loops
     * @param step through the reduced one
     */
    private record Source(ClBuffer buffer, long at, long[] steps, long step) {}

    /**
     * Reduces one loop to as many parts as it has segments, and these again, until one is left.
     *
     * @param inner whether vectors run along that loop
     */
    private void stage(
            Reduction kind,
            boolean inner,
            Expr expr,
            Source[] sources,
            double[] constants,
            long[] sizes,
            long count,
            NdArray out) {
        long last = sizes[LOOPS - 1];
        int segment = inner ? Family.SEGMENT : Family.OUTER_SEGMENT;
        long segments = (count + segment - 1) / segment;
        long keptCount = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ClBuffer results =
                segments == 1 ? ClBuffer.of(out) : (ClBuffer) backend.allocate(out.dtype(), keptCount * segments);
        long resultsAt = segments == 1 ? out.layout().offset() : 0;
        Kernels.Reduced pair = kernels.reduction(kind, inner, expr, out.dtype());
        boolean group = pair.group() != null && isWorthGroups(inner, count, keptCount * segments);
        ClKernel kernel = group ? pair.group() : pair.single();
        long width = group ? Family.GROUP_COLUMNS : kernels.family().outerWidth();
        long pieces = inner ? keptCount * segments : keptCount / last * segments * ((last + width - 1) / width);
        long items = group ? pieces * Family.LANES : pieces;
        boolean alone =
                !inner && !kernels.family().gpu() && Math.min(last, width) * Math.min(count, segment) >= LONG_WORK;
        backend.submit(() -> {
            kernel.begin().int64s(sizes).int64(count).int64(segments);
            for (int i = 0; i < pair.inputs(); i++) {
                kernel.buffer(sources[i].buffer)
                        .int64(sources[i].at)
                        .int64s(sources[i].steps)
                        .int64(sources[i].step);
            }
            for (int i = 0; i < pair.constants(); i++) {
                kernel.scalar(out.dtype(), constants[i]);
            }
            kernel.buffer(results).int64(resultsAt).launch(items, alone ? Family.SINGLE : Family.GROUP);
        });
        if (segments > 1) {
            long[] rows = inner ? new long[] {1, 1, 1, keptCount} : new long[] {1, 1, keptCount / last, last};
            long[] rowSteps = inner ? new long[] {0, 0, 0, segments} : new long[] {0, 0, segments * last, 1};
            Source[] again = {new Source(results, 0, rowSteps, inner ? 1 : last)};
            stage(kind, inner, IDENTITY, again, constants, rows, segments, out);
            results.free();
        }
    }

    /** Whether loops are long enough for a work-group each, and columns too few to keep the device busy with a work-item each. */
    private boolean isWorthGroups(boolean inner, long count, long results) {
        return inner
                ? count >= GROUP_FROM
                : count >= OUTER_GROUP_FROM
                        && results < BUSY * backend.describe().computeUnits();
    }

    /** The kernel that reduces an array as it is. */
    static String name(Reduction kind, boolean inner, boolean group) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        String single = inner ? name + "_inner" : kind == Reduction.SUM ? "add_backward" : name + "_outer";
        return single + (group ? "_group" : "");
    }
}
