package org.clgrad.backend.cpu;

/**
 * A function by a loop that is exact for most numbers, and by a longer one where it meets others. Both give the same bits where the first is exact,
 * so what an element becomes does not depend on those beside it.
 */
final class Shortcut implements Loops.Unary<float[]> {
    private static final int BLOCK = Frame.BLOCK;

    private static final ThreadLocal<float[]> INPUTS = ThreadLocal.withInitial(() -> new float[BLOCK]);

    private final Loops.Attempt<float[]> most;
    private final Loops.Unary<float[]> all;

    Shortcut(Loops.Attempt<float[]> most, Loops.Unary<float[]> all) {
        this.most = Apart.attempt(most);
        this.all = Apart.unary(all);
    }

    @Override
    public void run(float[] a, int ia, float[] o, int io, int n) {
        if (a != o || ia != io) {
            block(a, ia, o, io, n);
            return;
        }
        float[] inputs = INPUTS.get(); // the first loop may overwrite what the second needs
        for (int done = 0; done < n; done += BLOCK) {
            int count = Math.min(BLOCK, n - done);
            System.arraycopy(a, ia + done, inputs, 0, count);
            block(inputs, 0, o, io + done, count);
        }
    }

    private void block(float[] a, int ia, float[] o, int io, int n) {
        if (!most.run(a, ia, o, io, n)) {
            all.run(a, ia, o, io, n);
        }
    }
}
