package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/**
 * Tiles of 12 rows by 2 vectors over a packed panel of b: what nearly all time of a large product goes to. The 24 sums fit into the 32
 * registers of AVX-512 and NEON. Every index is a constant times the loop's variable, so that the compiler checks bounds once, in front
 * of the loop. Where each row has an address of its own, two steps of k share them; where rows are packed there is one address, and two
 * steps at once would only run out of registers. Long, since a loop is only that good if all of this is written out.
 */
final class VectorPanel {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Rows of a tile. */
    static final int ROWS = 12;

    private VectorPanel() {}

    /** Whether there is a tile for these: b's panel is packed, two vectors wide, and a in either of two ways. */
    static boolean fits(Matrix<float[]> a, Matrix<float[]> b, int rows, int vectors) {
        return rows == ROWS
                && vectors == 2
                && b.row() == 2 * L
                && (a.column() == 1 || a.row() == 1 && a.column() == ROWS);
    }

    /**
     * c += a x b, or c = a x b with {@code first}.
     *
     * @param k even
     */
    static void run(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int k, boolean first) {
        if (a.column() == 1) {
            inPlace(a, b, c, k, first);
        } else {
            packed(a, b, c, k, first);
        }
    }

    /** a's rows lie as they are: x[row * r + p]. */
    private static void inPlace(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int k, boolean first) {
        float[] x = a.array();
        float[] y = b.array();
        float[] z = c.array();
        int ld = c.row();
        int w0 = c.offset();
        int w1 = w0 + ld;
        int w2 = w1 + ld;
        int w3 = w2 + ld;
        int w4 = w3 + ld;
        int w5 = w4 + ld;
        int w6 = w5 + ld;
        int w7 = w6 + ld;
        int w8 = w7 + ld;
        int w9 = w8 + ld;
        int w10 = w9 + ld;
        int w11 = w10 + ld;
        FloatVector zero = FloatVector.zero(S);
        FloatVector ca0 = first ? zero : FloatVector.fromArray(S, z, w0);
        FloatVector ca1 = first ? zero : FloatVector.fromArray(S, z, w0 + L);
        FloatVector cb0 = first ? zero : FloatVector.fromArray(S, z, w1);
        FloatVector cb1 = first ? zero : FloatVector.fromArray(S, z, w1 + L);
        FloatVector cc0 = first ? zero : FloatVector.fromArray(S, z, w2);
        FloatVector cc1 = first ? zero : FloatVector.fromArray(S, z, w2 + L);
        FloatVector cd0 = first ? zero : FloatVector.fromArray(S, z, w3);
        FloatVector cd1 = first ? zero : FloatVector.fromArray(S, z, w3 + L);
        FloatVector ce0 = first ? zero : FloatVector.fromArray(S, z, w4);
        FloatVector ce1 = first ? zero : FloatVector.fromArray(S, z, w4 + L);
        FloatVector cf0 = first ? zero : FloatVector.fromArray(S, z, w5);
        FloatVector cf1 = first ? zero : FloatVector.fromArray(S, z, w5 + L);
        FloatVector cg0 = first ? zero : FloatVector.fromArray(S, z, w6);
        FloatVector cg1 = first ? zero : FloatVector.fromArray(S, z, w6 + L);
        FloatVector ch0 = first ? zero : FloatVector.fromArray(S, z, w7);
        FloatVector ch1 = first ? zero : FloatVector.fromArray(S, z, w7 + L);
        FloatVector ci0 = first ? zero : FloatVector.fromArray(S, z, w8);
        FloatVector ci1 = first ? zero : FloatVector.fromArray(S, z, w8 + L);
        FloatVector cj0 = first ? zero : FloatVector.fromArray(S, z, w9);
        FloatVector cj1 = first ? zero : FloatVector.fromArray(S, z, w9 + L);
        FloatVector ck0 = first ? zero : FloatVector.fromArray(S, z, w10);
        FloatVector ck1 = first ? zero : FloatVector.fromArray(S, z, w10 + L);
        FloatVector cl0 = first ? zero : FloatVector.fromArray(S, z, w11);
        FloatVector cl1 = first ? zero : FloatVector.fromArray(S, z, w11 + L);
        int q0 = a.offset();
        int q1 = q0 + a.row();
        int q2 = q1 + a.row();
        int q3 = q2 + a.row();
        int q4 = q3 + a.row();
        int q5 = q4 + a.row();
        int q6 = q5 + a.row();
        int q7 = q6 + a.row();
        int q8 = q7 + a.row();
        int q9 = q8 + a.row();
        int q10 = q9 + a.row();
        int q11 = q10 + a.row();
        int v = b.offset();
        for (int p = 0; p < k; p += 2) {
            FloatVector b0 = FloatVector.fromArray(S, y, v + p * (2 * L));
            FloatVector b1 = FloatVector.fromArray(S, y, v + p * (2 * L) + L);
            FloatVector e = FloatVector.broadcast(S, x[q0 + p]);
            ca0 = e.fma(b0, ca0);
            ca1 = e.fma(b1, ca1);
            e = FloatVector.broadcast(S, x[q1 + p]);
            cb0 = e.fma(b0, cb0);
            cb1 = e.fma(b1, cb1);
            e = FloatVector.broadcast(S, x[q2 + p]);
            cc0 = e.fma(b0, cc0);
            cc1 = e.fma(b1, cc1);
            e = FloatVector.broadcast(S, x[q3 + p]);
            cd0 = e.fma(b0, cd0);
            cd1 = e.fma(b1, cd1);
            e = FloatVector.broadcast(S, x[q4 + p]);
            ce0 = e.fma(b0, ce0);
            ce1 = e.fma(b1, ce1);
            e = FloatVector.broadcast(S, x[q5 + p]);
            cf0 = e.fma(b0, cf0);
            cf1 = e.fma(b1, cf1);
            e = FloatVector.broadcast(S, x[q6 + p]);
            cg0 = e.fma(b0, cg0);
            cg1 = e.fma(b1, cg1);
            e = FloatVector.broadcast(S, x[q7 + p]);
            ch0 = e.fma(b0, ch0);
            ch1 = e.fma(b1, ch1);
            e = FloatVector.broadcast(S, x[q8 + p]);
            ci0 = e.fma(b0, ci0);
            ci1 = e.fma(b1, ci1);
            e = FloatVector.broadcast(S, x[q9 + p]);
            cj0 = e.fma(b0, cj0);
            cj1 = e.fma(b1, cj1);
            e = FloatVector.broadcast(S, x[q10 + p]);
            ck0 = e.fma(b0, ck0);
            ck1 = e.fma(b1, ck1);
            e = FloatVector.broadcast(S, x[q11 + p]);
            cl0 = e.fma(b0, cl0);
            cl1 = e.fma(b1, cl1);
            b0 = FloatVector.fromArray(S, y, v + p * (2 * L) + 2 * L);
            b1 = FloatVector.fromArray(S, y, v + p * (2 * L) + 3 * L);
            e = FloatVector.broadcast(S, x[q0 + p + 1]);
            ca0 = e.fma(b0, ca0);
            ca1 = e.fma(b1, ca1);
            e = FloatVector.broadcast(S, x[q1 + p + 1]);
            cb0 = e.fma(b0, cb0);
            cb1 = e.fma(b1, cb1);
            e = FloatVector.broadcast(S, x[q2 + p + 1]);
            cc0 = e.fma(b0, cc0);
            cc1 = e.fma(b1, cc1);
            e = FloatVector.broadcast(S, x[q3 + p + 1]);
            cd0 = e.fma(b0, cd0);
            cd1 = e.fma(b1, cd1);
            e = FloatVector.broadcast(S, x[q4 + p + 1]);
            ce0 = e.fma(b0, ce0);
            ce1 = e.fma(b1, ce1);
            e = FloatVector.broadcast(S, x[q5 + p + 1]);
            cf0 = e.fma(b0, cf0);
            cf1 = e.fma(b1, cf1);
            e = FloatVector.broadcast(S, x[q6 + p + 1]);
            cg0 = e.fma(b0, cg0);
            cg1 = e.fma(b1, cg1);
            e = FloatVector.broadcast(S, x[q7 + p + 1]);
            ch0 = e.fma(b0, ch0);
            ch1 = e.fma(b1, ch1);
            e = FloatVector.broadcast(S, x[q8 + p + 1]);
            ci0 = e.fma(b0, ci0);
            ci1 = e.fma(b1, ci1);
            e = FloatVector.broadcast(S, x[q9 + p + 1]);
            cj0 = e.fma(b0, cj0);
            cj1 = e.fma(b1, cj1);
            e = FloatVector.broadcast(S, x[q10 + p + 1]);
            ck0 = e.fma(b0, ck0);
            ck1 = e.fma(b1, ck1);
            e = FloatVector.broadcast(S, x[q11 + p + 1]);
            cl0 = e.fma(b0, cl0);
            cl1 = e.fma(b1, cl1);
        }
        ca0.intoArray(z, w0);
        ca1.intoArray(z, w0 + L);
        cb0.intoArray(z, w1);
        cb1.intoArray(z, w1 + L);
        cc0.intoArray(z, w2);
        cc1.intoArray(z, w2 + L);
        cd0.intoArray(z, w3);
        cd1.intoArray(z, w3 + L);
        ce0.intoArray(z, w4);
        ce1.intoArray(z, w4 + L);
        cf0.intoArray(z, w5);
        cf1.intoArray(z, w5 + L);
        cg0.intoArray(z, w6);
        cg1.intoArray(z, w6 + L);
        ch0.intoArray(z, w7);
        ch1.intoArray(z, w7 + L);
        ci0.intoArray(z, w8);
        ci1.intoArray(z, w8 + L);
        cj0.intoArray(z, w9);
        cj1.intoArray(z, w9 + L);
        ck0.intoArray(z, w10);
        ck1.intoArray(z, w10 + L);
        cl0.intoArray(z, w11);
        cl1.intoArray(z, w11 + L);
    }

    /** a's rows lie side by side: x[12 * p + r]. */
    private static void packed(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int k, boolean first) {
        float[] x = a.array();
        float[] y = b.array();
        float[] z = c.array();
        int ld = c.row();
        int w0 = c.offset();
        int w1 = w0 + ld;
        int w2 = w1 + ld;
        int w3 = w2 + ld;
        int w4 = w3 + ld;
        int w5 = w4 + ld;
        int w6 = w5 + ld;
        int w7 = w6 + ld;
        int w8 = w7 + ld;
        int w9 = w8 + ld;
        int w10 = w9 + ld;
        int w11 = w10 + ld;
        FloatVector zero = FloatVector.zero(S);
        FloatVector ca0 = first ? zero : FloatVector.fromArray(S, z, w0);
        FloatVector ca1 = first ? zero : FloatVector.fromArray(S, z, w0 + L);
        FloatVector cb0 = first ? zero : FloatVector.fromArray(S, z, w1);
        FloatVector cb1 = first ? zero : FloatVector.fromArray(S, z, w1 + L);
        FloatVector cc0 = first ? zero : FloatVector.fromArray(S, z, w2);
        FloatVector cc1 = first ? zero : FloatVector.fromArray(S, z, w2 + L);
        FloatVector cd0 = first ? zero : FloatVector.fromArray(S, z, w3);
        FloatVector cd1 = first ? zero : FloatVector.fromArray(S, z, w3 + L);
        FloatVector ce0 = first ? zero : FloatVector.fromArray(S, z, w4);
        FloatVector ce1 = first ? zero : FloatVector.fromArray(S, z, w4 + L);
        FloatVector cf0 = first ? zero : FloatVector.fromArray(S, z, w5);
        FloatVector cf1 = first ? zero : FloatVector.fromArray(S, z, w5 + L);
        FloatVector cg0 = first ? zero : FloatVector.fromArray(S, z, w6);
        FloatVector cg1 = first ? zero : FloatVector.fromArray(S, z, w6 + L);
        FloatVector ch0 = first ? zero : FloatVector.fromArray(S, z, w7);
        FloatVector ch1 = first ? zero : FloatVector.fromArray(S, z, w7 + L);
        FloatVector ci0 = first ? zero : FloatVector.fromArray(S, z, w8);
        FloatVector ci1 = first ? zero : FloatVector.fromArray(S, z, w8 + L);
        FloatVector cj0 = first ? zero : FloatVector.fromArray(S, z, w9);
        FloatVector cj1 = first ? zero : FloatVector.fromArray(S, z, w9 + L);
        FloatVector ck0 = first ? zero : FloatVector.fromArray(S, z, w10);
        FloatVector ck1 = first ? zero : FloatVector.fromArray(S, z, w10 + L);
        FloatVector cl0 = first ? zero : FloatVector.fromArray(S, z, w11);
        FloatVector cl1 = first ? zero : FloatVector.fromArray(S, z, w11 + L);
        int q = a.offset();
        int v = b.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v + p * (2 * L));
            FloatVector b1 = FloatVector.fromArray(S, y, v + p * (2 * L) + L);
            FloatVector e = FloatVector.broadcast(S, x[q + p * ROWS]);
            ca0 = e.fma(b0, ca0);
            ca1 = e.fma(b1, ca1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 1]);
            cb0 = e.fma(b0, cb0);
            cb1 = e.fma(b1, cb1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 2]);
            cc0 = e.fma(b0, cc0);
            cc1 = e.fma(b1, cc1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 3]);
            cd0 = e.fma(b0, cd0);
            cd1 = e.fma(b1, cd1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 4]);
            ce0 = e.fma(b0, ce0);
            ce1 = e.fma(b1, ce1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 5]);
            cf0 = e.fma(b0, cf0);
            cf1 = e.fma(b1, cf1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 6]);
            cg0 = e.fma(b0, cg0);
            cg1 = e.fma(b1, cg1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 7]);
            ch0 = e.fma(b0, ch0);
            ch1 = e.fma(b1, ch1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 8]);
            ci0 = e.fma(b0, ci0);
            ci1 = e.fma(b1, ci1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 9]);
            cj0 = e.fma(b0, cj0);
            cj1 = e.fma(b1, cj1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 10]);
            ck0 = e.fma(b0, ck0);
            ck1 = e.fma(b1, ck1);
            e = FloatVector.broadcast(S, x[q + p * ROWS + 11]);
            cl0 = e.fma(b0, cl0);
            cl1 = e.fma(b1, cl1);
        }
        ca0.intoArray(z, w0);
        ca1.intoArray(z, w0 + L);
        cb0.intoArray(z, w1);
        cb1.intoArray(z, w1 + L);
        cc0.intoArray(z, w2);
        cc1.intoArray(z, w2 + L);
        cd0.intoArray(z, w3);
        cd1.intoArray(z, w3 + L);
        ce0.intoArray(z, w4);
        ce1.intoArray(z, w4 + L);
        cf0.intoArray(z, w5);
        cf1.intoArray(z, w5 + L);
        cg0.intoArray(z, w6);
        cg1.intoArray(z, w6 + L);
        ch0.intoArray(z, w7);
        ch1.intoArray(z, w7 + L);
        ci0.intoArray(z, w8);
        ci1.intoArray(z, w8 + L);
        cj0.intoArray(z, w9);
        cj1.intoArray(z, w9 + L);
        ck0.intoArray(z, w10);
        ck1.intoArray(z, w10 + L);
        cl0.intoArray(z, w11);
        cl1.intoArray(z, w11 + L);
    }
}
