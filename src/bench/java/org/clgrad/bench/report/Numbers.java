package org.clgrad.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;
import org.clgrad.bench.Case;

/** Numbers as the page writes them. */
final class Numbers {
    private static final int DIGITS = 3;

    private Numbers() {}

    /** Three digits, or all before the point: 0.123, 12.3, 1234. */
    static String text(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "-";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS));
        return value >= 1000
                ? Long.toString(Math.round(value))
                : rounded.stripTrailingZeros().toPlainString();
    }

    /** A ratio with two decimals. */
    static String ratio(double value) {
        return new BigDecimal(value).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    /** {@code 2^20} for a power of two, sizes as they are otherwise. */
    static String sizes(Case c) {
        List<Integer> sizes = c.sizes();
        return switch (c.workload()) {
            case SUM, MEAN, MAX, SOFTMAX, LOG_SOFTMAX -> sizes.get(0) + " x " + sizes.get(1) + ", axis " + sizes.get(2);
            default ->
                sizes.size() == 1 && Integer.bitCount(sizes.get(0)) == 1
                        ? "2^" + Integer.numberOfTrailingZeros(sizes.get(0))
                        : sizes.stream().map(String::valueOf).collect(Collectors.joining(" x "));
        };
    }
}
