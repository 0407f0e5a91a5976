package org.clgrad.backend.cpu;

import static org.clgrad.backend.LayerNormRows.BIAS;
import static org.clgrad.backend.LayerNormRows.WEIGHT;
import static org.clgrad.backend.LayerNormRows.WEIGHTED;
import static org.clgrad.backend.LayerNormRows.hasAny;
import static org.clgrad.backend.cpu.Loops.CHAINS;
import static org.clgrad.backend.cpu.RowLoops.Kind.NUMBERS;
import static org.clgrad.backend.cpu.RowLoops.Kind.ONE_ROW;
import static org.clgrad.backend.cpu.RowLoops.Kind.ROWS;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.LayerNormRows;
import org.clgrad.backend.cpu.RowLoops.Kind;

/**
 * {@link LayerNormRows} on floats, in three loops forward and two backward; numbers of rows are single numbers. Sums of lanes wait until there is one of
 * every row, so that adding up one need not wait for the other.
 */
final class VectorLayerNorm {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int KNOWN = 4; // numbers of a row that the backward pass needs
    private static final int MOST_ROWS = RowPasses.mostRows(2 * L + KNOWN);

    private static final RowPasses<Forward> FORWARD =
            new RowPasses<>(MOST_ROWS, List.of(Forward::means, Forward::scales, Forward::normalize));
    private static final RowPasses<Backward> BACKWARD =
            new RowPasses<>(MOST_ROWS, List.of(Backward::numbers, Backward::gradients));

    private VectorLayerNorm() {}

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    static RowLoops<float[]> forward(boolean hasWeight, boolean hasBias) {
        List<Kind> inputs = new ArrayList<>(List.of(ROWS));
        inputs.addAll(Collections.nCopies((hasWeight ? 1 : 0) + (hasBias ? 1 : 0), ONE_ROW));
        return new RowLoops<>(
                inputs,
                (call, first, end, scratch, at, sums, part) ->
                        FORWARD.run(new Forward(call, hasWeight, hasBias, scratch, at), first, end, call.length()));
    }

    /** For what is wanted with the gradient of the input. */
    static RowLoops<float[]> backward(int wanted) {
        List<Kind> inputs = new ArrayList<>(List.of(ROWS, ROWS, NUMBERS, NUMBERS));
        if (hasAny(wanted, WEIGHTED)) {
            inputs.add(ONE_ROW);
        }
        return new RowLoops<>(
                inputs,
                (call, first, end, scratch, at, sums, part) ->
                        BACKWARD.run(new Backward(call, wanted, scratch, at, sums, part), first, end, call.length()));
    }

    /** A thread's share of a forward pass. */
    private static final class Forward {
        private final WholeRows<float[]> rows;
        private final float[] a;
        private final float[] w;
        private final int iw;
        private final float[] b;
        private final int ib;
        private final float[] means;
        private final int im;
        private final float[] scales;
        private final int is;
        private final float[] out;
        private final int result;
        private final float[] scratch;
        private final int at;
        private final int n;

        Forward(WholeRows<float[]> rows, boolean hasWeight, boolean hasBias, float[] scratch, int at) {
            int affine = (hasWeight ? 1 : 0) + (hasBias ? 1 : 0);
            this.rows = rows;
            a = rows.array(0);
            w = hasWeight ? rows.array(1) : rows.constantRow(1);
            iw = hasWeight ? rows.at(1, 0) : 0;
            b = hasBias ? rows.array(affine) : rows.constantRow(0);
            ib = hasBias ? rows.at(affine, 0) : 0;
            means = rows.array(affine + 1);
            im = rows.at(affine + 1, 0);
            scales = rows.array(affine + 2);
            is = rows.at(affine + 2, 0);
            result = affine + 3;
            out = rows.array(result);
            this.scratch = scratch;
            this.at = at;
            n = rows.length();
        }

        void means(int from, int to) {
            for (int o = from; o < to; o++) {
                VectorFloatFolds.sum(a, rows.at(0, o), n, scratch, at + (o - from) * L);
            }
            for (int o = from; o < to; o++) {
                means[im + o] = VectorFloatFolds.sumOfLanes(scratch, at + (o - from) * L) / (float) rows.constant(0);
            }
        }

        void scales(int from, int to) {
            for (int o = from; o < to; o++) {
                squares(a, rows.at(0, o), means[im + o], scratch, at + (o - from) * L, n);
            }
            for (int o = from; o < to; o++) {
                float variance = VectorFloatFolds.sumOfLanes(scratch, at + (o - from) * L) / (float) rows.constant(0);
                scales[is + o] = 1 / (float) Math.sqrt(variance + (float) rows.constant(1));
            }
        }

        void normalize(int from, int to) {
            for (int o = from; o < to; o += 2) {
                normalizeTwo(o, Math.min(o + 1, to - 1));
            }
        }

        /** {@code (a - m) r w + b} of two rows, which share what is read of w and b; they may be one. */
        private void normalizeTwo(int o, int o1) {
            float[] in = a;
            float[] to = out;
            float[] factors = w;
            float[] summands = b;
            int in0 = rows.at(0, o);
            int in1 = rows.at(0, o1);
            int to0 = rows.at(result, o);
            int to1 = rows.at(result, o1);
            int firstFactor = iw;
            int firstSummand = ib;
            int length = n;
            FloatVector m0 = FloatVector.broadcast(S, means[im + o]);
            FloatVector m1 = FloatVector.broadcast(S, means[im + o1]);
            FloatVector r0 = FloatVector.broadcast(S, scales[is + o]);
            FloatVector r1 = FloatVector.broadcast(S, scales[is + o1]);
            for (int i = 0; i < length; i += L) {
                FloatVector factor = at(factors, firstFactor + i);
                FloatVector summand = at(summands, firstSummand + i);
                at(in, in0 + i).sub(m0).mul(r0).fma(factor, summand).intoArray(to, to0 + i);
                at(in, in1 + i).sub(m1).mul(r1).fma(factor, summand).intoArray(to, to1 + i);
            }
        }
    }

    /** The lanes of the sum of (a - m)^2. */
    private static void squares(float[] a, int ia, float mean, float[] o, int io, int n) {
        FloatVector m = FloatVector.broadcast(S, mean);
        FloatVector r = FloatVector.zero(S);
        FloatVector r1 = r;
        FloatVector r2 = r;
        FloatVector r3 = r;
        int i = 0;
        for (; i <= n - CHAINS * L; i += CHAINS * L) {
            FloatVector d = at(a, ia + i).sub(m);
            FloatVector d1 = at(a, ia + i + L).sub(m);
            FloatVector d2 = at(a, ia + i + 2 * L).sub(m);
            FloatVector d3 = at(a, ia + i + 3 * L).sub(m);
            r = d.fma(d, r);
            r1 = d1.fma(d1, r1);
            r2 = d2.fma(d2, r2);
            r3 = d3.fma(d3, r3);
        }
        for (; i < n; i += L) {
            FloatVector d = at(a, ia + i).sub(m);
            r = d.fma(d, r);
        }
        r.add(r1).add(r2.add(r3)).intoArray(o, io);
    }

    /** A thread's share of a backward pass. */
    private static final class Backward {
        private final WholeRows<float[]> rows;
        private final float[] g;
        private final float[] a;
        private final float[] means;
        private final float[] scales;
        private final float[] w;
        private final int iw;
        private final float[] dw;
        private final int iDw;
        private final float[] db;
        private final int iDb;
        private final float[] da;
        private final int result;
        private final float[] scratch;
        private final int at;
        private final int numbersAt;
        private final int n;

        Backward(WholeRows<float[]> rows, int wanted, float[] scratch, int at, ColumnSums<float[]> sums, int part) {
            boolean isWeighted = hasAny(wanted, WEIGHTED);
            boolean sumsWeight = hasAny(wanted, WEIGHT);
            boolean sumsBias = hasAny(wanted, BIAS);
            this.rows = rows;
            g = rows.array(0);
            a = rows.array(1);
            means = rows.array(2);
            scales = rows.array(3);
            w = isWeighted ? rows.array(4) : rows.constantRow(1);
            iw = isWeighted ? rows.at(4, 0) : 0;
            dw = sumsWeight ? sums.array() : rows.constantRow(0);
            iDw = sumsWeight ? sums.at(part, 0) : 0;
            db = sumsBias ? sums.array() : rows.constantRow(0);
            iDb = sumsBias ? sums.at(part, sumsWeight ? 1 : 0) : 0;
            result = isWeighted ? 5 : 4;
            da = rows.array(result);
            this.scratch = scratch;
            this.at = at;
            numbersAt = at + 2 * MOST_ROWS * L;
            n = rows.length();
        }

        /** Leaves m, r, and the means of p and of p z of each row. */
        void numbers(int from, int to) {
            for (int o = from; o < to; o++) {
                int own = numbersAt + (o - from) * KNOWN;
                scratch[own] = means[rows.at(2, o)];
                scratch[own + 1] = scales[rows.at(3, o)];
                int lanes = at + 2 * (o - from) * L;
                sumsOfRow(g, rows.at(0, o), a, rows.at(1, o), w, iw, scratch, own, scratch, lanes, n);
            }
            for (int o = from; o < to; o++) {
                int own = numbersAt + (o - from) * KNOWN;
                int lanes = at + 2 * (o - from) * L;
                scratch[own + 2] = VectorFloatFolds.sumOfLanes(scratch, lanes) / (float) rows.constant(0);
                scratch[own + 3] = VectorFloatFolds.sumOfLanes(scratch, lanes + L) / (float) rows.constant(0);
            }
        }

        void gradients(int from, int to) {
            int o = from;
            for (; o + 1 < to; o += 2) {
                gradientsOfTwo(o, numbersAt + (o - from) * KNOWN);
            }
            if (o < to) {
                int own = numbersAt + (o - from) * KNOWN;
                int ig = rows.at(0, o);
                int ia = rows.at(1, o);
                int io = rows.at(result, o);
                VectorLayerNorm.gradients(g, ig, a, ia, w, iw, scratch, own, da, io, dw, iDw, db, iDb, n);
            }
        }

        /** Two rows, with half as many visits to the sums of columns; what is added to them comes in the order of the rows. */
        private void gradientsOfTwo(int o, int own) {
            float[] gs = g;
            float[] in = a;
            float[] to = da;
            float[] factors = w;
            float[] sumsOfGz = dw;
            float[] sumsOfG = db;
            int gs0 = rows.at(0, o);
            int gs1 = rows.at(0, o + 1);
            int in0 = rows.at(1, o);
            int in1 = rows.at(1, o + 1);
            int to0 = rows.at(result, o);
            int to1 = rows.at(result, o + 1);
            int firstFactor = iw;
            int firstOfGz = iDw;
            int firstOfG = iDb;
            int length = n;
            FloatVector m0 = FloatVector.broadcast(S, scratch[own]);
            FloatVector r0 = FloatVector.broadcast(S, scratch[own + 1]);
            FloatVector meanP0 = FloatVector.broadcast(S, scratch[own + 2]);
            FloatVector meanPz0 = FloatVector.broadcast(S, -scratch[own + 3]);
            FloatVector m1 = FloatVector.broadcast(S, scratch[own + KNOWN]);
            FloatVector r1 = FloatVector.broadcast(S, scratch[own + KNOWN + 1]);
            FloatVector meanP1 = FloatVector.broadcast(S, scratch[own + KNOWN + 2]);
            FloatVector meanPz1 = FloatVector.broadcast(S, -scratch[own + KNOWN + 3]);
            for (int i = 0; i < length; i += L) {
                FloatVector factor = at(factors, firstFactor + i);
                FloatVector g0 = at(gs, gs0 + i);
                FloatVector z0 = at(in, in0 + i).sub(m0).mul(r0);
                z0.fma(meanPz0, g0.mul(factor).sub(meanP0)).mul(r0).intoArray(to, to0 + i);
                FloatVector g1 = at(gs, gs1 + i);
                FloatVector z1 = at(in, in1 + i).sub(m1).mul(r1);
                z1.fma(meanPz1, g1.mul(factor).sub(meanP1)).mul(r1).intoArray(to, to1 + i);
                g1.fma(z1, g0.fma(z0, at(sumsOfGz, firstOfGz + i))).intoArray(sumsOfGz, firstOfGz + i);
                at(sumsOfG, firstOfG + i).add(g0).add(g1).intoArray(sumsOfG, firstOfG + i);
            }
        }
    }

    /** The lanes of the sums of p and of p z. */
    private static void sumsOfRow(
            float[] g,
            int ig,
            float[] a,
            int ia,
            float[] w,
            int iw,
            float[] numbers,
            int in,
            float[] o,
            int io,
            int n) {
        FloatVector m = FloatVector.broadcast(S, numbers[in]);
        FloatVector r = FloatVector.broadcast(S, numbers[in + 1]);
        FloatVector sum = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        FloatVector along = FloatVector.zero(S);
        FloatVector along1 = FloatVector.zero(S);
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            FloatVector p = at(g, ig + i).mul(at(w, iw + i));
            FloatVector p1 = at(g, ig + i + L).mul(at(w, iw + i + L));
            sum = sum.add(p);
            sum1 = sum1.add(p1);
            along = p.fma(at(a, ia + i).sub(m).mul(r), along);
            along1 = p1.fma(at(a, ia + i + L).sub(m).mul(r), along1);
        }
        if (i < n) {
            FloatVector p = at(g, ig + i).mul(at(w, iw + i));
            sum = sum.add(p);
            along = p.fma(at(a, ia + i).sub(m).mul(r), along);
        }
        sum.add(sum1).intoArray(o, io);
        along.add(along1).intoArray(o, io + L);
    }

    /** {@code r (p - mean p - z mean p z)}, and {@code g z} and {@code g} added to their sums. */
    private static void gradients(
            float[] g,
            int ig,
            float[] a,
            int ia,
            float[] w,
            int iw,
            float[] numbers,
            int in,
            float[] o,
            int io,
            float[] dw,
            int iDw,
            float[] db,
            int iDb,
            int n) {
        FloatVector m = FloatVector.broadcast(S, numbers[in]);
        FloatVector r = FloatVector.broadcast(S, numbers[in + 1]);
        FloatVector meanP = FloatVector.broadcast(S, numbers[in + 2]);
        FloatVector meanPz = FloatVector.broadcast(S, -numbers[in + 3]);
        for (int i = 0; i < n; i += L) {
            FloatVector x = at(g, ig + i);
            FloatVector z = at(a, ia + i).sub(m).mul(r);
            z.fma(meanPz, x.mul(at(w, iw + i)).sub(meanP)).mul(r).intoArray(o, io + i);
            x.fma(z, at(dw, iDw + i)).intoArray(dw, iDw + i);
            at(db, iDb + i).add(x).intoArray(db, iDb + i);
        }
    }
}
