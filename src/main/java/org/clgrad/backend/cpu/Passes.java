package org.clgrad.backend.cpu;

import java.util.List;

/** A function by several loops, block by block: each reads the input and what the one before wrote, and the last writes the output. */
final class Passes implements Loops.Unary<float[]> {
    private static final int BLOCK = Frame.BLOCK;

    private static final ThreadLocal<float[]> BETWEEN = ThreadLocal.withInitial(() -> new float[BLOCK]);

    private final List<Loops.Binary<float[]>> loops;

    Passes(List<Loops.Binary<float[]>> loops) {
        this.loops = loops.stream().map(Apart::binary).toList();
    }

    @Override
    public void run(float[] a, int ia, float[] o, int io, int n) {
        float[] between = BETWEEN.get();
        int last = loops.size() - 1;
        for (int done = 0; done < n; done += BLOCK) {
            int count = Math.min(BLOCK, n - done);
            for (int p = 0; p < last; p++) {
                loops.get(p).run(a, ia + done, between, 0, between, 0, count);
            }
            loops.get(last).run(a, ia + done, between, 0, o, io + done, count);
        }
    }
}
