package org.clgrad.backend.cpu;

import org.clgrad.backend.Fn;

/** The primitives on single numbers, in double. */
final class Scalars {
    private Scalars() {}

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x)); // exp(-x) = infinity gives 0, as it should
    }

    /** C's pow: Java's but for 1^y = 1 (y NaN or infinite) and (-1)^(+-infinity) = 1. */
    static double pow(double x, double y) {
        return x == 1 || (x == -1 && Double.isInfinite(y)) ? 1 : Math.pow(x, y);
    }

    /** {@code fn(v[0], v[1], ..)}. */
    static double apply(Fn fn, double... v) {
        return switch (fn) {
            case NEG -> -v[0];
            case ABS -> Math.abs(v[0]);
            case SIGN -> v[0] > 0 ? 1 : v[0] < 0 ? -1 : 0;
            case EXP -> Math.exp(v[0]);
            case LOG -> Math.log(v[0]);
            case LOG1P -> Math.log1p(v[0]);
            case SQRT -> Math.sqrt(v[0]);
            case SIN -> Math.sin(v[0]);
            case COS -> Math.cos(v[0]);
            case TANH -> Math.tanh(v[0]);
            case SIGMOID -> sigmoid(v[0]);
            case ERF -> ErrorFunction.erf(v[0]);
            case RELU -> Math.max(v[0], 0);
            case ADD -> v[0] + v[1];
            case SUB -> v[0] - v[1];
            case MUL -> v[0] * v[1];
            case DIV -> v[0] / v[1];
            case POW -> pow(v[0], v[1]);
            case MAXIMUM -> Math.max(v[0], v[1]);
            case MINIMUM -> Math.min(v[0], v[1]);
            case EQ -> v[0] == v[1] ? 1 : 0;
            case NE -> v[0] != v[1] ? 1 : 0;
            case LT -> v[0] < v[1] ? 1 : 0;
            case LE -> v[0] <= v[1] ? 1 : 0;
            case GT -> v[0] > v[1] ? 1 : 0;
            case GE -> v[0] >= v[1] ? 1 : 0;
            case SELECT -> v[0] != 0 ? v[1] : v[2];
            default -> throw new IllegalStateException(fn + " is not a primitive");
        };
    }
}
