package org.clgrad.backend.opencl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.jspecify.annotations.Nullable;

/** OpenCL C for a pointwise expression: what pointwise.clh wants defined. A subtree that occurs twice is computed once. */
final class ExprSource {
    private final DType dtype;
    private final Map<Expr, String> names = new LinkedHashMap<>();
    private final StringBuilder statements = new StringBuilder();
    private int inputs;
    private int constants;

    private ExprSource(DType dtype) {
        this.dtype = dtype;
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

    static Text of(Expr expr, DType dtype) {
        ExprSource text = new ExprSource(dtype);
        String result = text.name(expr);
        String named = namedKernel(expr);
        String name = named == null ? "fused" : named;
        return new Text(
                name,
                "#define NAME " + name + "\n#define INPUTS(F)" + calls(text.inputs) + "\n#define CONSTANTS(F)"
                        + calls(text.constants) + "\n#define LET" + text.statements + "\n#define RESULT " + result
                        + "\n#include \"pointwise.clh\"\n",
                text.inputs,
                text.constants);
    }

    /** The name that a single function of inputs in order has as a kernel, such as {@code pow_forward}; else null. */
    static @Nullable String namedKernel(Expr expr) {
        if (!(expr instanceof Expr.Apply apply)) {
            return null;
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
    private String name(Expr expr) {
        String known = names.get(expr);
        if (known != null) {
            return known;
        }
        String name;
        if (expr instanceof Expr.Input input) {
            inputs = Math.max(inputs, input.index() + 1);
            name = "x" + input.index();
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

    private static String calls(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(" F(").append(i).append(')');
        }
        return text.toString();
    }
}
