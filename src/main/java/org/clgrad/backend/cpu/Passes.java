package org.clgrad.backend.cpu;

import java.util.List;

/** A function by two loops or more, block by block: each reads the input and what the one before wrote, and the last writes the output. */
final class Passes implements Loops.Unary<float[]> {
    private static final int BLOCK = Frame.BLOCK;

    private static final ThreadLocal<float[]> BLOCKS = ThreadLocal.withInitial(() -> new float[2 * BLOCK]);

    private final List<Loops.Binary<float[]>> loops;

    Passes(List<Loops.Binary<float[]>> loops) {
        this.loops = loops.stream().map(Apart::binary).toList();
    }

    @Override
    public void run(float[] a, int ia, float[] o, int io, int n) {
        float[] blocks = BLOCKS.get();
        int last = loops.size() - 1;
        for (int done = 0; done < n; done += BLOCK) {
            int count = Math.min(BLOCK, n - done);
            for (int p = 0; p < last; p++) {
                int write = p % 2 * BLOCK;
                loops.get(p).run(a, ia + done, blocks, BLOCK - write, blocks, write, count);
            }
            int read = (last - 1) % 2 * BLOCK;
            loops.get(last).run(a, ia + done, blocks, read, o, io + done, count);
        }
    }
}
