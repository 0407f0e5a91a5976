package org.clgrad.backend.cpu;

import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;

/** The primitives on float[] in plain loops, transcendental functions through double. The compiler vectorises the arithmetic ones. */
class FloatLoops extends Loops<float[]> {
    FloatLoops() {
        this(1);
    }

    FloatLoops(int lanes) {
        super(Elements.FLOAT32, lanes);
        exactUnary();
        transcendental();
        arithmetic();
        comparisons();
    }

    private void exactUnary() {
        unary(Fn.NEG, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = -a[ia + i];
            }
        });
        unary(Fn.ABS, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = Math.abs(a[ia + i]);
            }
        });
        unary(Fn.SIGN, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                float x = a[ia + i];
                o[io + i] = x > 0 ? 1 : x < 0 ? -1 : 0;
            }
        });
        unary(Fn.SQRT, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Math.sqrt(a[ia + i]);
            }
        });
        unary(Fn.RELU, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = Math.max(a[ia + i], 0f);
            }
        });
    }

    private void transcendental() {
        unary(Fn.EXP, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Math.exp(a[ia + i]);
            }
        });
        unary(Fn.LOG, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Math.log(a[ia + i]);
            }
        });
        unary(Fn.LOG1P, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Math.log1p(a[ia + i]);
            }
        });
        unary(Fn.SIN, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Math.sin(a[ia + i]);
            }
        });
        unary(Fn.COS, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Math.cos(a[ia + i]);
            }
        });
        unary(Fn.TANH, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Math.tanh(a[ia + i]);
            }
        });
        unary(Fn.SIGMOID, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Scalars.sigmoid(a[ia + i]);
            }
        });
        unary(Fn.ERF, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) ErrorFunction.erf(a[ia + i]);
            }
        });
        binary(Fn.POW, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = (float) Scalars.pow(a[ia + i], b[ib + i]);
            }
        });
    }

    private void arithmetic() {
        binary(Fn.ADD, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] + b[ib + i];
            }
        });
        binary(Fn.SUB, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] - b[ib + i];
            }
        });
        binary(Fn.MUL, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] * b[ib + i];
            }
        });
        affine((a, ia, factor, summand, o, io, n) -> {
            float f = (float) factor;
            float s = (float) summand;
            for (int i = 0; i < n; i++) {
                o[io + i] = f * a[ia + i] + s;
            }
        });
        linear((a, ia, factor, b, ib, other, o, io, n) -> {
            float f = (float) factor;
            float g = (float) other;
            for (int i = 0; i < n; i++) {
                o[io + i] = f * a[ia + i] + g * b[ib + i];
            }
        });
        binary(Fn.DIV, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] / b[ib + i];
            }
        });
        binary(Fn.MAXIMUM, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = Math.max(a[ia + i], b[ib + i]);
            }
        });
        binary(Fn.MINIMUM, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = Math.min(a[ia + i], b[ib + i]);
            }
        });
    }

    private void comparisons() {
        binary(Fn.EQ, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] == b[ib + i] ? 1 : 0;
            }
        });
        binary(Fn.NE, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] != b[ib + i] ? 1 : 0;
            }
        });
        binary(Fn.LT, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] < b[ib + i] ? 1 : 0;
            }
        });
        binary(Fn.LE, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] <= b[ib + i] ? 1 : 0;
            }
        });
        binary(Fn.GT, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] > b[ib + i] ? 1 : 0;
            }
        });
        binary(Fn.GE, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] >= b[ib + i] ? 1 : 0;
            }
        });
        ternary(Fn.SELECT, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] != 0 ? b[ib + i] : c[ic + i];
            }
        });
    }

    @Override
    Unary<float[]> cube() {
        return (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i++) {
                o[io + i] = a[ia + i] * a[ia + i] * a[ia + i];
            }
        };
    }

    @Override
    Fold<float[]> fold(Reduction kind) {
        return switch (kind) {
            case SUM -> (a, ia, n, o, io) -> o[io] = sumInChains(a, ia, n);
            case MAX -> (a, ia, n, o, io) -> o[io] = maxInChains(a, ia, n);
            case MIN -> (a, ia, n, o, io) -> o[io] = minInChains(a, ia, n);
        };
    }

    private static float sum(float[] a, int ia, int n) {
        float r = a[ia];
        for (int i = 1; i < n; i++) {
            r = r + a[ia + i];
        }
        return r;
    }

    static float sumInChains(float[] a, int ia, int n) {
        if (n < CHAINS) {
            return sum(a, ia, n);
        }
        float r = a[ia];
        float r1 = a[ia + 1];
        float r2 = a[ia + 2];
        float r3 = a[ia + 3];
        int i = CHAINS;
        for (; i <= n - CHAINS; i += CHAINS) {
            r = r + a[ia + i];
            r1 = r1 + a[ia + i + 1];
            r2 = r2 + a[ia + i + 2];
            r3 = r3 + a[ia + i + 3];
        }
        for (; i < n; i++) {
            r = r + a[ia + i];
        }
        return (r + r1) + (r2 + r3);
    }

    private static float max(float[] a, int ia, int n) {
        float r = a[ia];
        for (int i = 1; i < n; i++) {
            r = Math.max(r, a[ia + i]);
        }
        return r;
    }

    static float maxInChains(float[] a, int ia, int n) {
        if (n < CHAINS) {
            return max(a, ia, n);
        }
        float r = a[ia];
        float r1 = a[ia + 1];
        float r2 = a[ia + 2];
        float r3 = a[ia + 3];
        int i = CHAINS;
        for (; i <= n - CHAINS; i += CHAINS) {
            r = Math.max(r, a[ia + i]);
            r1 = Math.max(r1, a[ia + i + 1]);
            r2 = Math.max(r2, a[ia + i + 2]);
            r3 = Math.max(r3, a[ia + i + 3]);
        }
        for (; i < n; i++) {
            r = Math.max(r, a[ia + i]);
        }
        return Math.max(Math.max(r, r1), Math.max(r2, r3));
    }

    private static float min(float[] a, int ia, int n) {
        float r = a[ia];
        for (int i = 1; i < n; i++) {
            r = Math.min(r, a[ia + i]);
        }
        return r;
    }

    static float minInChains(float[] a, int ia, int n) {
        if (n < CHAINS) {
            return min(a, ia, n);
        }
        float r = a[ia];
        float r1 = a[ia + 1];
        float r2 = a[ia + 2];
        float r3 = a[ia + 3];
        int i = CHAINS;
        for (; i <= n - CHAINS; i += CHAINS) {
            r = Math.min(r, a[ia + i]);
            r1 = Math.min(r1, a[ia + i + 1]);
            r2 = Math.min(r2, a[ia + i + 2]);
            r3 = Math.min(r3, a[ia + i + 3]);
        }
        for (; i < n; i++) {
            r = Math.min(r, a[ia + i]);
        }
        return Math.min(Math.min(r, r1), Math.min(r2, r3));
    }

    @Override
    double rounded(double value) {
        return (float) value;
    }

    @Override
    int cost(Fn fn) {
        return switch (fn) {
            case EXP, LOG, LOG1P, SIN, COS, TANH, SIGMOID, POW -> 100;
            default -> 1;
        };
    }
}
