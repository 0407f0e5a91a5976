package org.clgrad;

import org.clgrad.array.DType;

/**
 * The generator behind {@code rand} and {@code randn}: Philox 4x32-10 (Salmon, Moraes, Dror and Shaw: Parallel random
 * numbers: as easy as 1, 2, 3; SC 2011), which turns a counter and a key into four random words.
 *
 * <p>It runs on the host, so every device gets the same numbers to the last bit. All threads draw from one sequence.
 */
public final class Random {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int KEY_STEP_0 = 0x9E3779B9;
    private static final int KEY_STEP_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private static long seed = System.nanoTime();
    private static long counter;

    private Random() {}

    /** Starts the sequence of a seed from its beginning. */
    public static synchronized void manualSeed(long newSeed) {
        seed = newSeed;
        counter = 0;
    }

    /** Fills an array with numbers uniform in [0, 1): multiples of 2^-53, or of 2^-24 for FLOAT32 so that none rounds to 1. */
    static synchronized void uniform(double[] out, DType dtype) {
        double grain = dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
        int[] words = new int[4];
        for (int i = 0; i < out.length; i++) {
            if (i % 2 == 0) {
                next(words);
            }
            double u = unit(words[i % 2 * 2], words[i % 2 * 2 + 1]);
            out[i] = Math.floor(u / grain) * grain;
        }
    }

    /** Fills an array with normal numbers of mean 0 and variance 1, by the method of Box and Muller. */
    static synchronized void normal(double[] out) {
        int[] words = new int[4];
        for (int i = 0; i < out.length; i += 2) {
            next(words);
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(words[0], words[1]))); // 1 - u is never 0
            double angle = 2 * Math.PI * unit(words[2], words[3]);
            out[i] = radius * StrictMath.cos(angle);
            if (i + 1 < out.length) {
                out[i + 1] = radius * StrictMath.sin(angle);
            }
        }
    }

    /** The leading 53 of 64 bits, as a fraction. */
    private static double unit(int high, int low) {
        return (((high & 0xFFFFFFFFL) << 21) | (low >>> 11)) * 0x1p-53;
    }

    private static void next(int[] words) {
        philox(counter++, 0, seed, words);
    }

    /** One block of the generator: four words for a 128-bit counter and a 64-bit key. */
    static void philox(long counterLow, long counterHigh, long key, int[] out) {
        int c0 = (int) counterLow;
        int c1 = (int) (counterLow >>> 32);
        int c2 = (int) counterHigh;
        int c3 = (int) (counterHigh >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            int next0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            int next2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            c0 = next0;
            c2 = next2;
            k0 += KEY_STEP_0;
            k1 += KEY_STEP_1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }
}
