package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;

/** The primitives on float[] by the Vector API. Each loop names its operation, since only a constant operation compiles to one instruction. */
final class VectorFloatLoops extends FloatLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int CHAINS = 4; // of a reduction

    VectorFloatLoops() {
        super(L);
        unary();
        transcendental();
        arithmetic();
        comparisons();
    }

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    /** 1 where the comparison holds, else 0. */
    private static FloatVector truth(jdk.incubator.vector.VectorMask<Float> holds) {
        return FloatVector.zero(S).blend(1, holds);
    }

    private void unary() {
        unary(Fn.NEG, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).neg().intoArray(o, io + i);
            }
        });
        unary(Fn.ABS, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).abs().intoArray(o, io + i);
            }
        });
        unary(Fn.SIGN, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                sign(at(a, ia + i)).intoArray(o, io + i);
            }
        });
        unary(Fn.SQRT, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).lanewise(VectorOperators.SQRT).intoArray(o, io + i);
            }
        });
        unary(Fn.RELU, (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).max(0).intoArray(o, io + i);
            }
        });
    }

    private void transcendental() {
        unary(Fn.EXP, VectorMath::exp);
        unary(Fn.LOG, VectorMath::log);
        unary(Fn.LOG1P, VectorMath::log1p);
        unary(Fn.TANH, VectorMath::tanh);
        unary(Fn.SIGMOID, VectorMath::sigmoid);
        unary(Fn.SIN, VectorTrigonometry::sin);
        unary(Fn.COS, VectorTrigonometry::cos);
        unary(Fn.ERF, VectorErrorFunction::erf);
        binary(Fn.POW, VectorPower::pow);
    }

    private void arithmetic() {
        binary(Fn.ADD, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).add(at(b, ib + i)).intoArray(o, io + i);
            }
        });
        binary(Fn.SUB, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).sub(at(b, ib + i)).intoArray(o, io + i);
            }
        });
        binary(Fn.MUL, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).mul(at(b, ib + i)).intoArray(o, io + i);
            }
        });
        binary(Fn.DIV, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).div(at(b, ib + i)).intoArray(o, io + i);
            }
        });
        binary(Fn.MAXIMUM, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).max(at(b, ib + i)).intoArray(o, io + i);
            }
        });
        binary(Fn.MINIMUM, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).min(at(b, ib + i)).intoArray(o, io + i);
            }
        });
    }

    private void comparisons() {
        binary(Fn.EQ, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                truth(at(a, ia + i).compare(VectorOperators.EQ, at(b, ib + i))).intoArray(o, io + i);
            }
        });
        binary(Fn.NE, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                truth(at(a, ia + i).compare(VectorOperators.NE, at(b, ib + i))).intoArray(o, io + i);
            }
        });
        binary(Fn.LT, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                truth(at(a, ia + i).compare(VectorOperators.LT, at(b, ib + i))).intoArray(o, io + i);
            }
        });
        binary(Fn.LE, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                truth(at(a, ia + i).compare(VectorOperators.LE, at(b, ib + i))).intoArray(o, io + i);
            }
        });
        binary(Fn.GT, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                truth(at(a, ia + i).compare(VectorOperators.GT, at(b, ib + i))).intoArray(o, io + i);
            }
        });
        binary(Fn.GE, (a, ia, b, ib, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                truth(at(a, ia + i).compare(VectorOperators.GE, at(b, ib + i))).intoArray(o, io + i);
            }
        });
        ternary(Fn.SELECT, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(c, ic + i)
                        .blend(at(b, ib + i), at(a, ia + i).compare(VectorOperators.NE, 0))
                        .intoArray(o, io + i);
            }
        });
    }

    private static FloatVector sign(FloatVector x) {
        return truth(x.compare(VectorOperators.GT, 0)).blend(-1, x.compare(VectorOperators.LT, 0));
    }

    @Override
    void toLanes(Reduction kind, float[] a, int ia, int n, float[] o, int io) {
        switch (kind) {
            case SUM -> sum(a, ia, n, o, io);
            case MAX -> max(a, ia, n, o, io);
            case MIN -> min(a, ia, n, o, io);
        }
    }

    private static void sum(float[] a, int ia, int n, float[] o, int io) {
        FloatVector r = at(a, ia);
        int i = L;
        if (n >= CHAINS * L) { // so that one need not wait for the other
            FloatVector r1 = at(a, ia + L);
            FloatVector r2 = at(a, ia + 2 * L);
            FloatVector r3 = at(a, ia + 3 * L);
            for (i = CHAINS * L; i <= n - CHAINS * L; i += CHAINS * L) {
                r = r.add(at(a, ia + i));
                r1 = r1.add(at(a, ia + i + L));
                r2 = r2.add(at(a, ia + i + 2 * L));
                r3 = r3.add(at(a, ia + i + 3 * L));
            }
            r = r.add(r1).add(r2.add(r3));
        }
        for (; i < n; i += L) {
            r = r.add(at(a, ia + i));
        }
        r.intoArray(o, io);
    }

    private static void max(float[] a, int ia, int n, float[] o, int io) {
        FloatVector r = at(a, ia);
        int i = L;
        if (n >= CHAINS * L) { // so that one need not wait for the other
            FloatVector r1 = at(a, ia + L);
            FloatVector r2 = at(a, ia + 2 * L);
            FloatVector r3 = at(a, ia + 3 * L);
            for (i = CHAINS * L; i <= n - CHAINS * L; i += CHAINS * L) {
                r = r.max(at(a, ia + i));
                r1 = r1.max(at(a, ia + i + L));
                r2 = r2.max(at(a, ia + i + 2 * L));
                r3 = r3.max(at(a, ia + i + 3 * L));
            }
            r = r.max(r1).max(r2.max(r3));
        }
        for (; i < n; i += L) {
            r = r.max(at(a, ia + i));
        }
        r.intoArray(o, io);
    }

    private static void min(float[] a, int ia, int n, float[] o, int io) {
        FloatVector r = at(a, ia);
        int i = L;
        if (n >= CHAINS * L) { // so that one need not wait for the other
            FloatVector r1 = at(a, ia + L);
            FloatVector r2 = at(a, ia + 2 * L);
            FloatVector r3 = at(a, ia + 3 * L);
            for (i = CHAINS * L; i <= n - CHAINS * L; i += CHAINS * L) {
                r = r.min(at(a, ia + i));
                r1 = r1.min(at(a, ia + i + L));
                r2 = r2.min(at(a, ia + i + 2 * L));
                r3 = r3.min(at(a, ia + i + 3 * L));
            }
            r = r.min(r1).min(r2.min(r3));
        }
        for (; i < n; i += L) {
            r = r.min(at(a, ia + i));
        }
        r.intoArray(o, io);
    }

    @Override
    Unary<float[]> cube() {
        return (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                FloatVector x = at(a, ia + i);
                x.mul(x).mul(x).intoArray(o, io + i);
            }
        };
    }

    @Override
    int cost(Fn fn) {
        return switch (fn) {
            case EXP, LOG, LOG1P, TANH, SIGMOID, ERF -> 6;
            case SIN, COS, POW -> 20;
            default -> 1;
        };
    }
}
