package org.clgrad.bench;

/** What a measured time is told in. */
public enum Unit {
    GFLOPS("GFLOP/s"),
    GBPS("GB/s"),
    MICROSECONDS("us"),
    SECONDS("s"),
    MEBIBYTES("MiB");

    private final String text;

    Unit(String text) {
        this.text = text;
    }

    /**
     * The value of a sample.
     *
     * @param sample nanoseconds of one call; of memory, bytes
     * @param work floating-point operations or bytes of one call
     */
    double of(double sample, double work) {
        return switch (this) {
            case GFLOPS, GBPS -> work / sample;
            case MICROSECONDS -> sample / 1e3;
            case SECONDS -> sample / 1e9;
            case MEBIBYTES -> sample / (1 << 20);
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
