package org.clgrad.gpu;

import java.util.List;
import java.util.Locale;

/**
 * The worst of several kernels on a chip, as a cell of a table shows it.
 *
 * @param registers the most, -1 if unknown
 * @param waves the fewest
 */
record Worst(int registers, int spilled, int scratch, int local, double waves, boolean wideLoads, boolean wideStores) {

    static Worst of(List<Compiled> kernels) {
        return new Worst(
                kernels.stream().mapToInt(Compiled::registers).max().orElse(Compiled.UNKNOWN),
                kernels.stream().mapToInt(Compiled::spilled).max().orElse(0),
                kernels.stream().mapToInt(Compiled::scratch).max().orElse(0),
                kernels.stream().mapToInt(Compiled::local).max().orElse(0),
                kernels.stream().mapToDouble(Compiled::waves).min().orElse(Double.NaN),
                kernels.stream().allMatch(Compiled::wideLoads),
                kernels.stream().allMatch(Compiled::wideStores));
    }

    /** Registers, waves, and what went to memory. */
    String cell() {
        if (registers < 0) {
            return "";
        }
        String text = registers + " / " + number(waves);
        text += spilled > 0 ? ", **spills " + spilled + " B**" : "";
        return text + (scratch > 0 ? ", **private " + scratch + " B**" : "");
    }

    /** One decimal, where there is one. */
    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }
}
