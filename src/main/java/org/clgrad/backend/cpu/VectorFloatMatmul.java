package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product on float[] by the Vector API: register tiles over panels of b, 256 rows deep. Panels are packed where b's rows
 * are not runs of memory, or where enough rows of a follow for packing to pay; a is read in place. Tiny products are
 * dot products in plain loops.
 */
final class VectorFloatMatmul extends FloatMatmul {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int DEPTH = 256;
    private static final int PANEL = VectorTile.COLUMNS;
    private static final int WIDTH = 4 * PANEL; // a share of columns: 128 KiB of panels at 512 bits
    private static final int TINY = 512; // multiplications
    private static final int FEW_ROWS = 16;

    private static final ThreadLocal<float[]> PACKED = ThreadLocal.withInitial(() -> new float[DEPTH * WIDTH]);
    private static final ThreadLocal<float[]> EDGE = ThreadLocal.withInitial(() -> new float[8 * PANEL]);

    @Override
    int rowTile() {
        return VectorTile.ROWS;
    }

    @Override
    int columnTile() {
        return WIDTH;
    }

    @Override
    void run(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int m, int n, int k) {
        if ((long) m * n * k <= TINY) {
            dots(a, b, c, m, n, k);
        } else if (a.column() == 1 && b.row() == 1 && k >= 2 * L && (m <= 2 || n <= 2)) {
            vectorDots(a, b, c, m, n, k);
        } else {
            for (int j = 0; j < n; j += WIDTH) {
                share(a, b.from(0, j), c.from(0, j), m, Math.min(WIDTH, n - j), k);
            }
        }
    }

    /** The product for at most WIDTH columns. */
    private static void share(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int m, int n, int k) {
        float[] packed = PACKED.get();
        float[] edge = EDGE.get();
        boolean inPlace = b.column() == 1 && m <= FEW_ROWS;
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            boolean first = p == 0;
            for (int j = 0; j < n; j += PANEL) {
                if (!inPlace || n - j < PANEL) {
                    pack(b.from(p, j), depth, Math.min(PANEL, n - j), packed, j * DEPTH);
                }
            }
            for (int i = 0; i < m; i += VectorTile.ROWS) {
                int rows = Math.min(VectorTile.ROWS, m - i);
                int x = a.offset() + i * a.row() + p * a.column();
                for (int j = 0; j < n; j += PANEL) {
                    int columns = Math.min(PANEL, n - j);
                    boolean read = inPlace && columns == PANEL;
                    float[] y = read ? b.array() : packed;
                    int v = read ? b.offset() + p * b.row() + j : j * DEPTH;
                    int ld = read ? b.row() : PANEL;
                    int z = c.offset() + i * c.row() + j;
                    boolean whole = columns == PANEL && (rows == VectorTile.ROWS || rows == 4);
                    if (whole) {
                        VectorTile.run(
                                a.array(),
                                x,
                                a.row(),
                                a.column(),
                                rows,
                                y,
                                v,
                                ld,
                                c.array(),
                                z,
                                c.row(),
                                columns,
                                depth,
                                first);
                    } else {
                        for (int r = 0; r < rows && !first; r++) {
                            System.arraycopy(c.array(), z + r * c.row(), edge, r * PANEL, columns);
                        }
                        VectorTile.run(
                                a.array(),
                                x,
                                a.row(),
                                a.column(),
                                rows,
                                y,
                                v,
                                ld,
                                edge,
                                0,
                                PANEL,
                                columns,
                                depth,
                                first);
                        for (int r = 0; r < rows; r++) {
                            System.arraycopy(edge, r * PANEL, c.array(), z + r * c.row(), columns);
                        }
                    }
                }
            }
        }
    }

    /** Rows of one panel one after the other; columns beyond {@code width} are left as they are and go nowhere. */
    private static void pack(Matrix<float[]> b, int depth, int width, float[] packed, int at) {
        float[] y = b.array();
        if (b.column() == 1 && width == PANEL) {
            for (int p = 0; p < depth; p++) {
                int from = b.offset() + p * b.row();
                FloatVector.fromArray(S, y, from).intoArray(packed, at + p * PANEL);
                FloatVector.fromArray(S, y, from + L).intoArray(packed, at + p * PANEL + L);
            }
        } else if (b.column() == 1) {
            for (int p = 0; p < depth; p++) {
                System.arraycopy(y, b.offset() + p * b.row(), packed, at + p * PANEL, width);
            }
        } else {
            for (int j = 0; j < width; j++) {
                int from = b.offset() + j * b.column();
                for (int p = 0; p < depth; p++) {
                    packed[at + p * PANEL + j] = y[from + p * b.row()];
                }
            }
        }
    }

    /** Results as dot products along memory; the lanes' sums are added in order. */
    private static void vectorDots(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int m, int n, int k) {
        float[] lanes = EDGE.get();
        int whole = k - k % (2 * L);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int u = a.offset() + i * a.row();
                int v = b.offset() + j * b.column();
                FloatVector s0 = FloatVector.zero(S);
                FloatVector s1 = FloatVector.zero(S);
                for (int p = 0; p < whole; p += 2 * L) {
                    s0 = FloatVector.fromArray(S, a.array(), u + p).fma(FloatVector.fromArray(S, b.array(), v + p), s0);
                    s1 = FloatVector.fromArray(S, a.array(), u + p + L)
                            .fma(FloatVector.fromArray(S, b.array(), v + p + L), s1);
                }
                s0.add(s1).intoArray(lanes, 0);
                float sum = 0;
                for (int l = 0; l < L; l++) {
                    sum += lanes[l];
                }
                for (int p = whole; p < k; p++) {
                    sum += a.array()[u + p] * b.array()[v + p];
                }
                c.array()[c.offset() + i * c.row() + j] = sum;
            }
        }
    }
}
