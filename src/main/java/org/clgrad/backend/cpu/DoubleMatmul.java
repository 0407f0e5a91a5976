package org.clgrad.backend.cpu;

import java.util.Arrays;

/**
 * The product on double[] in plain loops. A block of b's rows is brought into arrays of their own, and so are a few rows of
 * sums, since the compiler vectorises a loop over whole arrays that cannot overlap. Each sum adds its terms in the order of k.
 */
class DoubleMatmul extends MatmulKernel<double[]> {
    private static final int DEPTH = 256; // rows of b at a time
    private static final int SHALLOW = 8; // where few rows of a follow, so that b is still in the first-level cache
    private static final int FEW = 2;
    private static final int WIDTH = 256; // columns at a time: DEPTH x WIDTH stays in the second-level cache
    private static final int ROWS = 8; // rows of sums at a time: they and four rows of b stay in the first-level cache
    private static final int NARROW = 32; // columns that do not repay the start of a vectorised loop

    private static final ThreadLocal<double[][]> BLOCK = ThreadLocal.withInitial(() -> new double[DEPTH][WIDTH]);
    private static final ThreadLocal<double[][]> SUMS = ThreadLocal.withInitial(() -> new double[ROWS][WIDTH]);

    @Override
    int rowTile() {
        return ROWS;
    }

    @Override
    int columnTile(int m) {
        return m <= FEW ? 4 * WIDTH : WIDTH;
    }

    @Override
    void run(Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, int m, int n, int k) {
        if (n < NARROW && m < NARROW) {
            dots(a, b, c, m, n, k);
        } else if (n < NARROW) {
            blocks(b.transposed(), a.transposed(), c.transposed(), n, m, k); // (a b)^T = b^T a^T
        } else {
            blocks(a, b, c, m, n, k);
        }
    }

    private static void blocks(Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, int m, int n, int k) {
        if (m <= FEW) { // along b's rows, as memory likes to be read
            for (int p = 0; p < k; p += SHALLOW) {
                for (int j = 0; j < n; j += WIDTH) {
                    block(a, b, c, m, Math.min(WIDTH, n - j), Math.min(SHALLOW, k - p), j, p);
                }
            }
        } else {
            for (int j = 0; j < n; j += WIDTH) {
                for (int p = 0; p < k; p += DEPTH) {
                    block(a, b, c, m, Math.min(WIDTH, n - j), Math.min(DEPTH, k - p), j, p);
                }
            }
        }
    }

    /** What {@code depth} rows of b, from row p and column j on, add to {@code width} columns of c. */
    private static void block(
            Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, int m, int width, int depth, int j, int p) {
        double[][] block = BLOCK.get();
        double[][] sums = SUMS.get();
        pack(b.from(p, j), depth, width, block);
        for (int i = 0; i < m; i += ROWS) {
            int rows = Math.min(ROWS, m - i);
            load(c.from(i, j), rows, width, sums, p == 0);
            multiply(a.from(i, p), block, sums, rows, width, depth);
            store(sums, c.from(i, j), rows, width);
        }
    }

    /** Each row of b into an array. */
    private static void pack(Matrix<double[]> b, int depth, int width, double[][] block) {
        if (b.column() == 1) {
            for (int p = 0; p < depth; p++) {
                System.arraycopy(b.array(), b.offset() + p * b.row(), block[p], 0, width);
            }
            return;
        }
        double[] y = b.array();
        int row = b.row();
        for (int p = 0; p < depth; p += 8) { // a few rows at a time, along the columns of b
            int rows = Math.min(8, depth - p);
            for (int j = 0; j < width; j++) {
                int from = b.offset() + p * row + j * b.column();
                for (int r = 0; r < rows; r++) {
                    block[p + r][j] = y[from + r * row];
                }
            }
        }
    }

    private static void load(Matrix<double[]> c, int rows, int width, double[][] sums, boolean first) {
        for (int r = 0; r < rows; r++) {
            if (first) {
                Arrays.fill(sums[r], 0, width, 0);
            } else if (c.column() == 1) {
                System.arraycopy(c.array(), c.offset() + r * c.row(), sums[r], 0, width);
            } else {
                for (int j = 0; j < width; j++) {
                    sums[r][j] = c.array()[c.offset() + r * c.row() + j * c.column()];
                }
            }
        }
    }

    private static void store(double[][] sums, Matrix<double[]> c, int rows, int width) {
        for (int r = 0; r < rows; r++) {
            if (c.column() == 1) {
                System.arraycopy(sums[r], 0, c.array(), c.offset() + r * c.row(), width);
            } else {
                for (int j = 0; j < width; j++) {
                    c.array()[c.offset() + r * c.row() + j * c.column()] = sums[r][j];
                }
            }
        }
    }

    /** Four rows of b at a time, for each row of sums. */
    private static void multiply(Matrix<double[]> a, double[][] b, double[][] sums, int rows, int width, int depth) {
        double[] x = a.array();
        int step = a.column();
        int p = 0;
        for (; p + 4 <= depth; p += 4) {
            for (int r = 0; r < rows; r++) {
                int at = a.offset() + r * a.row() + p * step;
                add4(
                        sums[r],
                        b[p],
                        b[p + 1],
                        b[p + 2],
                        b[p + 3],
                        x[at],
                        x[at + step],
                        x[at + 2 * step],
                        x[at + 3 * step],
                        width);
            }
        }
        for (; p < depth; p++) {
            for (int r = 0; r < rows; r++) {
                add1(sums[r], b[p], x[a.offset() + r * a.row() + p * step], width);
            }
        }
    }

    /** With more than four rows the loop is too long for Java 17 to unroll, and then it is not vectorised either. */
    private static void add4(
            double[] sum,
            double[] b0,
            double[] b1,
            double[] b2,
            double[] b3,
            double a0,
            double a1,
            double a2,
            double a3,
            int width) {
        for (int j = 0; j < width; j++) {
            sum[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], sum[j]))));
        }
    }

    private static void add1(double[] sum, double[] b, double a, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] = Math.fma(a, b[j], sum[j]);
        }
    }

    /** Four columns at a time. */
    static void dots(Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, int m, int n, int k) {
        double[] x = a.array();
        double[] y = b.array();
        double[] z = c.array();
        int next = b.column();
        for (int i = 0; i < m; i++) {
            int to = c.offset() + i * c.row();
            int j = 0;
            for (; j + 4 <= n; j += 4) {
                int u = a.offset() + i * a.row();
                int v = b.offset() + j * next;
                double s0 = 0;
                double s1 = 0;
                double s2 = 0;
                double s3 = 0;
                for (int p = 0; p < k; p++) {
                    double e = x[u];
                    s0 = Math.fma(e, y[v], s0);
                    s1 = Math.fma(e, y[v + next], s1);
                    s2 = Math.fma(e, y[v + 2 * next], s2);
                    s3 = Math.fma(e, y[v + 3 * next], s3);
                    u += a.column();
                    v += b.row();
                }
                z[to + j * c.column()] = s0;
                z[to + (j + 1) * c.column()] = s1;
                z[to + (j + 2) * c.column()] = s2;
                z[to + (j + 3) * c.column()] = s3;
            }
            for (; j < n; j++) {
                int u = a.offset() + i * a.row();
                int v = b.offset() + j * next;
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(x[u], y[v], sum);
                    u += a.column();
                    v += b.row();
                }
                z[to + j * c.column()] = sum;
            }
        }
    }
}
