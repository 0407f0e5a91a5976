package org.clgrad;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;

/**
 * Text of a tensor, as PyTorch prints it with its default options: 4 digits, at most 80 columns, beyond 1000 elements
 * only the 3 at each edge. The dtype is named where it is not the usual one of such values, the device where it is not
 * the default.
 */
final class TensorFormat {
    private static final int DIGITS = 4;
    private static final int THRESHOLD = 1000;
    private static final int EDGE = 3;
    private static final int COLUMNS = 80;
    private static final String PREFIX = "tensor(";

    private final int[] shape;
    private final double[] values;
    private final boolean summarize;
    private final IntFunction<String> element;
    private final int width;

    private TensorFormat(Tensor tensor) {
        shape = tensor.shape();
        values = tensor.toDoubleArray();
        summarize = values.length > THRESHOLD;
        List<Integer> shown = new ArrayList<>();
        collectShown(0, 0, shown);
        element = elementText(tensor, shown);
        boolean floating = tensor.dtype().isFloating(); // zero, NaN and infinity do not widen the column of others
        width = shown.stream()
                .filter(i -> !floating || (values[i] != 0 && Double.isFinite(values[i])))
                .mapToInt(i -> element.apply(i).length())
                .max()
                .orElse(0);
    }

    static String format(Tensor tensor) {
        List<String> suffixes = new ArrayList<>();
        if (tensor.device() != Device.getDefault()) {
            suffixes.add("device='" + tensor.device() + "'");
        }
        boolean empty = tensor.numel() == 0;
        if (empty && tensor.dim() != 1) {
            suffixes.add("size=(" + commaSeparated(tensor.shape()) + ")");
        }
        DType dtype = tensor.dtype();
        boolean usual = dtype == DType.FLOAT32 || (!empty && dtype != DType.FLOAT64);
        if (!usual) {
            suffixes.add("dtype=torch." + dtype);
        }
        if (tensor.gradFn() != null) {
            suffixes.add("grad_fn=" + tensor.gradFn());
        } else if (tensor.requiresGrad()) {
            suffixes.add("requires_grad=True");
        }
        StringBuilder text = new StringBuilder(PREFIX)
                .append(empty ? "[]" : new TensorFormat(tensor.detach()).text(0, 0, PREFIX.length()));
        int lineLength = text.length() - text.lastIndexOf("\n") + 1; // as PyTorch counts it
        for (String suffix : suffixes) {
            if (lineLength + suffix.length() + 2 > COLUMNS) {
                text.append(",\n").append(" ".repeat(PREFIX.length())).append(suffix);
                lineLength = PREFIX.length() + suffix.length();
            } else {
                text.append(", ").append(suffix);
                lineLength += suffix.length() + 2;
            }
        }
        return text.append(')').toString();
    }

    private static String commaSeparated(int[] shape) {
        String inner = Shapes.text(shape);
        return inner.substring(1, inner.length() - 1);
    }

    /** Indices of the axis that are printed; -1 stands for the gap. */
    private int[] shownAlong(int axis) {
        int size = shape[axis];
        if (!summarize || size <= 2 * EDGE) {
            return java.util.stream.IntStream.range(0, size).toArray();
        }
        int[] shown = new int[2 * EDGE + 1];
        for (int i = 0; i < EDGE; i++) {
            shown[i] = i;
            shown[EDGE + 1 + i] = size - EDGE + i;
        }
        shown[EDGE] = -1;
        return shown;
    }

    private void collectShown(int axis, int offset, List<Integer> shown) {
        if (axis == shape.length) {
            shown.add(offset);
            return;
        }
        for (int i : shownAlong(axis)) {
            if (i >= 0) {
                collectShown(axis + 1, offset * shape[axis] + i, shown);
            }
        }
    }

    private String text(int axis, int offset, int indent) {
        if (axis == shape.length) {
            return padded(element.apply(offset));
        }
        return axis == shape.length - 1 ? vector(axis, offset, indent) : block(axis, offset, indent);
    }

    /** The last axis: as many elements a line as fit. */
    private String vector(int axis, int offset, int indent) {
        int perLine = Math.max(1, (COLUMNS - indent) / (width + 2));
        int[] shown = shownAlong(axis);
        StringBuilder text = new StringBuilder("[");
        for (int k = 0; k < shown.length; k++) {
            if (k > 0) {
                text.append(k % perLine == 0 ? ",\n" + " ".repeat(indent + 1) : ", ");
            }
            text.append(shown[k] < 0 ? " ..." : padded(element.apply(offset * shape[axis] + shown[k])));
        }
        return text.append(']').toString();
    }

    private String block(int axis, int offset, int indent) {
        String separator = "," + "\n".repeat(shape.length - axis - 1) + " ".repeat(indent + 1);
        StringBuilder text = new StringBuilder("[");
        String between = "";
        for (int i : shownAlong(axis)) {
            text.append(between).append(i < 0 ? "..." : text(axis + 1, offset * shape[axis] + i, indent + 1));
            between = separator;
        }
        return text.append(']').toString();
    }

    private String padded(String s) {
        return " ".repeat(Math.max(0, width - s.length())) + s;
    }

    /** How elements are written: one notation for all that are shown. */
    private IntFunction<String> elementText(Tensor tensor, List<Integer> shown) {
        if (tensor.dtype() == DType.BOOL) {
            return i -> values[i] != 0 ? "True" : "False";
        }
        if (tensor.dtype() == DType.INT64) {
            long[] longs = tensor.toLongArray();
            return i -> Long.toString(longs[i]);
        }
        double min = Double.POSITIVE_INFINITY;
        double max = 0;
        boolean integers = true;
        for (int i : shown) {
            double size = Math.abs(values[i]);
            if (size > 0 && Double.isFinite(size)) {
                min = Math.min(min, size);
                max = Math.max(max, size);
                integers &= size == Math.rint(size);
            }
        }
        boolean any = max > 0;
        boolean wide = any && (max / min > 1000 || max > 1e8);
        if (!any || (integers && !wide)) { // not any: only zeros, NaN and infinities
            return i -> number(values[i], false, 0) + (Double.isFinite(values[i]) ? "." : "");
        }
        boolean scientific = wide || min < 1e-4;
        return i -> number(values[i], scientific, DIGITS);
    }

    /** As C prints it: the exact value, rounded half to even. Java's own formatting rounds decimal digits half up. */
    private static String number(double value, boolean scientific, int digits) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        BigDecimal size = new BigDecimal(Math.abs(value));
        String sign = Math.copySign(1, value) < 0 ? "-" : "";
        return sign
                + (scientific
                        ? String.format(
                                Locale.ROOT,
                                "%." + digits + "e",
                                size.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN)))
                        : size.setScale(digits, RoundingMode.HALF_EVEN).toPlainString());
    }
}
