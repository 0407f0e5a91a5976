package org.clgrad.backend.opencl;

import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;

/** Fn in plain doubles, written from the Javadoc of Fn, and expressions over it. */
final class ScalarReference {
    private ScalarReference() {}

    static double eval(Expr expr, double[] inputs, double[] constants) {
        if (expr instanceof Expr.Input input) {
            return inputs[input.index()];
        } else if (expr instanceof Expr.Constant constant) {
            return constants[constant.index()];
        } else if (expr instanceof Expr.Literal literal) {
            return literal.value();
        }
        Expr.Apply apply = (Expr.Apply) expr;
        return eval(
                apply.fn(),
                apply.args().stream()
                        .mapToDouble(arg -> eval(arg, inputs, constants))
                        .toArray());
    }

    /** 2 / sqrt(pi) exp(-x x) (x + 2 x^3 / 3 + 4 x^5 / 15 + ..), beyond 6 the sign of x. */
    private static double erf(double x) {
        if (!(Math.abs(x) < 6)) {
            return Double.isNaN(x) ? x : Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
            term *= 2 * x * x / k;
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    static double eval(Fn fn, double... x) {
        double a = x[0];
        double b = x.length > 1 ? x[1] : 0;
        return switch (fn) {
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> Double.isNaN(a) ? 0 : Math.signum(a);
            case EXP -> Math.exp(a);
            case LOG -> Math.log(a);
            case LOG1P -> Math.log1p(a);
            case SQRT -> Math.sqrt(a);
            case SIN -> Math.sin(a);
            case COS -> Math.cos(a);
            case TANH -> Math.tanh(a);
            case SIGMOID -> 1 / (1 + Math.exp(-a));
            case ERF -> erf(a);
            case GELU -> a * (1 + erf(a / Math.sqrt(2))) / 2;
            case RELU -> a < 0 ? 0 : a;
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b); // C's pow, not Java's
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case EQ -> a == b ? 1 : 0;
            case NE -> a != b ? 1 : 0;
            case LT -> a < b ? 1 : 0;
            case LE -> a <= b ? 1 : 0;
            case GT -> a > b ? 1 : 0;
            case GE -> a >= b ? 1 : 0;
            case SELECT -> a != 0 ? b : x[2];
            case POW_BACKWARD_BASE -> x[2] == 0 ? 0 : a * (x[2] * eval(Fn.POW, b, x[2] - 1));
            case POW_BACKWARD_EXPONENT -> b == 0 && x[2] >= 0 ? 0 : a * (x[3] * Math.log(b));
            case BCE_WITH_LOGITS -> (1 - b) * a + eval(Fn.RELU, -a) + Math.log1p(Math.exp(-Math.abs(a)));
            case BCE_WITH_LOGITS_BACKWARD -> a * (eval(Fn.SIGMOID, b) - x[2]);
            case GELU_BACKWARD ->
                a * ((1 + erf(b / Math.sqrt(2))) / 2 + b * Math.exp(-b * b / 2) / Math.sqrt(2 * Math.PI));
        };
    }
}
