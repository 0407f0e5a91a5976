package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/**
 * Whole tiles of 8 rows over a packed panel of b: what nearly all time of a large product goes to. They compute what {@link VectorTile8}
 * does; but every index is a constant times the loop's variable, so that the compiler checks bounds once, in front of the loop. Long, since
 * a loop is only that good if all of this is written out.
 */
final class VectorPanel8 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorPanel8() {}

    /** Whether there is a tile for these: b's panel is packed, {@code vectors} wide, and a in either of two ways. */
    static boolean fits(Matrix<float[]> a, Matrix<float[]> b, int rows, int vectors) {
        return rows == 8
                && (vectors == 3 || vectors == 2)
                && b.row() == vectors * L
                && (a.column() == 1 || a.row() == 1 && a.column() == VectorTile.ROWS);
    }

    /** c += a x b. */
    static void run(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int vectors, int k, boolean first) {
        if (a.column() == 1) {
            if (vectors == 3) {
                rows3(a, b, c, k, first);
            } else {
                rows2(a, b, c, k, first);
            }
        } else if (vectors == 3) {
            packed3(a, b, c, k, first);
        } else {
            packed2(a, b, c, k, first);
        }
    }

    /** 8 rows by 3 vectors; a's rows lie as they are: x[row * r + p]. */
    private static void rows3(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int k, boolean first) {
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
        FloatVector c00 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0);
        FloatVector c01 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0 + L);
        FloatVector c02 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0 + 2 * L);
        FloatVector c10 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1);
        FloatVector c11 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1 + L);
        FloatVector c12 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1 + 2 * L);
        FloatVector c20 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2);
        FloatVector c21 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2 + L);
        FloatVector c22 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2 + 2 * L);
        FloatVector c30 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3);
        FloatVector c31 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3 + L);
        FloatVector c32 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3 + 2 * L);
        FloatVector c40 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4);
        FloatVector c41 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4 + L);
        FloatVector c42 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4 + 2 * L);
        FloatVector c50 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5);
        FloatVector c51 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5 + L);
        FloatVector c52 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5 + 2 * L);
        FloatVector c60 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6);
        FloatVector c61 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6 + L);
        FloatVector c62 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6 + 2 * L);
        FloatVector c70 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7);
        FloatVector c71 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7 + L);
        FloatVector c72 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7 + 2 * L);
        int q0 = a.offset();
        int q1 = q0 + a.row();
        int q2 = q1 + a.row();
        int q3 = q2 + a.row();
        int q4 = q3 + a.row();
        int q5 = q4 + a.row();
        int q6 = q5 + a.row();
        int q7 = q6 + a.row();
        int v = b.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v + p * (3 * L));
            FloatVector b1 = FloatVector.fromArray(S, y, v + p * (3 * L) + L);
            FloatVector b2 = FloatVector.fromArray(S, y, v + p * (3 * L) + 2 * L);
            FloatVector e = FloatVector.broadcast(S, x[q0 + p]);
            c00 = e.fma(b0, c00);
            c01 = e.fma(b1, c01);
            c02 = e.fma(b2, c02);
            e = FloatVector.broadcast(S, x[q1 + p]);
            c10 = e.fma(b0, c10);
            c11 = e.fma(b1, c11);
            c12 = e.fma(b2, c12);
            e = FloatVector.broadcast(S, x[q2 + p]);
            c20 = e.fma(b0, c20);
            c21 = e.fma(b1, c21);
            c22 = e.fma(b2, c22);
            e = FloatVector.broadcast(S, x[q3 + p]);
            c30 = e.fma(b0, c30);
            c31 = e.fma(b1, c31);
            c32 = e.fma(b2, c32);
            e = FloatVector.broadcast(S, x[q4 + p]);
            c40 = e.fma(b0, c40);
            c41 = e.fma(b1, c41);
            c42 = e.fma(b2, c42);
            e = FloatVector.broadcast(S, x[q5 + p]);
            c50 = e.fma(b0, c50);
            c51 = e.fma(b1, c51);
            c52 = e.fma(b2, c52);
            e = FloatVector.broadcast(S, x[q6 + p]);
            c60 = e.fma(b0, c60);
            c61 = e.fma(b1, c61);
            c62 = e.fma(b2, c62);
            e = FloatVector.broadcast(S, x[q7 + p]);
            c70 = e.fma(b0, c70);
            c71 = e.fma(b1, c71);
            c72 = e.fma(b2, c72);
        }
        c00.intoArray(z, w0);
        c01.intoArray(z, w0 + L);
        c02.intoArray(z, w0 + 2 * L);
        c10.intoArray(z, w1);
        c11.intoArray(z, w1 + L);
        c12.intoArray(z, w1 + 2 * L);
        c20.intoArray(z, w2);
        c21.intoArray(z, w2 + L);
        c22.intoArray(z, w2 + 2 * L);
        c30.intoArray(z, w3);
        c31.intoArray(z, w3 + L);
        c32.intoArray(z, w3 + 2 * L);
        c40.intoArray(z, w4);
        c41.intoArray(z, w4 + L);
        c42.intoArray(z, w4 + 2 * L);
        c50.intoArray(z, w5);
        c51.intoArray(z, w5 + L);
        c52.intoArray(z, w5 + 2 * L);
        c60.intoArray(z, w6);
        c61.intoArray(z, w6 + L);
        c62.intoArray(z, w6 + 2 * L);
        c70.intoArray(z, w7);
        c71.intoArray(z, w7 + L);
        c72.intoArray(z, w7 + 2 * L);
    }

    /** 8 rows by 3 vectors; a is packed, its rows side by side: x[8 * p + r]. */
    private static void packed3(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int k, boolean first) {
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
        FloatVector c00 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0);
        FloatVector c01 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0 + L);
        FloatVector c02 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0 + 2 * L);
        FloatVector c10 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1);
        FloatVector c11 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1 + L);
        FloatVector c12 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1 + 2 * L);
        FloatVector c20 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2);
        FloatVector c21 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2 + L);
        FloatVector c22 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2 + 2 * L);
        FloatVector c30 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3);
        FloatVector c31 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3 + L);
        FloatVector c32 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3 + 2 * L);
        FloatVector c40 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4);
        FloatVector c41 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4 + L);
        FloatVector c42 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4 + 2 * L);
        FloatVector c50 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5);
        FloatVector c51 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5 + L);
        FloatVector c52 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5 + 2 * L);
        FloatVector c60 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6);
        FloatVector c61 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6 + L);
        FloatVector c62 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6 + 2 * L);
        FloatVector c70 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7);
        FloatVector c71 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7 + L);
        FloatVector c72 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7 + 2 * L);
        int q = a.offset();
        int v = b.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v + p * (3 * L));
            FloatVector b1 = FloatVector.fromArray(S, y, v + p * (3 * L) + L);
            FloatVector b2 = FloatVector.fromArray(S, y, v + p * (3 * L) + 2 * L);
            FloatVector e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS]);
            c00 = e.fma(b0, c00);
            c01 = e.fma(b1, c01);
            c02 = e.fma(b2, c02);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 1]);
            c10 = e.fma(b0, c10);
            c11 = e.fma(b1, c11);
            c12 = e.fma(b2, c12);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 2]);
            c20 = e.fma(b0, c20);
            c21 = e.fma(b1, c21);
            c22 = e.fma(b2, c22);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 3]);
            c30 = e.fma(b0, c30);
            c31 = e.fma(b1, c31);
            c32 = e.fma(b2, c32);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 4]);
            c40 = e.fma(b0, c40);
            c41 = e.fma(b1, c41);
            c42 = e.fma(b2, c42);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 5]);
            c50 = e.fma(b0, c50);
            c51 = e.fma(b1, c51);
            c52 = e.fma(b2, c52);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 6]);
            c60 = e.fma(b0, c60);
            c61 = e.fma(b1, c61);
            c62 = e.fma(b2, c62);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 7]);
            c70 = e.fma(b0, c70);
            c71 = e.fma(b1, c71);
            c72 = e.fma(b2, c72);
        }
        c00.intoArray(z, w0);
        c01.intoArray(z, w0 + L);
        c02.intoArray(z, w0 + 2 * L);
        c10.intoArray(z, w1);
        c11.intoArray(z, w1 + L);
        c12.intoArray(z, w1 + 2 * L);
        c20.intoArray(z, w2);
        c21.intoArray(z, w2 + L);
        c22.intoArray(z, w2 + 2 * L);
        c30.intoArray(z, w3);
        c31.intoArray(z, w3 + L);
        c32.intoArray(z, w3 + 2 * L);
        c40.intoArray(z, w4);
        c41.intoArray(z, w4 + L);
        c42.intoArray(z, w4 + 2 * L);
        c50.intoArray(z, w5);
        c51.intoArray(z, w5 + L);
        c52.intoArray(z, w5 + 2 * L);
        c60.intoArray(z, w6);
        c61.intoArray(z, w6 + L);
        c62.intoArray(z, w6 + 2 * L);
        c70.intoArray(z, w7);
        c71.intoArray(z, w7 + L);
        c72.intoArray(z, w7 + 2 * L);
    }

    /** 8 rows by 2 vectors; a's rows lie as they are: x[row * r + p]. */
    private static void rows2(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int k, boolean first) {
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
        FloatVector c00 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0);
        FloatVector c01 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0 + L);
        FloatVector c10 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1);
        FloatVector c11 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1 + L);
        FloatVector c20 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2);
        FloatVector c21 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2 + L);
        FloatVector c30 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3);
        FloatVector c31 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3 + L);
        FloatVector c40 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4);
        FloatVector c41 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4 + L);
        FloatVector c50 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5);
        FloatVector c51 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5 + L);
        FloatVector c60 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6);
        FloatVector c61 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6 + L);
        FloatVector c70 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7);
        FloatVector c71 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7 + L);
        int q0 = a.offset();
        int q1 = q0 + a.row();
        int q2 = q1 + a.row();
        int q3 = q2 + a.row();
        int q4 = q3 + a.row();
        int q5 = q4 + a.row();
        int q6 = q5 + a.row();
        int q7 = q6 + a.row();
        int v = b.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v + p * (2 * L));
            FloatVector b1 = FloatVector.fromArray(S, y, v + p * (2 * L) + L);
            FloatVector e = FloatVector.broadcast(S, x[q0 + p]);
            c00 = e.fma(b0, c00);
            c01 = e.fma(b1, c01);
            e = FloatVector.broadcast(S, x[q1 + p]);
            c10 = e.fma(b0, c10);
            c11 = e.fma(b1, c11);
            e = FloatVector.broadcast(S, x[q2 + p]);
            c20 = e.fma(b0, c20);
            c21 = e.fma(b1, c21);
            e = FloatVector.broadcast(S, x[q3 + p]);
            c30 = e.fma(b0, c30);
            c31 = e.fma(b1, c31);
            e = FloatVector.broadcast(S, x[q4 + p]);
            c40 = e.fma(b0, c40);
            c41 = e.fma(b1, c41);
            e = FloatVector.broadcast(S, x[q5 + p]);
            c50 = e.fma(b0, c50);
            c51 = e.fma(b1, c51);
            e = FloatVector.broadcast(S, x[q6 + p]);
            c60 = e.fma(b0, c60);
            c61 = e.fma(b1, c61);
            e = FloatVector.broadcast(S, x[q7 + p]);
            c70 = e.fma(b0, c70);
            c71 = e.fma(b1, c71);
        }
        c00.intoArray(z, w0);
        c01.intoArray(z, w0 + L);
        c10.intoArray(z, w1);
        c11.intoArray(z, w1 + L);
        c20.intoArray(z, w2);
        c21.intoArray(z, w2 + L);
        c30.intoArray(z, w3);
        c31.intoArray(z, w3 + L);
        c40.intoArray(z, w4);
        c41.intoArray(z, w4 + L);
        c50.intoArray(z, w5);
        c51.intoArray(z, w5 + L);
        c60.intoArray(z, w6);
        c61.intoArray(z, w6 + L);
        c70.intoArray(z, w7);
        c71.intoArray(z, w7 + L);
    }

    /** 8 rows by 2 vectors; a is packed, its rows side by side: x[8 * p + r]. */
    private static void packed2(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int k, boolean first) {
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
        FloatVector c00 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0);
        FloatVector c01 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w0 + L);
        FloatVector c10 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1);
        FloatVector c11 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w1 + L);
        FloatVector c20 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2);
        FloatVector c21 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w2 + L);
        FloatVector c30 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3);
        FloatVector c31 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w3 + L);
        FloatVector c40 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4);
        FloatVector c41 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w4 + L);
        FloatVector c50 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5);
        FloatVector c51 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w5 + L);
        FloatVector c60 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6);
        FloatVector c61 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w6 + L);
        FloatVector c70 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7);
        FloatVector c71 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, z, w7 + L);
        int q = a.offset();
        int v = b.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v + p * (2 * L));
            FloatVector b1 = FloatVector.fromArray(S, y, v + p * (2 * L) + L);
            FloatVector e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS]);
            c00 = e.fma(b0, c00);
            c01 = e.fma(b1, c01);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 1]);
            c10 = e.fma(b0, c10);
            c11 = e.fma(b1, c11);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 2]);
            c20 = e.fma(b0, c20);
            c21 = e.fma(b1, c21);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 3]);
            c30 = e.fma(b0, c30);
            c31 = e.fma(b1, c31);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 4]);
            c40 = e.fma(b0, c40);
            c41 = e.fma(b1, c41);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 5]);
            c50 = e.fma(b0, c50);
            c51 = e.fma(b1, c51);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 6]);
            c60 = e.fma(b0, c60);
            c61 = e.fma(b1, c61);
            e = FloatVector.broadcast(S, x[q + p * VectorTile.ROWS + 7]);
            c70 = e.fma(b0, c70);
            c71 = e.fma(b1, c71);
        }
        c00.intoArray(z, w0);
        c01.intoArray(z, w0 + L);
        c10.intoArray(z, w1);
        c11.intoArray(z, w1 + L);
        c20.intoArray(z, w2);
        c21.intoArray(z, w2 + L);
        c30.intoArray(z, w3);
        c31.intoArray(z, w3 + L);
        c40.intoArray(z, w4);
        c41.intoArray(z, w4 + L);
        c50.intoArray(z, w5);
        c51.intoArray(z, w5 + L);
        c60.intoArray(z, w6);
        c61.intoArray(z, w6 + L);
        c70.intoArray(z, w7);
        c71.intoArray(z, w7 + L);
    }
}
