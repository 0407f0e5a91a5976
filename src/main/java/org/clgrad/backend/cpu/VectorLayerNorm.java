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
import org.clgrad.backend.Reduction;
import org.clgrad.backend.cpu.RowLoops.Kind;

/**
 * {@link LayerNormRows} on floats. A few rows at a time, which stay in the nearest cache, go through three loops forward and two
 * backward; numbers of rows are single numbers. Sums of lanes wait until there is one of every row, so that adding up one need not wait for the
 * other.
 */
final class VectorLayerNorm {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int CACHED = 1 << 11; // elements of the rows that are near at one time
    private static final int KNOWN = 4; // numbers of a row that the backward pass needs
    private static final int MOST_ROWS =
            Math.min(16, Frame.BLOCK / (2 * L + KNOWN)); // whose lanes and numbers are scratch

    private VectorLayerNorm() {}

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    private static int together(int length) {
        return Math.max(1, Math.min(MOST_ROWS, CACHED / length));
    }

    static RowLoops<float[]> forward(boolean hasWeight, boolean hasBias) {
        List<Kind> inputs = new ArrayList<>(List.of(ROWS));
        inputs.addAll(Collections.nCopies((hasWeight ? 1 : 0) + (hasBias ? 1 : 0), ONE_ROW));
        return new RowLoops<>(
                inputs,
                (call, first, end, scratch, at, sums, part) ->
                        forward(call, first, end, hasWeight, hasBias, scratch, at));
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
                        backward(call, first, end, wanted, scratch, at, sums, part));
    }

    private static void forward(
            WholeRows<float[]> rows, int first, int end, boolean hasWeight, boolean hasBias, float[] scratch, int at) {
        int affine = (hasWeight ? 1 : 0) + (hasBias ? 1 : 0);
        int means = affine + 1;
        int scales = affine + 2;
        int result = affine + 3;
        float[] w = hasWeight ? rows.array(1) : rows.constantRow(1);
        int iw = hasWeight ? rows.at(1, 0) : 0;
        float[] b = hasBias ? rows.array(affine) : rows.constantRow(0);
        int ib = hasBias ? rows.at(affine, 0) : 0;
        int together = together(rows.length());
        for (int from = first; from < end; from += together) {
            int to = Math.min(end, from + together);
            means(rows, from, to, scratch, at, rows.array(means), rows.at(means, from));
            scales(
                    rows,
                    from,
                    to,
                    rows.array(means),
                    rows.at(means, from),
                    scratch,
                    at,
                    rows.array(scales),
                    rows.at(scales, from));
            for (int o = from; o < to; o++) {
                float m = rows.array(means)[rows.at(means, o)];
                float r = rows.array(scales)[rows.at(scales, o)];
                normalize(
                        rows.array(0),
                        rows.at(0, o),
                        m,
                        r,
                        w,
                        iw,
                        b,
                        ib,
                        rows.array(result),
                        rows.at(result, o),
                        rows.length());
            }
        }
    }

    private static void means(
            WholeRows<float[]> rows, int from, int to, float[] scratch, int at, float[] means, int im) {
        for (int o = from; o < to; o++) {
            VectorFloatFolds.toLanes(
                    Reduction.SUM, rows.array(0), rows.at(0, o), rows.length(), scratch, at + (o - from) * L);
        }
        for (int o = from; o < to; o++) {
            means[im + o - from] = sumOfLanes(scratch, at + (o - from) * L) / (float) rows.constant(0);
        }
    }

    private static void scales(
            WholeRows<float[]> rows,
            int from,
            int to,
            float[] means,
            int im,
            float[] scratch,
            int at,
            float[] scales,
            int is) {
        for (int o = from; o < to; o++) {
            squares(rows.array(0), rows.at(0, o), means[im + o - from], scratch, at + (o - from) * L, rows.length());
        }
        for (int o = from; o < to; o++) {
            float variance = sumOfLanes(scratch, at + (o - from) * L) / (float) rows.constant(0);
            scales[is + o - from] = 1 / (float) Math.sqrt(variance + (float) rows.constant(1));
        }
    }

    private static float sumOfLanes(float[] lanes, int at) {
        return FloatLoops.sumInChains(lanes, at, L);
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

    /** {@code (a - m) r w + b}. */
    static void normalize(
            float[] a,
            int ia,
            float mean,
            float scale,
            float[] w,
            int iw,
            float[] b,
            int ib,
            float[] o,
            int io,
            int n) {
        FloatVector m = FloatVector.broadcast(S, mean);
        FloatVector r = FloatVector.broadcast(S, scale);
        for (int i = 0; i < n; i += L) {
            at(a, ia + i).sub(m).mul(r).fma(at(w, iw + i), at(b, ib + i)).intoArray(o, io + i);
        }
    }

    private static void backward(
            WholeRows<float[]> rows,
            int first,
            int end,
            int wanted,
            float[] scratch,
            int at,
            ColumnSums<float[]> sums,
            int part) {
        int n = rows.length();
        boolean isWeighted = hasAny(wanted, WEIGHTED);
        boolean sumsWeight = hasAny(wanted, WEIGHT);
        boolean sumsBias = hasAny(wanted, BIAS);
        float[] w = isWeighted ? rows.array(4) : rows.constantRow(1);
        int iw = isWeighted ? rows.at(4, 0) : 0;
        float[] dw = sumsWeight ? sums.array() : rows.constantRow(0);
        int iDw = sumsWeight ? sums.at(part, 0) : 0;
        float[] db = sumsBias ? sums.array() : rows.constantRow(0);
        int iDb = sumsBias ? sums.at(part, sumsWeight ? 1 : 0) : 0;
        int result = isWeighted ? 5 : 4;
        int numbersAt = at + 2 * MOST_ROWS * L;
        int together = together(n);
        for (int from = first; from < end; from += together) {
            int to = Math.min(end, from + together);
            numbers(rows, from, to, w, iw, scratch, at, numbersAt);
            for (int o = from; o < to; o++) {
                gradients(
                        rows.array(0),
                        rows.at(0, o),
                        rows.array(1),
                        rows.at(1, o),
                        w,
                        iw,
                        scratch,
                        numbersAt + (o - from) * KNOWN,
                        rows.array(result),
                        rows.at(result, o),
                        dw,
                        iDw,
                        db,
                        iDb,
                        n);
            }
        }
    }

    /** Leaves m, r, and the means of p and of p z of each row. */
    private static void numbers(
            WholeRows<float[]> rows, int from, int to, float[] w, int iw, float[] scratch, int at, int numbersAt) {
        for (int o = from; o < to; o++) {
            int own = numbersAt + (o - from) * KNOWN;
            scratch[own] = rows.array(2)[rows.at(2, o)];
            scratch[own + 1] = rows.array(3)[rows.at(3, o)];
            sumsOfRow(
                    rows.array(0),
                    rows.at(0, o),
                    rows.array(1),
                    rows.at(1, o),
                    w,
                    iw,
                    scratch,
                    own,
                    scratch,
                    at + 2 * (o - from) * L,
                    rows.length());
        }
        for (int o = from; o < to; o++) {
            int own = numbersAt + (o - from) * KNOWN;
            int lanes = at + 2 * (o - from) * L;
            scratch[own + 2] = sumOfLanes(scratch, lanes) / (float) rows.constant(0);
            scratch[own + 3] = sumOfLanes(scratch, lanes + L) / (float) rows.constant(0);
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
