package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/**
 * Tiles of 8 rows by 2 or 1 vectors, for what {@link VectorPanel} leaves. Written out, since a sum must be a local variable to live
 * in a register. {@link VectorTile#run} says what the arguments are.
 */
final class VectorTile8 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorTile8() {}

    /** c += a x b for {@code rows} rows and {@code vectors} vectors of columns. */
    static void run(
            Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int rows, int vectors, int k, boolean first) {
        if (vectors == 2) {
            tile2(a, b, c, rows, k, first);
        } else {
            tile1(a, b, c, rows, k, first);
        }
    }

    /** 8 rows by 2 vectors. */
    private static void tile2(
            Matrix<float[]> left, Matrix<float[]> right, Matrix<float[]> to, int rows, int k, boolean first) {
        float[] x = left.array();
        float[] y = right.array();
        float[] z = to.array();
        int row = left.row();
        int column = left.column();
        int ld = right.row();
        int ldc = to.row();
        int c = to.offset();
        int r1 = Math.min(1, rows - 1) * row;
        int r2 = Math.min(2, rows - 1) * row;
        int r3 = Math.min(3, rows - 1) * row;
        int r4 = Math.min(4, rows - 1) * row;
        int r5 = Math.min(5, rows - 1) * row;
        int r6 = Math.min(6, rows - 1) * row;
        int r7 = Math.min(7, rows - 1) * row;
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = first ? zero : FloatVector.fromArray(S, z, c);
        FloatVector c01 = first ? zero : FloatVector.fromArray(S, z, c + L);
        FloatVector c10 = first ? zero : FloatVector.fromArray(S, z, c + ldc);
        FloatVector c11 = first ? zero : FloatVector.fromArray(S, z, c + ldc + L);
        FloatVector c20 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc);
        FloatVector c21 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc + L);
        FloatVector c30 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc);
        FloatVector c31 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc + L);
        FloatVector c40 = first ? zero : FloatVector.fromArray(S, z, c + 4 * ldc);
        FloatVector c41 = first ? zero : FloatVector.fromArray(S, z, c + 4 * ldc + L);
        FloatVector c50 = first ? zero : FloatVector.fromArray(S, z, c + 5 * ldc);
        FloatVector c51 = first ? zero : FloatVector.fromArray(S, z, c + 5 * ldc + L);
        FloatVector c60 = first ? zero : FloatVector.fromArray(S, z, c + 6 * ldc);
        FloatVector c61 = first ? zero : FloatVector.fromArray(S, z, c + 6 * ldc + L);
        FloatVector c70 = first ? zero : FloatVector.fromArray(S, z, c + 7 * ldc);
        FloatVector c71 = first ? zero : FloatVector.fromArray(S, z, c + 7 * ldc + L);
        int q = left.offset();
        int v = right.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v);
            FloatVector b1 = FloatVector.fromArray(S, y, v + L);
            FloatVector e = FloatVector.broadcast(S, x[q]);
            c00 = e.fma(b0, c00);
            c01 = e.fma(b1, c01);
            e = FloatVector.broadcast(S, x[q + r1]);
            c10 = e.fma(b0, c10);
            c11 = e.fma(b1, c11);
            e = FloatVector.broadcast(S, x[q + r2]);
            c20 = e.fma(b0, c20);
            c21 = e.fma(b1, c21);
            e = FloatVector.broadcast(S, x[q + r3]);
            c30 = e.fma(b0, c30);
            c31 = e.fma(b1, c31);
            e = FloatVector.broadcast(S, x[q + r4]);
            c40 = e.fma(b0, c40);
            c41 = e.fma(b1, c41);
            e = FloatVector.broadcast(S, x[q + r5]);
            c50 = e.fma(b0, c50);
            c51 = e.fma(b1, c51);
            e = FloatVector.broadcast(S, x[q + r6]);
            c60 = e.fma(b0, c60);
            c61 = e.fma(b1, c61);
            e = FloatVector.broadcast(S, x[q + r7]);
            c70 = e.fma(b0, c70);
            c71 = e.fma(b1, c71);
            q += column;
            v += ld;
        }
        c00.intoArray(z, c);
        c01.intoArray(z, c + L);
        c10.intoArray(z, c + ldc);
        c11.intoArray(z, c + ldc + L);
        c20.intoArray(z, c + 2 * ldc);
        c21.intoArray(z, c + 2 * ldc + L);
        c30.intoArray(z, c + 3 * ldc);
        c31.intoArray(z, c + 3 * ldc + L);
        c40.intoArray(z, c + 4 * ldc);
        c41.intoArray(z, c + 4 * ldc + L);
        c50.intoArray(z, c + 5 * ldc);
        c51.intoArray(z, c + 5 * ldc + L);
        c60.intoArray(z, c + 6 * ldc);
        c61.intoArray(z, c + 6 * ldc + L);
        c70.intoArray(z, c + 7 * ldc);
        c71.intoArray(z, c + 7 * ldc + L);
    }

    /** 8 rows by 1 vector. */
    private static void tile1(
            Matrix<float[]> left, Matrix<float[]> right, Matrix<float[]> to, int rows, int k, boolean first) {
        float[] x = left.array();
        float[] y = right.array();
        float[] z = to.array();
        int row = left.row();
        int column = left.column();
        int ld = right.row();
        int ldc = to.row();
        int c = to.offset();
        int r1 = Math.min(1, rows - 1) * row;
        int r2 = Math.min(2, rows - 1) * row;
        int r3 = Math.min(3, rows - 1) * row;
        int r4 = Math.min(4, rows - 1) * row;
        int r5 = Math.min(5, rows - 1) * row;
        int r6 = Math.min(6, rows - 1) * row;
        int r7 = Math.min(7, rows - 1) * row;
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = first ? zero : FloatVector.fromArray(S, z, c);
        FloatVector c10 = first ? zero : FloatVector.fromArray(S, z, c + ldc);
        FloatVector c20 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc);
        FloatVector c30 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc);
        FloatVector c40 = first ? zero : FloatVector.fromArray(S, z, c + 4 * ldc);
        FloatVector c50 = first ? zero : FloatVector.fromArray(S, z, c + 5 * ldc);
        FloatVector c60 = first ? zero : FloatVector.fromArray(S, z, c + 6 * ldc);
        FloatVector c70 = first ? zero : FloatVector.fromArray(S, z, c + 7 * ldc);
        int q = left.offset();
        int v = right.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v);
            FloatVector e = FloatVector.broadcast(S, x[q]);
            c00 = e.fma(b0, c00);
            e = FloatVector.broadcast(S, x[q + r1]);
            c10 = e.fma(b0, c10);
            e = FloatVector.broadcast(S, x[q + r2]);
            c20 = e.fma(b0, c20);
            e = FloatVector.broadcast(S, x[q + r3]);
            c30 = e.fma(b0, c30);
            e = FloatVector.broadcast(S, x[q + r4]);
            c40 = e.fma(b0, c40);
            e = FloatVector.broadcast(S, x[q + r5]);
            c50 = e.fma(b0, c50);
            e = FloatVector.broadcast(S, x[q + r6]);
            c60 = e.fma(b0, c60);
            e = FloatVector.broadcast(S, x[q + r7]);
            c70 = e.fma(b0, c70);
            q += column;
            v += ld;
        }
        c00.intoArray(z, c);
        c10.intoArray(z, c + ldc);
        c20.intoArray(z, c + 2 * ldc);
        c30.intoArray(z, c + 3 * ldc);
        c40.intoArray(z, c + 4 * ldc);
        c50.intoArray(z, c + 5 * ldc);
        c60.intoArray(z, c + 6 * ldc);
        c70.intoArray(z, c + 7 * ldc);
    }
}
