package org.clgrad.backend.cpu;

/**
 * A function by a loop that is exact for most numbers, and by a longer one where it meets others. Both give the same bits where the first is exact,
 * so what an element becomes does not depend on those beside it.
 */
final class Shortcut implements Loops.Unary<float[]> {
    private static final int BLOCK = Frame.BLOCK;
    private static final int PIECE = 1 << 13; // elements that all go through the longer loop if one of them must

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
            for (int done = 0; done < n; done += PIECE) {
                piece(a, ia + done, o, io + done, Math.min(PIECE, n - done));
            }
            return;
        }
        float[] inputs = INPUTS.get(); // the first loop may overwrite what the second needs
        for (int done = 0; done < n; done += BLOCK) {
            int count = Math.min(BLOCK, n - done);
            System.arraycopy(a, ia + done, inputs, 0, count);
            piece(inputs, 0, o, io + done, count);
        }
    }

    private void piece(float[] a, int ia, float[] o, int io, int n) {
        if (!most.run(a, ia, o, io, n)) {
            all.run(a, ia, o, io, n);
        }
    }
}
