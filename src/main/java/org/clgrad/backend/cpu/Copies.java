package org.clgrad.backend.cpu;

import org.clgrad.array.LoopNest;
import org.clgrad.backend.NdArray;

/** Copies between strided arrays, with or without a change of type, and fills. */
final class Copies {
    private static final int BLOCK = 1024;
    private static final int TILE_ROWS = 16; // floats of a cache line
    private static final int TILE_COLUMNS = 8; // lines that fit even where all fall into one set of the cache
    private static final int CHUNK = 1 << 16;
    private static final long PARALLEL = 1 << 18; // elements

    private final Workers workers;

    Copies(Workers workers) {
        this.workers = workers;
    }

    void copy(NdArray src, NdArray dst) {
        if (src.numel() > 0) {
            copy(src, Elements.of(src.dtype()), dst, Elements.of(dst.dtype()));
        }
    }

    private <S, D> void copy(NdArray src, Elements<S> from, NdArray dst, Elements<D> to) {
        LoopNest nest = LoopNest.of(src.layout(), dst.layout());
        S in = from.cast(((CpuBuffer) src.buffer()).array());
        D out = to.cast(((CpuBuffer) dst.buffer()).array());
        boolean dense = nest.isContiguous();
        boolean sameType = src.dtype() == dst.dtype();
        int last = nest.depth() - 1;
        if (sameType && last == 1 && nest.strides()[0][last] != 1 && nest.strides()[0][0] == 1) {
            transpose(from, nest, in, from.cast(out));
            return;
        }
        inChunks(src.numel(), (start, n) -> {
            if (dense) {
                int at = (int) (nest.offsets()[0] + start);
                Conversions.run(in, src.dtype(), at, out, dst.dtype(), (int) (nest.offsets()[1] + start), n);
            } else if (sameType) {
                strided(from, nest, start, n, in, from.cast(out));
            } else {
                S read = from.newArray(BLOCK);
                D converted = to.newArray(BLOCK);
                Cursor reader = new Cursor(nest, 0, 0, start);
                Cursor writer = new Cursor(nest, 1, 0, start);
                for (int done = 0; done < n; done += BLOCK) {
                    int count = Math.min(BLOCK, n - done);
                    Runs.gather(from, in, reader, count, read, 0);
                    Conversions.run(read, src.dtype(), 0, converted, dst.dtype(), 0, count);
                    Runs.scatter(to, converted, 0, out, writer, count);
                }
            }
        });
    }

    /** Two loops of which the source is contiguous in the outer one: in tiles, so that each cache line is read once. */
    private <A> void transpose(Elements<A> e, LoopNest nest, A in, A out) {
        int rows = (int) nest.sizes()[0];
        int columns = (int) nest.sizes()[1];
        int step = (int) nest.strides()[0][1];
        long outRow = nest.strides()[1][0];
        int outStep = (int) nest.strides()[1][1];
        int bands = (rows + TILE_ROWS - 1) / TILE_ROWS;
        int together = (int) Math.max(1, Math.min(bands, CHUNK / ((long) TILE_ROWS * columns)));
        int tasks = (long) rows * columns < PARALLEL ? 1 : (bands + together - 1) / together;
        int share = tasks == 1 ? rows : together * TILE_ROWS;
        workers.forEach(tasks, task -> {
            int end = Math.min(rows, (task + 1) * share);
            for (int top = task * share; top < end; top += TILE_ROWS) {
                for (int j = 0; j < columns; j += TILE_COLUMNS) {
                    int n = Math.min(TILE_COLUMNS, columns - j);
                    for (int i = top; i < Math.min(end, top + TILE_ROWS); i++) {
                        int read = (int) (nest.offsets()[0] + i + (long) j * step);
                        int write = (int) (nest.offsets()[1] + i * outRow + (long) j * outStep);
                        e.move(in, read, step, out, write, outStep, n);
                    }
                }
            }
        });
    }

    private static <A> void strided(Elements<A> e, LoopNest nest, long start, int n, A in, A out) {
        Cursor reader = new Cursor(nest, 0, 0, start);
        Cursor writer = new Cursor(nest, 1, 0, start);
        for (int done = 0; done < n; ) {
            int run = (int) Math.min(n - done, reader.run());
            e.move(in, reader.position(), reader.step(), out, writer.position(), writer.step(), run);
            reader.advance(run);
            writer.advance(run);
            done += run;
        }
    }

    void fill(NdArray dst, double value) {
        if (dst.numel() > 0) {
            fill(dst, Elements.of(dst.dtype()), value);
        }
    }

    private <A> void fill(NdArray dst, Elements<A> e, double value) {
        A out = e.cast(((CpuBuffer) dst.buffer()).array());
        if (dst.layout().isContiguous()) {
            int at = (int) dst.layout().offset();
            inChunks(dst.numel(), (start, n) -> e.fill(out, at + (int) start, n, value));
            return;
        }
        LoopNest nest = LoopNest.of(dst.layout());
        A values = e.newArray(BLOCK);
        e.fill(values, 0, BLOCK, value);
        inChunks(dst.numel(), (start, n) -> {
            Cursor writer = new Cursor(nest, 0, 0, start);
            for (int done = 0; done < n; done += BLOCK) {
                Runs.scatter(e, values, 0, out, writer, Math.min(BLOCK, n - done));
            }
        });
    }

    private interface Chunk {
        void run(long start, int n);
    }

    private void inChunks(long n, Chunk chunk) {
        if (n < PARALLEL) {
            chunk.run(0, (int) n);
        } else {
            int tasks = (int) ((n + CHUNK - 1) / CHUNK);
            workers.forEach(tasks, i -> chunk.run((long) i * CHUNK, (int) Math.min(CHUNK, n - (long) i * CHUNK)));
        }
    }
}
