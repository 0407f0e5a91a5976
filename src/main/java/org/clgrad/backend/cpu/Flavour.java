package org.clgrad.backend.cpu;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loops in use: those on the Vector API where the running JVM has it and its registers hold at least 256 bits
 * (128 on ARM), plain loops elsewhere or where system property {@code clgrad.cpu.vector} is {@code off}.
 *
 * @param name what to call them, such as {@code Vector API 512 bits}
 * @param absence why the Vector API is not used, or null
 */
record Flavour(
        String name,
        Loops<float[]> float32,
        Loops<double[]> float64,
        MatmulKernel<float[]> matmul32,
        MatmulKernel<double[]> matmul64,
        @Nullable String absence) {
    static final String PROPERTY = "clgrad.cpu.vector";

    private static final Logger LOG = LoggerFactory.getLogger(Flavour.class);

    /** What the classes on the Vector API offer. They implement it and are named nowhere else. */
    interface Provider {
        /** Bits of a register. */
        int bits();

        Loops<float[]> float32();

        Loops<double[]> float64();

        MatmulKernel<float[]> matmul32();

        MatmulKernel<double[]> matmul64();
    }

    static Flavour plain(@Nullable String absence) {
        return new Flavour(
                "plain loops", new FloatLoops(), new DoubleLoops(), new FloatMatmul(), new DoubleMatmul(), absence);
    }

    /** The best of this JVM. */
    static Flavour detect() {
        Flavour found = load();
        if (found.absence == null) {
            found.float32.rehearse();
            found.float64.rehearse();
        }
        LOG.info("CPU kernels: {}{}", found.name, found.absence == null ? "" : " (" + found.absence + ")");
        return found;
    }

    private static Flavour load() {
        if ("off".equals(System.getProperty(PROPERTY))) {
            return plain("-D" + PROPERTY + "=off");
        }
        try {
            Provider vector = (Provider) Class.forName("org.clgrad.backend.cpu.VectorProvider")
                    .getDeclaredConstructor()
                    .newInstance();
            int needed =
                    System.getProperty("os.arch", "").equals("aarch64") ? 128 : 256; // less may lack fused multiply-add
            if (vector.bits() < needed) {
                return plain("the Vector API has only " + vector.bits() + " bits here");
            }
            return new Flavour(
                    "Vector API " + vector.bits() + " bits",
                    vector.float32(),
                    vector.float64(),
                    vector.matmul32(),
                    vector.matmul64(),
                    null);
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            LOG.debug("no Vector API", e);
            return plain("no Vector API: " + e + "; to use it: --add-modules jdk.incubator.vector");
        }
    }
}
