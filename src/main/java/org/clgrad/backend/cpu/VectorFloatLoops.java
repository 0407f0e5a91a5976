package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.AdamUpdate;
import org.clgrad.backend.AdamUpdate.Decay;
import org.clgrad.backend.Fn;
import org.clgrad.backend.LayerNormRows;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.SoftmaxRows;

/** The primitives on float[] by the Vector API. Each loop names its operation, since only a constant operation compiles to one instruction. */
final class VectorFloatLoops extends FloatLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    VectorFloatLoops() {
        super(L);
        unary();
        transcendental();
        arithmetic();
        comparisons();
        pairs();
        folds();
        layerNorm();
        softmax();
        adam();
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
                FloatVector x = at(a, ia + i);
                x.blend(0, x.compare(VectorOperators.LE, 0)).intoArray(o, io + i);
            }
        });
    }

    private void transcendental() {
        unary(Fn.EXP, VectorMath.exp());
        unary(Fn.LOG, VectorMath.log());
        unary(Fn.LOG1P, VectorMath.log1p());
        unary(Fn.TANH, VectorMath.tanh());
        unary(Fn.SIGMOID, VectorMath.sigmoid());
        unary(Fn.SIN, VectorTrigonometry::sin);
        unary(Fn.COS, VectorTrigonometry::cos);
        unary(Fn.ERF, VectorErrorFunction::erf);
        unary(Fn.GELU, VectorGelu::gelu);
        binary(Fn.GELU_BACKWARD, VectorGelu::backward);
        binary(Fn.POW, VectorPower::pow);
        binary(Fn.BCE_WITH_LOGITS, VectorLogits::bce);
        ternary(Fn.BCE_WITH_LOGITS_BACKWARD, VectorLogits::backward);
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
            FloatVector f = FloatVector.broadcast(S, (float) factor);
            FloatVector s = FloatVector.broadcast(S, (float) summand);
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).mul(f).add(s).intoArray(o, io + i);
            }
        });
        linear((a, ia, factor, b, ib, other, o, io, n) -> {
            FloatVector f = FloatVector.broadcast(S, (float) factor);
            FloatVector g = FloatVector.broadcast(S, (float) other);
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

    private void folds() {
        foldEach(Reduction.SUM, VectorFloatFolds::sumEach);
        foldEach(Reduction.MAX, VectorFloatFolds::maxEach);
        foldEach(Reduction.MIN, VectorFloatFolds::minEach);
        foldFive(Reduction.SUM, VectorFloatFolds::sumFive);
        foldFive(Reduction.MAX, VectorFloatFolds::maxFive);
        foldFive(Reduction.MIN, VectorFloatFolds::minFive);
    }

    private void layerNorm() {
        for (boolean hasWeight : new boolean[] {false, true}) {
            for (boolean hasBias : new boolean[] {false, true}) {
                rows(LayerNormRows.forward(hasWeight, hasBias), VectorLayerNorm.forward(hasWeight, hasBias));
            }
        }
        for (int wanted = 0; wanted < LayerNormRows.KINDS; wanted++) {
            if (LayerNormRows.hasAny(wanted, LayerNormRows.INPUT)) {
                rows(LayerNormRows.backward(wanted), VectorLayerNorm.backward(wanted));
            }
        }
    }

    private void softmax() {
        VectorSoftmax softmax = new VectorSoftmax();
        rows(SoftmaxRows.SOFTMAX, softmax.softmax());
        rows(SoftmaxRows.LOG_SOFTMAX, softmax.logSoftmax());
        rows(SoftmaxRows.BACKWARD, softmax.backward());
    }

    private void adam() {
        moments(AdamUpdate.results(Decay.NONE, false, false), VectorAdam.plain());
        moments(AdamUpdate.results(Decay.DECOUPLED, false, false), VectorAdam.decoupled());
    }

    private void pairs() {
        pair(Fn.ADD, Fn.ADD, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).add(at(b, ib + i)).add(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        pair(Fn.SUB, Fn.ADD, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).sub(at(b, ib + i)).add(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        pair(Fn.MUL, Fn.ADD, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).mul(at(b, ib + i)).add(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        pair(Fn.ADD, Fn.MUL, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).add(at(b, ib + i)).mul(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        pair(Fn.SUB, Fn.MUL, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).sub(at(b, ib + i)).mul(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        pair(Fn.MUL, Fn.MUL, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).mul(at(b, ib + i)).mul(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        pair(Fn.MUL, Fn.SUB, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).mul(at(b, ib + i)).sub(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        pair(Fn.DIV, Fn.ADD, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(a, ia + i).div(at(b, ib + i)).add(at(c, ic + i)).intoArray(o, io + i);
            }
        });
        rightPair(Fn.MUL, Fn.SUB, (a, ia, b, ib, c, ic, o, io, n) -> {
            for (int i = 0; i < n; i += L) {
                at(c, ic + i).sub(at(a, ia + i).mul(at(b, ib + i))).intoArray(o, io + i);
            }
        });
    }

    private static FloatVector sign(FloatVector x) {
        return truth(x.compare(VectorOperators.GT, 0)).blend(-1, x.compare(VectorOperators.LT, 0));
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
            case EXP, LOG, LOG1P, TANH, SIGMOID, ERF, GELU, GELU_BACKWARD, BCE_WITH_LOGITS, BCE_WITH_LOGITS_BACKWARD ->
                6;
            case SIN, COS, POW -> 20;
            default -> 1;
        };
    }
}
