package org.clgrad.table;

/**
 * Where an input's values lie.
 *
 * @param low least value
 * @param high largest value
 * @param kink a point that values keep a distance of 0.1 from, since differences across it are no derivative; NaN for none
 */
record Domain(double low, double high, double kink) {
    static final Domain ANY = new Domain(-2, 2, Double.NaN);
    static final Domain POSITIVE = new Domain(0.3, 3, Double.NaN);
    static final Domain UNIT = new Domain(0, 1, Double.NaN);
    static final Domain AWAY_FROM_ZERO = new Domain(-2, 2, 0);

    private static final double GOLDEN_RATIO = 0.618033988749895;

    /** Values that are spread evenly and all differ, another sequence for each salt. */
    HostTensor values(int salt, int... shape) {
        double[] data = new double[HostTensor.size(shape)];
        for (int i = 0; i < data.length; i++) {
            double fraction = (GOLDEN_RATIO * (i + 1) + 0.377 * salt) % 1;
            double value = low + (high - low) * fraction;
            if (Math.abs(value - kink) < 0.1) {
                value += value < kink ? -0.1 : 0.1;
            }
            data[i] = (float) value; // the same number in every dtype
        }
        return new HostTensor(data, shape);
    }
}
