package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/**
 * Tiles of 4 rows by 3, 2 or 1 vectors: 12 sums fit into the 16 registers of AVX2. Written out, since a sum must be a local variable to live
 * in a register. {@link VectorTile#run} says what the arguments are.
 */
final class VectorTile4 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorTile4() {}

    /** c += a x b for {@code rows} rows and {@code vectors} vectors of columns. */
    static void run(
            Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int rows, int vectors, int k, boolean first) {
        switch (vectors) {
            case 3 -> tile3(a, b, c, rows, k, first);
            case 2 -> tile2(a, b, c, rows, k, first);
            default -> tile1(a, b, c, rows, k, first);
        }
    }

    /** 4 rows by 3 vectors. */
    private static void tile3(
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
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = first ? zero : FloatVector.fromArray(S, z, c);
        FloatVector c01 = first ? zero : FloatVector.fromArray(S, z, c + L);
        FloatVector c02 = first ? zero : FloatVector.fromArray(S, z, c + 2 * L);
        FloatVector c10 = first ? zero : FloatVector.fromArray(S, z, c + ldc);
        FloatVector c11 = first ? zero : FloatVector.fromArray(S, z, c + ldc + L);
        FloatVector c12 = first ? zero : FloatVector.fromArray(S, z, c + ldc + 2 * L);
        FloatVector c20 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc);
        FloatVector c21 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc + L);
        FloatVector c22 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc + 2 * L);
        FloatVector c30 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc);
        FloatVector c31 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc + L);
        FloatVector c32 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc + 2 * L);
        int q = left.offset();
        int v = right.offset();
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, y, v);
            FloatVector b1 = FloatVector.fromArray(S, y, v + L);
            FloatVector b2 = FloatVector.fromArray(S, y, v + 2 * L);
            FloatVector e = FloatVector.broadcast(S, x[q]);
            c00 = e.fma(b0, c00);
            c01 = e.fma(b1, c01);
            c02 = e.fma(b2, c02);
            e = FloatVector.broadcast(S, x[q + r1]);
            c10 = e.fma(b0, c10);
            c11 = e.fma(b1, c11);
            c12 = e.fma(b2, c12);
            e = FloatVector.broadcast(S, x[q + r2]);
            c20 = e.fma(b0, c20);
            c21 = e.fma(b1, c21);
            c22 = e.fma(b2, c22);
            e = FloatVector.broadcast(S, x[q + r3]);
            c30 = e.fma(b0, c30);
            c31 = e.fma(b1, c31);
            c32 = e.fma(b2, c32);
            q += column;
            v += ld;
        }
        c00.intoArray(z, c);
        c01.intoArray(z, c + L);
        c02.intoArray(z, c + 2 * L);
        c10.intoArray(z, c + ldc);
        c11.intoArray(z, c + ldc + L);
        c12.intoArray(z, c + ldc + 2 * L);
        c20.intoArray(z, c + 2 * ldc);
        c21.intoArray(z, c + 2 * ldc + L);
        c22.intoArray(z, c + 2 * ldc + 2 * L);
        c30.intoArray(z, c + 3 * ldc);
        c31.intoArray(z, c + 3 * ldc + L);
        c32.intoArray(z, c + 3 * ldc + 2 * L);
    }

    /** 4 rows by 2 vectors. */
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
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = first ? zero : FloatVector.fromArray(S, z, c);
        FloatVector c01 = first ? zero : FloatVector.fromArray(S, z, c + L);
        FloatVector c10 = first ? zero : FloatVector.fromArray(S, z, c + ldc);
        FloatVector c11 = first ? zero : FloatVector.fromArray(S, z, c + ldc + L);
        FloatVector c20 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc);
        FloatVector c21 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc + L);
        FloatVector c30 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc);
        FloatVector c31 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc + L);
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
    }

    /** 4 rows by 1 vector. */
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
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = first ? zero : FloatVector.fromArray(S, z, c);
        FloatVector c10 = first ? zero : FloatVector.fromArray(S, z, c + ldc);
        FloatVector c20 = first ? zero : FloatVector.fromArray(S, z, c + 2 * ldc);
        FloatVector c30 = first ? zero : FloatVector.fromArray(S, z, c + 3 * ldc);
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
            q += column;
            v += ld;
        }
        c00.intoArray(z, c);
        c10.intoArray(z, c + ldc);
        c20.intoArray(z, c + 2 * ldc);
        c30.intoArray(z, c + 3 * ldc);
    }
}
