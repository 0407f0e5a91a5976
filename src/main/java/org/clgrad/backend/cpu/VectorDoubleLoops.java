package org.clgrad.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;

/** The primitives on double[] by the Vector API; transcendental functions stay plain. Each loop names its operation, since only a constant operation compiles to one instruction. */
final class VectorDoubleLoops extends DoubleLoops {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int RUN = 64 * L; // elements that are added one after the other, in lanes and chains

    VectorDoubleLoops() {
        super(L);
        unary();

        arithmetic();
        comparisons();
        folds();
    }

    private static DoubleVector at(double[] a, int i) {
        return DoubleVector.fromArray(S, a, i);
    }

    /** 1 where the comparison holds, else 0. */
    private static DoubleVector truth(jdk.incubator.vector.VectorMask<Double> holds) {
        return DoubleVector.zero(S).blend(1, holds);
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
                DoubleVector x = at(a, ia + i);
                x.blend(0, x.compare(VectorOperators.LE, 0)).intoArray(o, io + i);
            }
        });
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
        affine((a, ia, factor, summand, o, io, n) -> {
            DoubleVector f = DoubleVector.broadcast(S, factor);
            DoubleVector s = DoubleVector.broadcast(S, summand);
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).mul(f).add(s).intoArray(o, io + i);
            }
        });
        linear((a, ia, factor, b, ib, other, o, io, n) -> {
            DoubleVector f = DoubleVector.broadcast(S, factor);
            DoubleVector g = DoubleVector.broadcast(S, other);
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).mul(f).add(at(b, ib + i).mul(g)).intoArray(o, io + i);
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

    private static DoubleVector sign(DoubleVector x) {
        return truth(x.compare(VectorOperators.GT, 0)).blend(-1, x.compare(VectorOperators.LT, 0));
    }

    private void folds() {
        foldEach(Reduction.SUM, (a, ia, n, rows, scratch, is, o, io) -> {
            for (int r = 0; r < rows; r++) {
                sum(a, ia + r * n, n, scratch, is);
                o[io + r] = sumInChains(scratch, is, L);
            }
        });
        foldEach(Reduction.MAX, (a, ia, n, rows, scratch, is, o, io) -> {
            for (int r = 0; r < rows; r++) {
                max(a, ia + r * n, n, scratch, is);
                o[io + r] = maxInChains(scratch, is, L);
            }
        });
        foldEach(Reduction.MIN, (a, ia, n, rows, scratch, is, o, io) -> {
            for (int r = 0; r < rows; r++) {
                min(a, ia + r * n, n, scratch, is);
                o[io + r] = minInChains(scratch, is, L);
            }
        });
    }

    private static void sum(double[] a, int ia, int n, double[] o, int io) {
        DoubleVector total = sum(a, ia, Math.min(n, RUN));
        for (int i = RUN; i < n; i += RUN) {
            total = total.add(sum(a, ia + i, Math.min(n - i, RUN)));
        }
        total.intoArray(o, io);
    }

    /** The sum of the lanes of one run. */
    private static DoubleVector sum(double[] a, int ia, int n) {
        DoubleVector r = at(a, ia);
        int i = L;
        if (n >= CHAINS * L) { // so that one need not wait for the other
            DoubleVector r1 = at(a, ia + L);
            DoubleVector r2 = at(a, ia + 2 * L);
            DoubleVector r3 = at(a, ia + 3 * L);
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
        return r;
    }

    private static void max(double[] a, int ia, int n, double[] o, int io) {
        DoubleVector r = at(a, ia);
        int i = L;
        if (n >= CHAINS * L) { // so that one need not wait for the other
            DoubleVector r1 = at(a, ia + L);
            DoubleVector r2 = at(a, ia + 2 * L);
            DoubleVector r3 = at(a, ia + 3 * L);
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

    private static void min(double[] a, int ia, int n, double[] o, int io) {
        DoubleVector r = at(a, ia);
        int i = L;
        if (n >= CHAINS * L) { // so that one need not wait for the other
            DoubleVector r1 = at(a, ia + L);
            DoubleVector r2 = at(a, ia + 2 * L);
            DoubleVector r3 = at(a, ia + 3 * L);
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
    Unary<double[]> cube() {
        return (a, ia, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                DoubleVector x = at(a, ia + i);
                x.mul(x).mul(x).intoArray(o, io + i);
            }
        };
    }
}
