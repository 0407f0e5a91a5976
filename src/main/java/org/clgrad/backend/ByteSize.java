package org.clgrad.backend;

import java.util.Locale;

/** System properties that are numbers of bytes, such as {@code 64m}, {@code 2g} or plain bytes. */
public final class ByteSize {
    private ByteSize() {}

    /** A property's value in bytes, or {@code otherwise} where it is not set. */
    public static long of(String property, long otherwise) {
        String text = System.getProperty(property);
        return text == null || text.isBlank() ? otherwise : parse(property, text);
    }

    /** The most bytes that a device may hold: {@code clgrad.memory.budget}, or {@code otherwise} where it is not set. */
    public static long budgetOr(long otherwise) {
        return of("clgrad.memory.budget", otherwise);
    }

    /** Bytes of a number with an optional suffix k, m, g or t (powers of 1024, either case). */
    public static long parse(String property, String text) {
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
                property + ": \"" + text + "\" is not a size; use bytes or a suffix k, m, g, t, as in 512m or 2g");
    }
}
