package org.clgrad.bench.child;

/** Numbers that are the same in every process: uniform in (-1, 1) from a 64-bit mixer (Steele et al., SplitMix, 2014). */
final class Inputs {
    private long state;

    Inputs(long seed) {
        state = seed;
    }

    float[] uniform(int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (scale * ((next() >>> 40) - 8388607.5) * 0x1p-23);
        }
        return values;
    }

    /** In (0, 1): sums of these do not cancel. */
    float[] positive(int n) {
        float[] values = uniform(n, 0.5);
        for (int i = 0; i < n; i++) {
            values[i] += 0.5f;
        }
        return values;
    }

    float[] ones(int n) {
        float[] values = new float[n];
        java.util.Arrays.fill(values, 1);
        return values;
    }

    private long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
