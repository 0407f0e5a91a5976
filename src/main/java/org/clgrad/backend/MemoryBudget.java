package org.clgrad.backend;

import java.util.Locale;

/** The most bytes that a device may hold: system property {@code clgrad.memory.budget}, such as {@code 64m}, {@code 2g} or plain bytes. */
public final class MemoryBudget {
    public static final String PROPERTY = "clgrad.memory.budget";

    private MemoryBudget() {}

    /** The property's value in bytes, or {@code otherwise} where it is not set. */
    public static long orElse(long otherwise) {
        String text = System.getProperty(PROPERTY);
        return text == null || text.isBlank() ? otherwise : parse(text);
    }

    /** Bytes of a number with an optional suffix k, m, g or t (powers of 1024, either case). */
    public static long parse(String text) {
        String number = text.strip().toLowerCase(Locale.ROOT);
        int power = number.isEmpty() ? -1 : "kmgt".indexOf(number.charAt(number.length() - 1));
        try {
            long value = Long.parseLong(power < 0 ? number : number.substring(0, number.length() - 1));
            long bytes = Math.multiplyExact(value, 1L << (10 * (power + 1)));
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // said below, in one wording for every malformed value
        }
        throw new IllegalArgumentException(
                PROPERTY + ": \"" + text + "\" is not a size; use bytes or a suffix k, m, g, t, as in 512m or 2g");
    }
}
