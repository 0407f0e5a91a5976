package org.clgrad.bench.child;

/**
 * An array in two numbers: a sum with weights between 1 and 2 that differ from place to place, so that a permutation is
 * noticed, and the sum of magnitudes, the scale on which both are compared.
 */
public record Checksum(double weighted, double magnitude) {
    private static final double TOLERANCE = 2e-5; // different orders of summation in float32 differ by some 1e-6

    static Checksum of(float[] values) {
        double weighted = 0;
        double magnitude = 0;
        for (int i = 0; i < values.length; i++) {
            weighted += values[i] * (1 + (i * 0x9E3779B9L & 0xFFFF) / 65536.0);
            magnitude += Math.abs(values[i]);
        }
        return new Checksum(weighted, magnitude);
    }

    /** Reads what {@link #toString} wrote. */
    public static Checksum parse(String text) {
        String[] parts = text.split("/");
        return new Checksum(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
    }

    /** Whether both are of the same numbers up to rounding; never, if there is a NaN. */
    public boolean agrees(Checksum other) {
        double tolerance = TOLERANCE * Math.max(magnitude, other.magnitude) + 1e-12;
        return Math.abs(weighted - other.weighted) <= tolerance && Math.abs(magnitude - other.magnitude) <= tolerance;
    }

    @Override
    public String toString() {
        return weighted + "/" + magnitude;
    }
}
