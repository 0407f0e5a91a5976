package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/** Blocks of a product that are kept in registers: {@code c += a x b} for a few rows by two or three vectors of columns. */
final class VectorTile {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private static final boolean FEW_REGISTERS = S.vectorBitSize() == 256; // AVX2: 16, where AVX-512 and NEON have 32
    private static final int VECTORS = FEW_REGISTERS ? 3 : 2;

    /** Rows of a tile, as many as the registers hold. */
    static final int ROWS = FEW_REGISTERS ? 4 : VectorPanel.ROWS;

    /** Rows of a tile where b is not packed, or where fewer are left. */
    static final int FEWER_ROWS = FEW_REGISTERS ? 4 : 8;

    /** Columns of the widest tile. */
    static final int COLUMNS = VECTORS * L;

    private VectorTile() {}

    /** Columns that tiles for n of them should have, so that all are nearly as wide as the widest. */
    static int columns(int n) {
        int vectors = (n + L - 1) / L;
        int tiles = (vectors + VECTORS - 1) / VECTORS;
        return (vectors + tiles - 1) / tiles * L;
    }

    /**
     * One tile. With {@code first} the old c does not count. Rows beyond {@code rows} repeat the last one, and columns are
     * computed in whole vectors.
     *
     * @param b contiguous rows
     * @param c likewise
     */
    static void run(
            Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int rows, int columns, int k, boolean first) {
        int vectors = (columns + L - 1) / L;
        if (rows <= 4) {
            VectorTile4.run(a, b, c, rows, vectors, k, first);
        } else if (rows <= 8) {
            VectorTile8.run(a, b, c, rows, vectors, k, first);
        } else if (VectorPanel.fits(a, b, rows, vectors) && k > 1) {
            int pairs = k & ~1;
            VectorPanel.run(a, b, c, pairs, first);
            if (pairs < k) {
                run(a.from(0, pairs), b.from(pairs, 0), c, rows, columns, 1, false);
            }
        } else {
            run(a, b, c, 8, columns, k, first);
            run(a.from(8, 0), b, c.from(8, 0), rows - 8, columns, k, first);
        }
    }
}
