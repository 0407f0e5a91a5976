package org.clgrad.backend.cpu;

import static org.clgrad.backend.cpu.RowLoops.Kind.ROWS;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.SoftmaxRows;

/**
 * {@link SoftmaxRows} on floats. The loop that takes exponentials adds them up too, and like {@link VectorMath}'s own is for numbers near 0; rows with
 * others, such as masks of -infinity, go through the longer one instead.
 */
final class VectorSoftmax {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = S.vectorShape().withLanes(int.class);
    private static final int L = S.length();
    private static final int KNOWN = 2; // numbers of a row
    private static final int MOST_ROWS = RowPasses.mostRows(L + KNOWN);

    private final RowPasses<Share> softmax =
            new RowPasses<>(MOST_ROWS, List.of(Share::largest, Share::powers, Share::products));
    private final RowPasses<Share> logSoftmax =
            new RowPasses<>(MOST_ROWS, List.of(Share::largest, Share::sumsOfPowers, Share::differences));
    private final RowPasses<Share> backward = new RowPasses<>(MOST_ROWS, List.of(Share::dots, Share::gradients));

    private final Loops.Unary<float[]> expFar = Apart.unary(VectorMath::expFar);

    private static FloatVector at(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    RowLoops<float[]> softmax() {
        return forward(softmax);
    }

    RowLoops<float[]> logSoftmax() {
        return forward(logSoftmax);
    }

    private RowLoops<float[]> forward(RowPasses<Share> passes) {
        return new RowLoops<>(
                List.of(ROWS),
                (call, first, end, scratch, at, sums, part) ->
                        passes.run(new Share(call, 1, scratch, at), first, end, call.length()));
    }

    RowLoops<float[]> backward() {
        return new RowLoops<>(
                List.of(ROWS, ROWS),
                (call, first, end, scratch, at, sums, part) ->
                        backward.run(new Share(call, 2, scratch, at), first, end, call.length()));
    }

    /** A thread's share of a call. */
    private final class Share {
        private final WholeRows<float[]> rows;
        private final float[] a; // or g
        private final float[] y; // before it is there, the result
        private final float[] out;
        private final int result;
        private final float[] scratch;
        private final int at;
        private final int numbersAt;
        private final int n;

        Share(WholeRows<float[]> rows, int inputs, float[] scratch, int at) {
            this.rows = rows;
            a = rows.array(0);
            y = rows.array(1);
            result = inputs;
            out = rows.array(result);
            this.scratch = scratch;
            this.at = at;
            numbersAt = at + MOST_ROWS * L;
            n = rows.length();
        }

        void largest(int from, int to) {
            for (int o = from; o < to; o++) {
                VectorFloatFolds.max(a, rows.at(0, o), n, scratch, at + (o - from) * L);
            }
            for (int o = from; o < to; o++) {
                scratch[numbersAt + KNOWN * (o - from)] = FloatLoops.maxInChains(scratch, at + (o - from) * L, L);
            }
        }

        /** Leaves the powers in the result, and the reciprocal of their sum. */
        void powers(int from, int to) {
            for (int o = from; o < to; o++) {
                float max = scratch[numbersAt + KNOWN * (o - from)];
                int io = rows.at(result, o);
                int lanes = at + (o - from) * L;
                if (!VectorSoftmax.powers(a, rows.at(0, o), max, out, io, scratch, lanes, n)) {
                    farPowers(o, max, lanes);
                }
            }
            for (int o = from; o < to; o++) {
                scratch[numbersAt + KNOWN * (o - from) + 1] =
                        1 / VectorFloatFolds.sumOfLanes(scratch, at + (o - from) * L);
            }
        }

        /** Leaves the logarithm of their sum. */
        void sumsOfPowers(int from, int to) {
            for (int o = from; o < to; o++) {
                float max = scratch[numbersAt + KNOWN * (o - from)];
                int lanes = at + (o - from) * L;
                if (!VectorSoftmax.sumOfPowers(a, rows.at(0, o), max, scratch, lanes, n)) {
                    farPowers(o, max, lanes);
                }
            }
            for (int o = from; o < to; o++) {
                scratch[numbersAt + KNOWN * (o - from) + 1] =
                        (float) Math.log(VectorFloatFolds.sumOfLanes(scratch, at + (o - from) * L));
            }
        }

        /** The powers of any numbers, in the result, and the lanes of their sum. */
        private void farPowers(int o, float max, int lanes) {
            int io = rows.at(result, o);
            VectorSoftmax.differences(a, rows.at(0, o), max, 0, out, io, n);
            expFar.run(out, io, out, io, n);
            VectorFloatFolds.sum(out, io, n, scratch, lanes);
        }

        void products(int from, int to) {
            for (int o = from; o < to; o++) {
                VectorSoftmax.products(out, rows.at(result, o), scratch[numbersAt + KNOWN * (o - from) + 1], n);
            }
        }

        void differences(int from, int to) {
            for (int o = from; o < to; o++) {
                int own = numbersAt + KNOWN * (o - from);
                VectorSoftmax.differences(a, rows.at(0, o), scratch[own], scratch[own + 1], out, rows.at(result, o), n);
            }
        }

        void dots(int from, int to) {
            for (int o = from; o < to; o++) {
                dot(a, rows.at(0, o), y, rows.at(1, o), scratch, at + (o - from) * L, n);
            }
            for (int o = from; o < to; o++) {
                scratch[numbersAt + o - from] = VectorFloatFolds.sumOfLanes(scratch, at + (o - from) * L);
            }
        }

        void gradients(int from, int to) {
            for (int o = from; o < to; o++) {
                float dot = scratch[numbersAt + o - from];
                VectorSoftmax.gradients(a, rows.at(0, o), y, rows.at(1, o), dot, out, rows.at(result, o), n);
            }
        }
    }

    /** e^(a - max), and the lanes of the sum; false if some number was too far from 0. */
    private static boolean powers(float[] a, int ia, float max, float[] o, int io, float[] lanes, int il, int n) {
        FloatVector m = FloatVector.broadcast(S, max);
        FloatVector sum = FloatVector.zero(S);
        IntVector farthest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            FloatVector d = at(a, ia + i).sub(m);
            farthest = farthest.max(d.abs().reinterpretAsInts());
            FloatVector p = VectorMath.expOfNear(d);
            p.intoArray(o, io + i);
            sum = sum.add(p);
        }
        sum.intoArray(lanes, il);
        return VectorMath.areNear(farthest);
    }

    /** The same without the powers themselves. */
    private static boolean sumOfPowers(float[] a, int ia, float max, float[] lanes, int il, int n) {
        FloatVector m = FloatVector.broadcast(S, max);
        FloatVector sum = FloatVector.zero(S);
        IntVector farthest = IntVector.zero(INTS);
        for (int i = 0; i < n; i += L) {
            FloatVector d = at(a, ia + i).sub(m);
            farthest = farthest.max(d.abs().reinterpretAsInts());
            sum = sum.add(VectorMath.expOfNear(d));
        }
        sum.intoArray(lanes, il);
        return VectorMath.areNear(farthest);
    }

    private static void products(float[] o, int io, float factor, int n) {
        FloatVector f = FloatVector.broadcast(S, factor);
        for (int i = 0; i < n; i += L) {
            at(o, io + i).mul(f).intoArray(o, io + i);
        }
    }

    private static void differences(float[] a, int ia, float max, float log, float[] o, int io, int n) {
        FloatVector m = FloatVector.broadcast(S, max);
        FloatVector l = FloatVector.broadcast(S, log);
        for (int i = 0; i < n; i += L) {
            at(a, ia + i).sub(m).sub(l).intoArray(o, io + i);
        }
    }

    /** The lanes of sum g y. */
    private static void dot(float[] g, int ig, float[] y, int iy, float[] o, int io, int n) {
        FloatVector r = FloatVector.zero(S);
        FloatVector r1 = r;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            r = at(g, ig + i).fma(at(y, iy + i), r);
            r1 = at(g, ig + i + L).fma(at(y, iy + i + L), r1);
        }
        if (i < n) {
            r = at(g, ig + i).fma(at(y, iy + i), r);
        }
        r.add(r1).intoArray(o, io);
    }

    /** {@code y (g - dot)}. */
    private static void gradients(float[] g, int ig, float[] y, int iy, float dot, float[] o, int io, int n) {
        FloatVector d = FloatVector.broadcast(S, dot);
        for (int i = 0; i < n; i += L) {
            at(y, iy + i).mul(at(g, ig + i).sub(d)).intoArray(o, io + i);
        }
    }
}
