package org.clgrad.backend.opencl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;
import org.jspecify.annotations.Nullable;

/** OpenCL C for a pointwise expression: what pointwise.clh wants defined. A subtree that occurs twice is computed once. */
final class ExprSource {
    private static final List<Expr> WITH_NUMBER = List.of(Expr.input(0), Expr.constant(0));

    private final DType dtype;
    private final IntFunction<String> symbols;
    private final Map<Expr, String> names = new LinkedHashMap<>();
    private final StringBuilder statements = new StringBuilder();
    private int inputs;
    private int constants;

    private ExprSource(DType dtype) {
        this(dtype, index -> "x" + index);
    }

    /** @param symbols the variables that hold inputs */
    ExprSource(DType dtype, IntFunction<String> symbols) {
        this.dtype = dtype;
        this.symbols = symbols;
    }

    /** Definitions of the variables that {@link #name} has given out. */
    String statements() {
        return statements.toString();
    }

    /** How many numbers come with the call. */
    int constants() {
        return constants;
    }

    /**
     * A kernel to be.
     *
     * @param name of the contiguous kernel
     * @param source its source, includes not yet in place
     * @param inputs how many arrays it takes
     * @param constants how many numbers
     */
    record Text(String name, String source, int inputs, int constants) {}

    /** The kernels of pointwise.clh. */
    static Text of(Expr expr, DType dtype) {
        String named = namedKernel(expr);
        String name = named == null ? "fused" : named;
        return text(expr, dtype, name, "#define NAME " + name, "pointwise.clh");
    }

    /** The kernels of reduce_inner.clh or reduce_outer.clh, over the values of an expression. */
    static Text ofReduction(Reduction kind, boolean inner, Expr expr, DType dtype) {
        String shape = inner ? "inner" : "outer";
        String name = "fused_" + shape;
        return text(
                expr,
                dtype,
                name,
                "#define " + shape.toUpperCase(Locale.ROOT) + " " + name + "\n#define KIND " + kind(kind),
                "reduce_" + shape + ".clh");
    }

    /** As combine.clh calls it; max and min are macros of some drivers. */
    static String kind(Reduction kind) {
        return switch (kind) {
            case SUM -> "sum";
            case MAX -> "largest";
            case MIN -> "smallest";
        };
    }

    private static Text text(Expr expr, DType dtype, String name, String definitions, String file) {
        ExprSource text = new ExprSource(dtype);
        String result = text.name(expr);
        return new Text(
                name,
                definitions + "\n#define INPUTS(F)" + calls(text.inputs) + "\n#define CONSTANTS(F)"
                        + calls(text.constants) + "\n#define LET" + text.statements + "\n#define RESULT " + result
                        + "\n#include \"" + file + "\"\n",
                text.inputs,
                text.constants);
    }

    /** The kernel of update.clh. */
    static Text ofUpdate(List<Expr> results, int arrays, DType dtype) {
        ExprSource text = new ExprSource(dtype);
        StringBuilder values = new StringBuilder();
        for (int r = 0; r < results.size(); r++) {
            values.append(" F(")
                    .append(r)
                    .append(", ")
                    .append(text.name(results.get(r)))
                    .append(')');
        }
        StringBuilder each = new StringBuilder();
        for (int i = 0; i < arrays; i++) {
            each.append(" F(g, ").append(i).append(')');
        }
        return new Text(
                "update",
                "#define UPDATE update\n#define ARRAYS(F, g)" + each + "\n#define CONSTANTS(F)" + calls(text.constants)
                        + "\n#define LET" + text.statements + "\n#define RESULTS(F)" + values
                        + "\n#include \"update.clh\"\n",
                arrays,
                text.constants);
    }

    /** What epilogue.clh wants defined in front of a source of matrix products. */
    static Text ofEpilogue(MatmulEpilogue.Code code, String file) {
        ExprSource text = new ExprSource(code.dtype());
        String result = text.name(code.expr());
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < text.inputs; i++) {
            others.append(i == code.product() ? "" : " F(" + i + ")");
        }
        return new Text(
                file,
                "#define EPILOGUE_INPUTS(F)" + others + "\n#define EPILOGUE_CONSTANTS(F)" + calls(text.constants)
                        + "\n#define EPILOGUE_PRODUCT " + text.symbols.apply(code.product())
                        + "\n#define EPILOGUE_LET" + text.statements + "\n#define EPILOGUE_RESULT " + result
                        + (code.alone() ? "\n#define EPILOGUE_ALONE" : "") + "\n#include \"" + file + "\"\n",
                text.inputs,
                text.constants);
    }

    /**
     * The name that a single function has as a kernel: of inputs in order, such as {@code pow_forward}, or of one and a number, such as
     * {@code div_number}; else null.
     */
    static @Nullable String namedKernel(Expr expr) {
        if (!(expr instanceof Expr.Apply apply)) {
            return null;
        }
        if (apply.args().equals(WITH_NUMBER)) {
            return apply.fn().kernelName() + "_number";
        }
        for (int i = 0; i < apply.args().size(); i++) {
            if (!(apply.args().get(i) instanceof Expr.Input input) || input.index() != i) {
                return null;
            }
        }
        return kernelName(apply.fn());
    }

    static String kernelName(Fn fn) {
        String name = fn.kernelName();
        return name.contains("_backward") ? name : name + "_forward";
    }

    /** The variable that holds an expression's value. */
    String name(Expr expr) {
        String known = names.get(expr);
        if (known != null) {
            return known;
        }
        String name;
        if (expr instanceof Expr.Input input) {
            inputs = Math.max(inputs, input.index() + 1);
            name = symbols.apply(input.index());
        } else if (expr instanceof Expr.Constant constant) {
            constants = Math.max(constants, constant.index() + 1);
            name = "k" + constant.index();
        } else if (expr instanceof Expr.Literal literal) {
            name = "((T)(" + number(literal.value()) + "))";
        } else {
            Expr.Apply apply = (Expr.Apply) expr;
            StringBuilder call = new StringBuilder("fn_" + apply.fn().kernelName() + "(");
            for (int i = 0; i < apply.args().size(); i++) {
                call.append(i == 0 ? "" : ", ").append(name(apply.args().get(i)));
            }
            name = "t" + names.size();
            statements
                    .append(" const T ")
                    .append(name)
                    .append(" = ")
                    .append(call)
                    .append(");");
        }
        names.put(expr, name);
        return name;
    }

    private String number(double value) {
        if (Double.isNaN(value)) {
            return "NAN";
        }
        if (dtype == DType.FLOAT64) {
            return Double.isInfinite(value) ? (value > 0 ? "INFINITY" : "-INFINITY") : Double.toString(value);
        }
        float rounded = (float) value;
        return Float.isInfinite(rounded) ? (rounded > 0 ? "INFINITY" : "-INFINITY") : rounded + "f";
    }

    /** F(0) F(1) .. */
    static String calls(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(" F(").append(i).append(')');
        }
        return text.toString();
    }
}
