package org.clgrad;

/** Numbers for tests of functions of one: floats of all sizes, positive and negative in turn. */
final class Magnitudes {
    private static final int STEP = 20011; // of their bits
    private static final long INFINITY_BITS = 0x7f800000L;

    private Magnitudes() {}

    static double[] all() {
        double[] x = new double[(int) (INFINITY_BITS / STEP) * 2];
        for (int i = 0; i < x.length; i++) {
            float size = Float.intBitsToFloat(i / 2 * STEP);
            x[i] = i % 2 == 0 ? size : -size;
        }
        return x;
    }
}
