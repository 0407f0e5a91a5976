package org.clgrad.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product on float[] by the Vector API: register tiles over panels of b, 512 rows deep. Panels are packed where b's rows
 * are not runs of memory, or where enough rows of a follow for packing to pay; so are rows of a that lie by columns, unless b has so few
 * columns that the result is turned instead. Tiny products are dot products in plain loops.
 */
final class VectorFloatMatmul extends FloatMatmul {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int DEPTH = 512;
    private static final int PANEL = VectorTile.COLUMNS;
    private static final int WIDTH = 24 * L; // a share of columns: 768 KiB of panels at 512 bits
    private static final int TINY = 512; // multiplications
    private static final int IN_PLACE = 16; // rows of a that do not repay packing b
    private static final int ROWS = VectorTile.ROWS;
    private static final int HEIGHT = 86 * ROWS; // rows of a that are packed at a time
    private static final int GROUP = 16; // tiles of them whose steps are packed together
    private static final int AHEAD = 32; // steps of k of theirs that are brought into the cache together
    private static final int LINE = 16; // elements of a line of memory
    private static final int PAGE = 1024; // and of a page
    private static final int FEW = 2; // rows or columns of results that leave tiles idle
    private static final int NARROW = 64; // columns of b that do not repay packing rows of a

    private static final int ALIGNED = Elements.FLOAT32.firstOnLine(); // where panels begin: worth 5%
    private static final int PACKED_ROWS = ALIGNED + DEPTH * WIDTH; // where the rows of a begin, behind the panels
    private static final int TILE_LENGTH = DEPTH * ROWS + L;
    private static final int PACKED_LENGTH =
            Math.max(PACKED_ROWS + HEIGHT / ROWS * TILE_LENGTH, Elements.OWN_REGION / Float.BYTES + ALIGNED);

    private static final Spares<float[]> PACKED = new Spares<>(() -> new float[PACKED_LENGTH]);
    private static final ThreadLocal<float[]> TURNED = ThreadLocal.withInitial(() -> new float[NARROW * WIDTH]);
    private static final ThreadLocal<float[]> EDGE = ThreadLocal.withInitial(() -> new float[ROWS * PANEL]);

    @Override
    int rowTile() {
        return ROWS;
    }

    @Override
    int columnTile(int m) {
        return m <= FEW ? super.columnTile(m) : WIDTH;
    }

    @Override
    boolean turnsRows(int m) {
        return m > FEW;
    }

    @Override
    void run(Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int m, int n, int k) {
        if ((long) m * n * k <= TINY) {
            dots(a, b, c, m, n, k);
        } else if (m > FEW && n > FEW) {
            float[] packed = PACKED.take();
            if (a.row() == 1 && a.column() != 1 && n <= NARROW && m > n) { // by columns
                turned(a, b, c, m, n, k, packed);
            } else {
                blocks(a, b, c, m, n, k, packed);
            }
            PACKED.give(packed);
        } else if (a.column() == 1 && b.row() == 1 && k >= 2 * L) {
            vectorDots(a, b, c, m, n, k);
        } else { // reads long runs of the larger operand
            super.run(a, b, c, m, n, k);
        }
    }

    /** (b^T a^T)^T: columns of a, which are runs of memory, are rows of a^T, and are read as they lie. */
    private static void turned(
            Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int m, int n, int k, float[] packed) {
        float[] turned = TURNED.get();
        Matrix<float[]> block = new Matrix<>(turned, 0, WIDTH, 1);
        for (int i = 0; i < m; i += WIDTH) {
            int rows = Math.min(WIDTH, m - i);
            blocks(b.transposed(), a.from(i, 0).transposed(), block, n, rows, k, packed);
            for (int r = 0; r < rows; r++) {
                int to = c.offset() + (i + r) * c.row();
                for (int j = 0; j < n; j++) {
                    c.array()[to + j] = turned[j * WIDTH + r];
                }
            }
        }
    }

    /** The product block by block: where rows of a are packed, once for all columns. */
    private static void blocks(
            Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int m, int n, int k, float[] packed) {
        boolean packsRows = packsRows(a, b, m, n);
        int height = packsRows ? HEIGHT : m;
        for (int i = 0; i < m; i += height) {
            int rows = Math.min(height, m - i);
            for (int p = 0; p < k; p += DEPTH) {
                int depth = Math.min(DEPTH, k - p);
                if (packsRows) {
                    packRows(a.from(i, p), rows, depth, packed);
                }
                for (int j = 0; j < n; j += WIDTH) {
                    int columns = Math.min(WIDTH, n - j);
                    share(a.from(i, p), b.from(p, j), c.from(i, j), rows, columns, depth, p == 0, packed);
                }
            }
        }
    }

    /** What at most DEPTH steps of k add to at most WIDTH columns. */
    private static void share(
            Matrix<float[]> a,
            Matrix<float[]> b,
            Matrix<float[]> c,
            int m,
            int n,
            int depth,
            boolean first,
            float[] packed) {
        int wide = VectorTile.columns(n);
        boolean inPlace = readsInPlace(b, m);
        if (b.column() != 1) {
            for (int j = 0; j < n; j += wide) {
                packTurned(b.from(0, j), depth, Math.min(wide, n - j), packed, ALIGNED + j * DEPTH, wide);
            }
        } else if (!inPlace || n % L != 0) {
            pack(b, depth, n, packed, wide);
        }
        boolean packsRows = packsRows(a, b, m, n);
        int most = inPlace ? VectorTile.FEWER_ROWS : ROWS;
        int rows;
        for (int i = 0; i < m; i += rows) {
            rows = m - i >= most ? most : Math.min(VectorTile.FEWER_ROWS, m - i);
            Matrix<float[]> left = packsRows && rows == ROWS ? packedRows(i, packed) : a.from(i, 0);
            for (int j = 0; j < n; j += wide) {
                int columns = Math.min(wide, n - j);
                Matrix<float[]> right =
                        inPlace && columns % L == 0 ? b.from(0, j) : new Matrix<>(packed, ALIGNED + j * DEPTH, wide, 1);
                tile(left, right, c.from(i, j), rows, columns, depth, first);
            }
        }
    }

    /** Whether b's rows are runs of memory, read so rarely that they are not packed. */
    private static boolean readsInPlace(Matrix<float[]> b, int m) {
        return b.column() == 1 && m <= IN_PLACE;
    }

    /** Whether a's columns are runs of memory, read so often that its rows are packed: else steps of k are as far apart as columns. */
    private static boolean packsRows(Matrix<float[]> a, Matrix<float[]> b, int m, int n) {
        return a.row() == 1 && n > L && !readsInPlace(b, m);
    }

    /** The rows of all whole tiles side by side. Neighbouring tiles share lines of memory, so a few of them take their steps together. */
    private static void packRows(Matrix<float[]> a, int m, int depth, float[] packed) {
        for (int i = 0; i + ROWS <= m; i += GROUP * ROWS) {
            int rows = Math.min(GROUP * ROWS, (m - i) / ROWS * ROWS);
            for (int p = 0; p < depth; p++) {
                if (p % AHEAD == 0 && a.column() >= PAGE) { // the sum goes where nothing is
                    packed[0] = touch(a.from(i, p), rows, Math.min(AHEAD, depth - p));
                }
                Matrix<float[]> step = a.from(i, p);
                for (int r = 0; r < rows; r += ROWS) {
                    packStep(
                            a.array(),
                            step.offset() + r,
                            packed,
                            packedRows(i + r, packed).offset() + p * ROWS);
                }
            }
        }
    }

    /** Where the tile of row i is packed. */
    private static Matrix<float[]> packedRows(int i, float[] packed) {
        return new Matrix<>(packed, PACKED_ROWS + i / ROWS * TILE_LENGTH, 1, ROWS);
    }

    /**
     * Reads an element of every line of columns that are runs of memory, more lines at once than while they are copied: worth 5% where
     * columns are pages apart.
     */
    private static float touch(Matrix<float[]> a, int rows, int columns) {
        float[] x = a.array();
        float sum = 0;
        for (int p = 0; p < columns; p++) {
            int from = a.offset() + p * a.column();
            for (int r = 0; r < rows; r += LINE) {
                sum += x[from + r];
            }
        }
        return sum;
    }

    /** Copies at least ROWS elements; the next step of k overwrites what is more. */
    private static void packStep(float[] x, int from, float[] to, int at) {
        if (from + Math.max(L, ROWS) <= x.length) {
            for (int r = 0; r < ROWS; r += L) {
                FloatVector.fromArray(S, x, from + r).intoArray(to, at + r);
            }
        } else {
            for (int r = 0; r < ROWS; r++) {
                to[at + r] = x[from + r];
            }
        }
    }

    /** One tile, by way of a place of its own if it is not whole. */
    private static void tile(
            Matrix<float[]> a, Matrix<float[]> b, Matrix<float[]> c, int rows, int columns, int depth, boolean first) {
        if (columns % L == 0 && rows % 4 == 0) {
            VectorTile.run(a, b, c, rows, columns, depth, first);
            return;
        }
        Matrix<float[]> edge = new Matrix<>(EDGE.get(), 0, PANEL, 1);
        for (int r = 0; r < rows && !first; r++) {
            System.arraycopy(c.array(), c.offset() + r * c.row(), edge.array(), r * PANEL, columns);
        }
        VectorTile.run(a, b, edge, rows, columns, depth, first);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(edge.array(), r * PANEL, c.array(), c.offset() + r * c.row(), columns);
        }
    }

    /** Rows of b, each cut into those of panels {@code wide} columns wide: memory is read as it lies. What is beyond n goes nowhere. */
    private static void pack(Matrix<float[]> b, int depth, int n, float[] packed, int wide) {
        float[] y = b.array();
        for (int p = 0; p < depth; p++) {
            int from = b.offset() + p * b.row();
            for (int j = 0; j < n; j += wide) {
                int to = ALIGNED + j * DEPTH + p * wide - j; // of column 0, if it were in this panel
                int end = Math.min(j + wide, n);
                int c = j;
                for (; c + L <= end; c += L) {
                    FloatVector.fromArray(S, y, from + c).intoArray(packed, to + c);
                }
                for (; c < end; c++) {
                    packed[to + c] = y[from + c];
                }
            }
        }
    }

    /** Rows of one panel one after the other, {@code wide} apart, where b does not lie by rows. */
    private static void packTurned(Matrix<float[]> b, int depth, int columns, float[] packed, int at, int wide) {
        float[] y = b.array();
        int j = 0;
        for (; b.row() == 1 && j + 4 <= columns; j += 4) {
            turn4(y, b.offset() + j * b.column(), b.column(), depth, packed, at + j, wide);
        }
        for (; j < columns; j++) {
            int from = b.offset() + j * b.column();
            for (int p = 0; p < depth; p++) {
                packed[at + p * wide + j] = y[from + p * b.row()];
            }
        }
    }

    /** Four columns, each contiguous, side by side into rows. */
    private static void turn4(float[] y, int from, int step, int depth, float[] packed, int at, int wide) {
        int y1 = from + step;
        int y2 = y1 + step;
        int y3 = y2 + step;
        int to = at;
        for (int p = 0; p < depth; p++) {
            packed[to] = y[from + p];
            packed[to + 1] = y[y1 + p];
            packed[to + 2] = y[y2 + p];
            packed[to + 3] = y[y3 + p];
            to += wide;
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
