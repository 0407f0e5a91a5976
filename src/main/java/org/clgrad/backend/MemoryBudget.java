package org.clgrad.backend;

import java.util.Locale;

/** The most memory that a device's buffers may hold: system property {@code clgrad.memory.budget}, such as 64m, 2g or bytes. */
public final class MemoryBudget {
    private static final String PROPERTY = "clgrad.memory.budget";

    private MemoryBudget() {}

    /** The budget in bytes, {@code fallback} where none is set. */
    public static long bytes(long fallback) {
        String text = System.getProperty(PROPERTY, "").trim().toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return fallback;
        }
        int shift = 10 * ("kmgt".indexOf(text.charAt(text.length() - 1)) + 1);
        try {
            long value = Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1));
            if (value > 0 && value <= Long.MAX_VALUE >> shift) {
                return value << shift;
            }
        } catch (NumberFormatException e) {
            // falls through to the error below
        }
        throw new IllegalArgumentException("-D" + PROPERTY + "=" + text + ": expected a size such as 64m, 2g or bytes");
    }
}
