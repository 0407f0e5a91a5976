package org.clgrad.backend.cpu;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.clgrad.array.Layout;
import org.clgrad.array.LoopNest;
import org.clgrad.array.Shapes;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Reduction;

/**
 * Reductions as trees. A tile is a run of neighbouring outputs (one, where the reduced axis is the contiguous one); its
 * rows are combined 16 at a time (wide tiles) or a block of 4096 elements at a time by lanes and repeated halving (narrow ones), and
 * the partial results in pairs, like the digits of a binary counter. So the error grows with the logarithm of the count.
 * Long reductions into few outputs are cut into stretches of fixed size; nothing depends on the number of threads.
 */
final class Reducer<A> {
    private static final int BLOCK = 4096;
    private static final int TILE = 512; // columns; decides what is cut, and so what is added to what
    private static final int WIDEST_TILE = 8 * TILE; // where there are enough: memory is fetched best in long runs
    private static final int NARROW = 32; // tiles below this width are halved in blocks
    private static final int LEAF_ROWS = 16;
    private static final int SHORT = 16; // folded from left to right
    private static final int BATCH = 64; // blocks that one loop reduces
    private static final int BATCH_AT = 64; // where in the scratch memory what they give is, behind the lanes
    private static final long STRETCH = 1 << 15; // elements of a partial result
    private static final long LONGEST_PIECE = 1 << 18; // elements, of a long row or computed on the way, of a thread
    private static final int FEW_TILES = 16; // leave threads idle
    private static final int MANY_TILES = 64; // keep all of them busy
    private static final long PARALLEL = 1 << 17; // elements

    private final Loops<A> loops;
    private final Loops<A> plain;
    private final Combiner<A> combiner;
    private final Elements<A> elements;
    private final Workers workers;
    private final Spares<Frame<A>> frames;

    /** @param plain loops for lengths that are no multiple of the lanes of {@code loops} */
    Reducer(Loops<A> loops, Loops<A> plain, Workers workers) {
        this.loops = loops;
        this.plain = plain;
        this.combiner = new Combiner<>(loops, plain);
        this.elements = loops.elements;
        this.workers = workers;
        this.frames = new Spares<>(() -> new Frame<>(loops.elements));
    }

    /**
     * Reduces values that are computed on the way, a stretch at a time, so that they need not leave the cache: with the
     * same tree, and so the same bits, as if they had been written to an array.
     */
    void run(
            Reduction kind,
            Pointwise<A> pointwise,
            Expr expr,
            NdArray[] inputs,
            double[] constants,
            int[] axes,
            NdArray out) {
        int[] shape = inputs[0].shape();
        long numel = Shapes.numel(shape);
        int outputs = (int) out.numel();
        long rows = numel / outputs;
        if (axes.length > 0 && axes[axes.length - 1] == axes.length - 1 && outputs > 1) { // the first axes
            int columns = outputs;
            int piece = (int) Math.min(rowsPerStretch(columns) * columns, LONGEST_PIECE + 1);
            if (isCut(columns, columns, numel) && piece <= LONGEST_PIECE) {
                Pointwise.Range<A> range = pointwise.range(expr, inputs, constants, shape);
                stretches(kind, rows, rowsPerStretch(columns), 1, out, (all, from, n, partial, to) -> {
                    Frame<A> frame = frames.take();
                    A values = frame.values(piece);
                    range.compute(from * columns, (from + n) * columns, values, 0);
                    columns(kind, values, (int) n, columns, partial, to);
                    frames.give(frame);
                });
                return;
            }
        }
        boolean all = outputs == 1;
        boolean inner = axes.length > 0 && axes[0] == shape.length - axes.length; // the last axes
        long piece = all ? STRETCH : Math.max(STRETCH / rows, 1) * rows;
        boolean cut = outputs < FEW_TILES && rows >= 2 * STRETCH; // as below
        if (all != cut || !all && !inner || numel <= piece || piece > LONGEST_PIECE) {
            NdArray values = CpuBuffer.placed(out.allocateLike(shape));
            pointwise.run(expr, inputs, constants, values);
            run(kind, values, axes, out);
            values.buffer().freeIfUnheld();
            return;
        }
        Pointwise.Range<A> range = pointwise.range(expr, inputs, constants, shape);
        A dst = elements.cast(((CpuBuffer) out.buffer()).array());
        int at = (int) out.layout().offset();
        int pieces = (int) ((numel + piece - 1) / piece);
        A parts = all ? elements.newArray(pieces) : dst;
        workers.forEach(pieces, p -> {
            long from = p * piece;
            long to = Math.min(from + piece, numel);
            Frame<A> frame = frames.take();
            A values = frame.values((int) piece);
            range.compute(from, to, values, 0);
            long count = all ? to - from : rows;
            int first = (int) (from / (all ? piece : rows));
            int tiles = (int) ((to - from) / count);
            rows(kind, values, tiles, count).tiles(0, tiles, 0, count, parts, all ? first : at + first);
            frames.give(frame);
        });
        if (all) {
            rows(kind, parts, 1, pieces).tiles(0, 1, 0, pieces, dst, at);
        }
    }

    /** Dense rows of {@code count} elements, each to be reduced to one. */
    private Work<A> rows(Reduction kind, A values, int outputs, long count) {
        return new Work<>(
                this, kind, values, nest(0, new long[] {outputs}, count), nest(0, new long[] {count}, 1), 1, TILE);
    }

    void run(Reduction kind, NdArray in, int[] axes, NdArray out) {
        int outputs = (int) out.numel();
        A dst = elements.cast(((CpuBuffer) out.buffer()).array());
        int at = (int) out.layout().offset();
        A src = elements.cast(((CpuBuffer) in.buffer()).array());
        LoopNest kept;
        LoopNest reduced;
        if (axes.length > 0
                && axes[axes.length - 1] - axes[0] == axes.length - 1
                && in.layout().isContiguous()) {
            int count = (int) (in.numel() / outputs); // [outer, count, inner], and the middle goes
            int inner = (int) Shapes.numel(Arrays.copyOfRange(in.shape(), axes[axes.length - 1] + 1, in.dim()));
            int outer = outputs / inner;
            long first = in.layout().offset();
            kept = inner == 1
                    ? nest(first, new long[] {outer}, (long) count)
                    : nest(first, new long[] {outer, inner}, (long) count * inner, 1);
            reduced = nest(0, new long[] {count}, inner);
        } else {
            kept = LoopNest.of(kept(in.layout(), axes));
            reduced = LoopNest.of(reduced(in.layout(), axes));
        }
        long rows = in.numel() / outputs;
        int last = kept.depth() - 1;
        int columns = kept.strides()[0][last] == 1 ? (int) kept.sizes()[last] : 1;
        boolean cut = isCut(columns, outputs, in.numel());
        int widest = cut ? WIDEST_TILE : widest(outputs);
        int tiles = outputs / columns * tilesIn(columns, widest);
        Work<A> work = new Work<>(this, kind, src, kept, reduced, columns, widest);
        if (areFewLongRows(columns, outputs, rows)) {
            stretches(
                    kind,
                    rows,
                    LONGEST_PIECE,
                    tiles,
                    out,
                    (tile, from, n, partial, to) -> work.tiles(tile, 1, from, n, partial, to));
        } else if (cut) {
            stretches(
                    kind,
                    rows,
                    rowsPerStretch(columns),
                    1,
                    out,
                    (all, from, n, partial, to) -> work.tiles(0, tiles, from, n, partial, to));
        } else if (in.numel() < PARALLEL) {
            work.tiles(0, tiles, 0, rows, dst, at);
        } else {
            int least = (int) Math.max(1, STRETCH * tiles / in.numel());
            workers.inRuns(tiles, least, (from, to) -> work.tiles(from, to - from, 0, rows, dst, at));
        }
    }

    /** Binary digits of a count. */
    private static int bits(long count) {
        return Long.SIZE - Long.numberOfLeadingZeros(count);
    }

    private static LoopNest nest(long offset, long[] sizes, long... strides) {
        return new LoopNest(sizes, new long[][] {strides}, new long[] {offset});
    }

    private static int tilesIn(int columns, int widest) {
        return (columns + widest - 1) / widest;
    }

    /** How wide tiles may be where every thread is to have some. */
    private static int widest(int outputs) {
        return Math.max(Math.min(outputs / MANY_TILES / TILE * TILE, WIDEST_TILE), TILE);
    }

    /** Whether a reduction to so few outputs, which are runs of {@code columns}, is cut into stretches. */
    private static boolean isCut(int columns, int outputs, long numel) {
        int tiles = outputs / columns * tilesIn(columns, TILE);
        return tiles < FEW_TILES && numel / tiles >= 2 * STRETCH;
    }

    /** Whether outputs that are by themselves are so few that threads would wait for one another: each is cut, one after the other as they lie. */
    private static boolean areFewLongRows(int columns, int outputs, long rows) {
        return columns == 1 && outputs > 1 && outputs < MANY_TILES && rows > LONGEST_PIECE;
    }

    private static long rowsPerStretch(int columns) {
        return Math.max(STRETCH / Math.min(columns, TILE), LEAF_ROWS);
    }

    /** Reduces rows {@code from .. from + n - 1} of a group of outputs to their places in {@code partial[to ..]}. */
    private interface Stretch<A> {
        void reduce(int group, long from, long n, A partial, int to);
    }

    /** Reduces stretches of rows, of one group after the other, and then what they give. */
    private void stretches(Reduction kind, long rows, long length, int groups, NdArray out, Stretch<A> stretch) {
        int outputs = (int) out.numel();
        int count = (int) ((rows + length - 1) / length);
        A partial = elements.newArray(count * outputs);
        workers.forEach(groups * count, task -> {
            int s = task % count;
            long from = s * length;
            stretch.reduce(task / count, from, Math.min(length, rows - from), partial, s * outputs);
        });
        A dst = elements.cast(((CpuBuffer) out.buffer()).array());
        columns(kind, partial, count, outputs, dst, (int) out.layout().offset());
    }

    /** Reduces the columns of a dense matrix. */
    private void columns(Reduction kind, A values, int rows, int columns, A dst, int at) {
        LoopNest kept = LoopNest.of(Layout.contiguous(columns));
        LoopNest reduced = LoopNest.of(new Layout(new int[] {rows}, new long[] {columns}, 0));
        Work<A> work = new Work<>(this, kind, values, kept, reduced, columns, WIDEST_TILE);
        work.tiles(0, tilesIn(columns, WIDEST_TILE), 0, rows, dst, at);
    }

    private static Layout kept(Layout in, int[] axes) {
        int[] shape = in.shape().clone();
        for (int axis : axes) {
            shape[axis] = 1;
        }
        return new Layout(shape, in.strides(), in.offset());
    }

    /** The reduced axes, longest stride first: the order of the additions is free, the order of memory is not. */
    private static Layout reduced(Layout in, int[] axes) {
        int[] order = axes.length == 1
                ? axes
                : IntStream.of(axes)
                        .boxed()
                        .sorted(Comparator.comparingLong((Integer axis) -> in.strides()[axis])
                                .reversed())
                        .mapToInt(axis -> axis)
                        .toArray();
        return new Layout(in.shape(), in.strides(), 0).permute(order);
    }

    /** Scratch memory of a task. */
    private static final class Frame<A> {
        private final Elements<A> elements;
        private final A block;
        private A levels;
        private int levelsLength = BLOCK;
        private A values;
        private int valuesLength;

        Frame(Elements<A> elements) {
            this.elements = elements;
            block = elements.newArray(BLOCK);
            levels = elements.newArray(levelsLength);
            values = elements.newArray(valuesLength);
        }

        /** Makes room for the partial results of the binary counter. */
        void reserveLevels(int n) {
            if (levelsLength < n) {
                levels = elements.newArray(n);
                levelsLength = n;
            }
        }

        /** Room for values that are reduced as soon as they are computed. */
        A values(int n) {
            if (valuesLength < n) {
                values = elements.newArray(n);
                valuesLength = n;
            }
            return values;
        }
    }

    /** One call: what all its threads share. */
    private static final class Work<A> {
        private final Reducer<A> owner;
        private final Elements<A> elements;
        private final A src;
        private final LoopNest kept;
        private final LoopNest reduced;
        private final int columns;
        private final int widest; // tile, as are all but the last of a run
        private final int tilesPerRun;
        private final Reduction kind;
        private final Loops.Fold<A> fold;
        private final Loops.FoldEach<A> foldEach;

        Work(Reducer<A> owner, Reduction kind, A src, LoopNest kept, LoopNest reduced, int columns, int widest) {
            this.owner = owner;
            this.elements = owner.elements;
            this.kind = kind;
            this.src = src;
            this.kept = kept;
            this.reduced = reduced;
            this.columns = columns;
            this.widest = Math.min(widest, columns);
            this.tilesPerRun = tilesIn(columns, widest);
            this.fold = owner.loops.fold(kind);
            this.foldEach = owner.loops.foldEach(kind);
        }

        /** Reduces rows {@code from .. from + rows - 1} of some tiles, each into its place in dst. */
        void tiles(int first, int count, long from, long rows, A dst, int at) {
            Frame<A> frame = owner.frames.take();
            Cursor cursor = new Cursor(kept, 0, 0, (long) first / tilesPerRun * columns);
            if (areBlocks(rows)) {
                int n = (int) rows;
                foldEach.run(src, cursor.position() + (int) from, n, count, frame.block, 0, dst, at + first);
                owner.frames.give(frame);
                return;
            }
            frame.reserveLevels(bits(rows / LEAF_ROWS + 1) * widest);
            for (int t = first; t < first + count; t++) {
                int run = t / tilesPerRun;
                int column = t % tilesPerRun * widest;
                int width = Math.min(widest, columns - column);
                tile(frame, cursor.position() + column, width, from, rows, dst, at + run * columns + column);
                if (t % tilesPerRun == tilesPerRun - 1) {
                    cursor.advance(columns);
                }
            }
            owner.frames.give(frame);
        }

        /** Whether tiles are runs of elements, one behind the other, which are a block each. */
        private boolean areBlocks(long rows) {
            return columns == 1
                    && rows <= BLOCK
                    && fillsLanes(rows)
                    && reduced.depth() == 1
                    && reduced.strides()[0][0] == 1
                    && kept.depth() == 1
                    && (kept.strides()[0][0] == rows || kept.sizes()[0] == 1);
        }

        /** Whether a run of n elements is best reduced lane by lane first. */
        private boolean fillsLanes(long n) {
            int lanes = owner.loops.lanes();
            return lanes > 1 && n > SHORT && n % lanes == 0;
        }

        private void tile(Frame<A> frame, int base, int width, long from, long rows, A dst, int at) {
            boolean dense = reduced.depth() == 1 && reduced.strides()[0][0] == width;
            if (dense && width == 1 && rows <= SHORT) {
                fold.run(src, base + (int) from, (int) rows, dst, at);
                return;
            }
            Cursor row = new Cursor(reduced, 0, base, from);
            int leafRows = width < NARROW ? BLOCK / width : LEAF_ROWS;
            long leaves = 0;
            long wholeBlocks = dense && width == 1 && fillsLanes(BLOCK) ? rows / BLOCK : 0;
            for (long done = 0; done < rows; done += leafRows, leaves++) {
                int n = (int) Math.min(leafRows, rows - done);
                int level = Long.numberOfTrailingZeros(~leaves);
                // leaf number l closes the pairs of its trailing one bits, and waits at the level after them
                int place = level * widest;
                if (leaves < wholeBlocks) {
                    block(frame, base + (int) (from + done), (int) (leaves % BATCH), wholeBlocks - leaves, place);
                } else if (width >= NARROW) {
                    leaf(frame, row, width, n, place);
                } else if (dense) {
                    halve(src, base + (int) (from + done) * width, frame, n, width, place);
                } else {
                    gather(frame, row, width, n);
                    halve(frame.block, 0, frame, n, width, place);
                }
                for (int l = 0; l < level; l++) {
                    owner.combiner.run(kind, frame.levels, l * widest, frame.levels, place, frame.levels, place, width);
                }
            }
            int level = Long.numberOfTrailingZeros(leaves);
            int place = level * widest;
            for (int l = level + 1; l < bits(leaves); l++) {
                if ((leaves >> l & 1) != 0) {
                    owner.combiner.run(kind, frame.levels, l * widest, frame.levels, place, frame.levels, place, width);
                }
            }
            elements.move(frame.levels, place, 1, dst, at, 1, width);
        }

        /** Brings what whole block {@code number} of a batch gives to its level; the first of a batch has one loop reduce all of it. */
        private void block(Frame<A> frame, int first, int number, long left, int place) {
            if (number == 0) {
                int some = (int) Math.min(BATCH, left);
                foldEach.run(src, first, BLOCK, some, frame.block, 0, frame.block, BATCH_AT);
            }
            elements.move(frame.block, BATCH_AT + number, 1, frame.levels, place, 1, 1);
        }

        private void leaf(Frame<A> frame, Cursor row, int width, int n, int place) {
            int first = row.position();
            row.advance(1);
            if (n == 1) {
                elements.move(src, first, 1, frame.levels, place, 1, width);
                return;
            }
            if (reduced.depth() == 1) {
                int step = (int) reduced.strides()[0][0];
                int whole = width - width % owner.loops.lanes();
                if (whole > 0) {
                    owner.loops.foldRows(kind, src, first, step, n, frame.levels, place, whole);
                }
                if (whole < width) {
                    owner.plain.foldRows(kind, src, first + whole, step, n, frame.levels, place + whole, width - whole);
                }
                row.advance(n - 1);
                return;
            }
            owner.combiner.run(kind, src, first, src, row.position(), frame.levels, place, width);
            row.advance(1);
            for (int i = 2; i < n; i++) {
                owner.combiner.run(kind, frame.levels, place, src, row.position(), frame.levels, place, width);
                row.advance(1);
            }
        }

        private void gather(Frame<A> frame, Cursor row, int width, int n) {
            if (width == 1) {
                Runs.gather(elements, src, row, n, frame.block, 0);
                return;
            }
            for (int i = 0; i < n; i++) {
                elements.move(src, row.position(), 1, frame.block, i * width, 1, width);
                row.advance(1);
            }
        }

        /** Adds up lanes, or the second half of the rows to the first, until one is left. */
        private void halve(A a, int ia, Frame<A> frame, int n, int width, int place) {
            if (width == 1 && fillsLanes(n)) {
                foldEach.run(a, ia, n, 1, frame.block, 0, frame.levels, place);
                return;
            }
            A from = a;
            int at = ia;
            int rows = n;
            while (rows > 1 && (width > 1 || rows > SHORT)) {
                int half = rows / 2;
                owner.combiner.run(kind, from, at, from, at + half * width, frame.block, 0, half * width);
                if (rows % 2 == 1) {
                    owner.combiner.run(kind, frame.block, 0, from, at + 2 * half * width, frame.block, 0, width);
                }
                from = frame.block;
                at = 0;
                rows = half;
            }
            if (rows > 1) {
                fold.run(from, at, rows, frame.levels, place);
            } else {
                elements.move(from, at, 1, frame.levels, place, 1, width);
            }
        }
    }
}
