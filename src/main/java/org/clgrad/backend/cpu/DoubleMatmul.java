package org.clgrad.backend.cpu;

import java.util.Arrays;

/**
 * The product on double[] in plain loops. Rows of the result grow by four rows of b at a time, a loop that the compiler
 * vectorises; narrow results are dot products.
 */
class DoubleMatmul extends MatmulKernel<double[]> {
    private static final int DEPTH = 256; // rows of b at a time
    private static final int WIDTH = 256; // columns of b at a time: DEPTH x WIDTH stays in the second-level cache
    private static final int NARROW = 8;

    private static final ThreadLocal<double[]> PANEL = ThreadLocal.withInitial(() -> new double[DEPTH * WIDTH]);

    @Override
    int rowTile() {
        return 1;
    }

    @Override
    int columnTile() {
        return WIDTH;
    }

    @Override
    void run(Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, int m, int n, int k) {
        if (n < NARROW) {
            dots(a, b, c, m, n, k);
            return;
        }
        double[] z = c.array();
        for (int i = 0; i < m; i++) {
            Arrays.fill(z, c.offset() + i * c.row(), c.offset() + i * c.row() + n, 0);
        }
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            for (int j = 0; j < n; j += WIDTH) {
                int width = Math.min(WIDTH, n - j);
                Matrix<double[]> block = b.column() == 1 ? b.from(p, j) : packed(b.from(p, j), depth, width);
                for (int i = 0; i < m; i++) {
                    row(
                            a.array(),
                            a.offset() + i * a.row() + p * a.column(),
                            a.column(),
                            block,
                            z,
                            c.offset() + i * c.row() + j,
                            width,
                            depth);
                }
            }
        }
    }

    private static Matrix<double[]> packed(Matrix<double[]> b, int depth, int width) {
        double[] panel = PANEL.get();
        double[] y = b.array();
        for (int j = 0; j < width; j++) {
            int from = b.offset() + j * b.column();
            for (int p = 0; p < depth; p++) {
                panel[p * width + j] = y[from + p * b.row()];
            }
        }
        return new Matrix<>(panel, 0, width, 1);
    }

    private static void row(double[] x, int at, int step, Matrix<double[]> b, double[] z, int c, int n, int k) {
        int p = 0;
        for (; p + 4 <= k; p += 4) {
            int y = b.offset() + p * b.row();
            add4(
                    b.array(),
                    y,
                    b.row(),
                    n,
                    z,
                    c,
                    x[at + p * step],
                    x[at + (p + 1) * step],
                    x[at + (p + 2) * step],
                    x[at + (p + 3) * step]);
        }
        for (; p < k; p++) {
            add1(b.array(), b.offset() + p * b.row(), n, z, c, x[at + p * step]);
        }
    }

    private static void add4(
            double[] b, int y, int row, int n, double[] z, int c, double a0, double a1, double a2, double a3) {
        int y1 = y + row;
        int y2 = y1 + row;
        int y3 = y2 + row;
        for (int j = 0; j < n; j++) {
            z[c + j] += (a0 * b[y + j] + a1 * b[y1 + j]) + (a2 * b[y2 + j] + a3 * b[y3 + j]);
        }
    }

    private static void add1(double[] b, int y, int n, double[] z, int c, double a0) {
        for (int j = 0; j < n; j++) {
            z[c + j] += a0 * b[y + j];
        }
    }

    /** Each result by itself, in four sums over p modulo 4. */
    static void dots(Matrix<double[]> a, Matrix<double[]> b, Matrix<double[]> c, int m, int n, int k) {
        double[] x = a.array();
        double[] y = b.array();
        int dx = a.column();
        int dy = b.row();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int u = a.offset() + i * a.row();
                int v = b.offset() + j * b.column();
                double s0 = 0;
                double s1 = 0;
                double s2 = 0;
                double s3 = 0;
                int p = 0;
                for (; p + 4 <= k; p += 4) {
                    s0 += x[u] * y[v];
                    s1 += x[u + dx] * y[v + dy];
                    s2 += x[u + 2 * dx] * y[v + 2 * dy];
                    s3 += x[u + 3 * dx] * y[v + 3 * dy];
                    u += 4 * dx;
                    v += 4 * dy;
                }
                for (; p < k; p++) {
                    s0 += x[u] * y[v];
                    u += dx;
                    v += dy;
                }
                c.array()[c.offset() + i * c.row() + j] = (s0 + s1) + (s2 + s3);
            }
        }
    }
}
