package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.clgrad.backend.cpu.MatmulKernel.Matrix;

/** Blocks of a product that are kept in registers: {@code c += a x b} for a few rows by up to three vectors of columns. */
final class VectorTile {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Rows of a tile, as many as the registers hold. */
    static final int ROWS = S.vectorBitSize() == 256 ? 4 : 8;

    /** Columns of the widest tile. */
    static final int COLUMNS = 3 * L;

    private VectorTile() {}

    /** Columns that tiles for n of them should have, so that all are nearly as wide as the widest. */
    static int columns(int n) {
        int vectors = (n + L - 1) / L;
        int tiles = (vectors + 2) / 3;
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
        if (ROWS == 8 && VectorPanel8.fits(a, b, rows, vectors)) {
            VectorPanel8.run(a, b, c, vectors, k, first);
        } else if (ROWS == 8 && rows > 4) {
            VectorTile8.run(a, b, c, rows, vectors, k, first);
        } else {
            VectorTile4.run(a, b, c, rows, vectors, k, first);
        }
    }
}
