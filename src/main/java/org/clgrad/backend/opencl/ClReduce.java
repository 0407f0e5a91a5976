package org.clgrad.backend.opencl;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.clgrad.array.Layout;
import org.clgrad.array.LoopNest;
import org.clgrad.array.Shapes;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;

/** The host's side of reduce.cl and of add_backward: one loop at a time, the longest first, each in as many stages as it takes. */
final class ClReduce {
    private static final int LOOPS = 4;
    /** On a GPU, loops shorter than this leave most of a work-group idle and get a work-item each instead. */
    private static final int GROUP_FROM = 128;

    private final ClBackend backend;
    private final Kernels kernels;

    ClReduce(ClBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void run(Reduction kind, NdArray in, int[] axes, NdArray out) {
        if (out.numel() == 0) {
            return;
        }
        if (in.numel() == 0) {
            backend.fill(out, 0); // only a sum has a neutral element
            return;
        }
        int[] shape = in.shape();
        int[] left = Arrays.stream(axes).filter(axis -> shape[axis] != 1).toArray();
        if (left.length == 0) {
            backend.copy(in, out);
            return;
        }
        int[] now = oneLoop(in.layout(), left);
        if (now.length == left.length) {
            reduceLoop(kind, in, now, out);
            return;
        }
        NdArray partial = in.allocateLike(Shapes.reduced(shape, now, true));
        reduceLoop(kind, in, now, partial);
        int[] later = Arrays.stream(left)
                .filter(axis -> Arrays.binarySearch(now, axis) < 0)
                .toArray();
        run(kind, partial, later, out);
        ClBuffer.of(partial).free();
    }

    /** Of runs of neighbouring axes that are one loop in memory, the longest. */
    private static int[] oneLoop(Layout layout, int[] axes) {
        int[] best = {};
        long longest = 0;
        for (int first = 0; first < axes.length; first++) {
            for (int end = axes.length; end > first; end--) {
                int[] run = Arrays.copyOfRange(axes, first, end);
                Layout part = only(layout, run);
                boolean neighbours = IntStream.range(run[0], run[run.length - 1])
                        .allMatch(axis -> layout.shape()[axis] == 1 || Arrays.binarySearch(run, axis) >= 0);
                if (neighbours && part.numel() > longest && LoopNest.of(part).depth() == 1) {
                    best = run;
                    longest = part.numel();
                }
            }
        }
        return best;
    }

    private static Layout only(Layout layout, int[] axes) {
        return new Layout(
                Arrays.stream(axes).map(axis -> layout.shape()[axis]).toArray(),
                Arrays.stream(axes).mapToLong(axis -> layout.strides()[axis]).toArray(),
                layout.offset());
    }

    private void reduceLoop(Reduction kind, NdArray in, int[] axes, NdArray out) {
        Layout layout = in.layout();
        int[] keptAxes = IntStream.range(0, in.dim())
                .filter(axis -> Arrays.binarySearch(axes, axis) < 0)
                .toArray();
        LoopNest kept = LoopNest.of(only(layout, keptAxes));
        if (kept.depth() > LOOPS) {
            NdArray dense = in.copy(); // then the kept axes are two loops, before and behind the reduced ones
            reduceLoop(kind, dense, axes, out);
            ClBuffer.of(dense).free();
            return;
        }
        LoopNest reduced = LoopNest.of(only(layout, axes));
        stage(
                kind,
                ClBuffer.of(in),
                layout.offset(),
                Nests.sizes(kept, LOOPS),
                Nests.strides(kept, 0, LOOPS),
                reduced.sizes()[0],
                reduced.strides()[0][0],
                out);
    }

    /** Reduces one loop to as many parts as it has segments, and these again, until one is left. */
    private void stage(
            Reduction kind, ClBuffer in, long at, long[] sizes, long[] steps, long count, long step, NdArray out) {
        // vectors along the reduced loop where that is contiguous or there is nothing else, else along the last kept
        // one
        boolean inner = step == 1 || sizes[LOOPS - 1] == 1;
        int segment = inner ? Family.SEGMENT : Family.OUTER_SEGMENT;
        long segments = (count + segment - 1) / segment;
        long keptCount = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ClBuffer parts =
                segments == 1 ? ClBuffer.of(out) : (ClBuffer) backend.allocate(out.dtype(), keptCount * segments);
        long partsAt = segments == 1 ? out.layout().offset() : 0;
        Family family = kernels.family();
        boolean group = inner && family.gpu() && count >= GROUP_FROM;
        ClKernel kernel = kernels.kernel(out.dtype(), name(kind, inner, group));
        long width = family.outerWidth();
        long last = sizes[LOOPS - 1];
        long items = inner
                ? keptCount * segments * (group ? Family.LANES : 1)
                : keptCount / last * segments * ((last + width - 1) / width);
        backend.submit(() -> kernel.begin()
                .int64s(sizes)
                .int64(count)
                .int64(segments)
                .buffer(in)
                .int64(at)
                .int64s(steps)
                .int64(step)
                .buffer(parts)
                .int64(partsAt)
                .launch(items, Family.GROUP));
        if (segments > 1) {
            long[] rows = inner ? new long[] {1, 1, 1, keptCount} : new long[] {1, 1, keptCount / last, last};
            long[] rowSteps = inner ? new long[] {0, 0, 0, segments} : new long[] {0, 0, segments * last, 1};
            stage(kind, parts, 0, rows, rowSteps, segments, inner ? 1 : last, out);
            parts.free();
        }
    }

    static String name(Reduction kind, boolean inner, boolean group) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return !inner
                ? (kind == Reduction.SUM ? "add_backward" : name + "_outer")
                : name + "_inner" + (group ? "_group" : "");
    }
}
