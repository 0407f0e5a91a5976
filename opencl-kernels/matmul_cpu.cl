// Matrix product out[z] = a[z] x b[z] for CPU devices: [m, k] x [k, n] -> [m, n], for every z of a batch.
//
//   matmul_panels     any product, operands with any strides
//   matmul_rows       a has few rows, b lies by rows: each result row is a sum of b's rows
//   matmul_dots       a has few rows, b lies by columns: each result is a dot product
//   matmul_pack_left  brings a matrix that lies by columns into panels, for matmul_panels
//
// Element (i, p) of a is a[a_at + z * a_batch + i * a_row + p * a_column], and so for b. The local size is 1, and there is
// neither local memory nor a barrier, which CPU devices pay for dearly: a work-item is a loop on one core.
//
// Build options: V lanes in a vector register; ROWS x VECTORS registers hold a tile of out (that, VECTORS for b and one for a
// must fit); K_BLOCK steps of k between two visits to out; FEW rows at most in the second and third kernel.
//
// What follows the product of matmul_panels may be done as it is stored: epilogue.clh.
#include "types.clh"
#include "epilogue.clh"

#ifndef V
#define V 4
#endif
#ifndef ROWS
#define ROWS 4
#endif
#ifndef VECTORS
#define VECTORS 3
#endif
#ifndef K_BLOCK
#define K_BLOCK 512
#endif
#ifndef FEW
#define FEW 4
#endif

typedef JOIN(REAL, V) R;
typedef R R_ANYWHERE __attribute__((aligned(sizeof(REAL)))); // types.clh tells why
#define LOAD_R(p) (*(const R_ANYWHERE *)(p))
#define STORE_R(v, p) (*(R_ANYWHERE *)(p) = (v))
#define LOAD_GLOBAL(p) (*(global const R_ANYWHERE *)(p))
#define STORE_GLOBAL(v, p) (*(global R_ANYWHERE *)(p) = (v))
#define UNROLL _Pragma("unroll")
#define EACH_ROW UNROLL for (uint r = 0; r < ROWS; r++)

// The first `count` elements of a line with any step, the other lanes 0.
static inline R load_lanes(global const REAL *p, const size_t step, const size_t count) {
    if (step == 1 && count >= V) {
        return LOAD_GLOBAL(p);
    }
    REAL lanes[V];
    for (uint l = 0; l < V; l++) {
        lanes[l] = l < count ? p[l * step] : 0;
    }
    return LOAD_R(lanes);
}

static inline void store_lanes(const R v, global REAL *p, const size_t step, const size_t count) {
    if (step == 1 && count >= V) {
        STORE_GLOBAL(v, p);
        return;
    }
    REAL lanes[V];
    STORE_R(v, lanes);
    for (uint l = 0; l < V; l++) {
        if (l < count) {
            p[l * step] = lanes[l];
        }
    }
}

// A V x V square in registers: rows i and i + V / 2 are interleaved, log2(V) times.
static inline void transpose(R *x) {
    UNROLL for (uint reach = 1; reach < V; reach *= 2) {
        R y[V];
        UNROLL for (uint i = 0; i < V / 2; i++) {
            y[2 * i].even = x[i].lo;
            y[2 * i].odd = x[i + V / 2].lo;
            y[2 * i + 1].even = x[i].hi;
            y[2 * i + 1].odd = x[i + V / 2].hi;
        }
        UNROLL for (uint i = 0; i < V; i++) {
            x[i] = y[i];
        }
    }
}

// Rows between the one that is copied and one that is asked for.
#define AHEAD 8

// Copies depth x columns of b to rows of `width` elements; columns that are not there become zeros.
static inline void pack(global const REAL *b, const size_t b_row, const size_t b_column, const size_t depth,
                        const size_t columns, const uint width, REAL *to) {
    uint c = 0;
    if (b_column == 1) { // a row at a time: rows may be pages apart
        c = columns / V * V;
        for (size_t p = 0; p < depth; p++) {
            for (uint v = 0; v < c; v += V) {
                FETCH_LINE(b + (p + AHEAD) * b_row + v);
                STORE_R(LOAD_GLOBAL(b + p * b_row + v), to + p * width + v);
            }
        }
    }
    for (; c < width; c += V) {
        global const REAL *from = b + c * b_column;
        const size_t count = columns - c;
        size_t p = 0;
        if (b_row == 1 && count >= V) {
            for (; p + V <= depth; p += V) {
                R square[V];
                UNROLL for (uint l = 0; l < V; l++) {
                    square[l] = LOAD_GLOBAL(from + l * b_column + p);
                }
                transpose(square);
                UNROLL for (uint l = 0; l < V; l++) {
                    STORE_R(square[l], to + (p + l) * width + c);
                }
            }
        }
        for (; p < depth; p++) {
            STORE_R(load_lanes(from + p * b_row, b_column, count), to + p * width + c);
        }
    }
}

// out = (first ? 0 : out) + a x b for ROWS rows of a and C vectors of packed columns. Rows past the last repeat it, and are not
// stored. A function of its own, also when compiled: in one with an epilogue, whose constants are kept in registers, sums go to the stack.
#define TILE(name, C) \
    static __attribute__((noinline)) void name(global const REAL *a, const size_t a_row, const size_t a_column, \
                                               const size_t rows, const size_t depth, const REAL *b, global REAL *out, \
                                               const size_t n, const size_t columns, const bool first) { \
        global const REAL *left[ROWS]; \
        R sum[ROWS][C]; \
        EACH_ROW { \
            left[r] = a + min((size_t)r, rows - 1) * a_row; \
            UNROLL for (uint c = 0; c < C; c++) { \
                sum[r][c] = (R)(0); \
            } \
        } \
        for (size_t p = 0; p < depth; p++) { \
            R right[C]; \
            UNROLL for (uint c = 0; c < C; c++) { \
                right[c] = LOAD_R(b + (p * C + c) * V); \
            } \
            EACH_ROW { \
                const R x = (R)(left[r][p * a_column]); \
                UNROLL for (uint c = 0; c < C; c++) { \
                    sum[r][c] = fma(x, right[c], sum[r][c]); \
                } \
            } \
        } \
        EACH_ROW { \
            if (r < rows) { \
                UNROLL for (uint c = 0; c < C; c++) { \
                    global REAL *to = out + r * n + c * V; \
                    const R before = first ? (R)(0) : load_lanes(to, 1, columns - c * V); \
                    store_lanes(before + sum[r][c], to, 1, columns - c * V); \
                } \
            } \
        } \
    }

TILE(tile_1, 1)
#if VECTORS >= 2
TILE(tile_2, 2)
#endif
#if VECTORS >= 3
TILE(tile_3, 3)
#endif
#if VECTORS >= 4
TILE(tile_4, 4)
#endif

// A work-item computes `share` rows of `width` columns, at most VECTORS * V of them. For every K_BLOCK steps of k it packs b,
// which then stays in the cache while tiles of ROWS rows of a pass by. `a_line` is the step from one tile of a to the next,
// a ROWS-th of it: a_row where a lies in its place.
kernel void matmul_panels(const ulong m, const ulong n, const ulong k, const ulong share, const ulong width,
                          global const REAL *restrict a, const ulong a_at, const ulong a_row, const ulong a_column,
                          const ulong a_batch, const ulong a_line, global const REAL *restrict b, const ulong b_at,
                          const ulong b_row, const ulong b_column, const ulong b_batch,
                          EPILOGUE_PARAMETERS global REAL *restrict out, const ulong out_at) {
    REAL panel[K_BLOCK * VECTORS * V] __attribute__((aligned(64)));
    const size_t z = get_global_id(2);
    const size_t first = get_global_id(1) * share;
    const size_t last = min((ulong)(first + share), m);
    const size_t j = get_global_id(0) * width;
    const size_t columns = min((ulong)width, n - j);
    const uint vectors = (columns + V - 1) / V;
    a += a_at + z * a_batch;
    b += b_at + z * b_batch + j * b_column;
    out += out_at + z * m * n + j;
#ifdef EPILOGUE_RESULT
#ifdef EPILOGUE_ALONE
    global REAL *ends = out;
#else
    global REAL *ends = result + result_at + z * m * n + j;
#endif
#endif
    for (size_t p = 0; p < k; p += K_BLOCK) {
        const size_t depth = min((ulong)K_BLOCK, k - p);
        pack(b + p * b_row, b_row, b_column, depth, columns, vectors * V, panel);
        for (size_t i = first; i < last; i += ROWS) {
            global const REAL *left = a + i * a_line + p * a_column;
            global REAL *to = out + i * n;
            const size_t rows = min((size_t)ROWS, last - i);
            switch (vectors) {
#if VECTORS >= 4
                case 4:
                    tile_4(left, a_row, a_column, rows, depth, panel, to, n, columns, p == 0);
                    break;
#endif
#if VECTORS >= 3
                case 3:
                    tile_3(left, a_row, a_column, rows, depth, panel, to, n, columns, p == 0);
                    break;
#endif
#if VECTORS >= 2
                case 2:
                    tile_2(left, a_row, a_column, rows, depth, panel, to, n, columns, p == 0);
                    break;
#endif
                default:
                    tile_1(left, a_row, a_column, rows, depth, panel, to, n, columns, p == 0);
            }
#ifdef EPILOGUE_RESULT
            for (size_t r = 0; r < rows && p + depth == k; r++) {
                for (size_t c = 0; c < columns; c += W) {
                    const uint count = min((size_t)W, columns - c);
                    store(FOLLOW(load(to + r * n + c, 1, count), z, i + r, j + c, count), ends + (i + r) * n + c, 1, count);
                }
            }
#endif
        }
    }
}

// Panels of ROWS rows: to[(i / ROWS * k + p) * ROWS + i % ROWS]. A work-item copies PANELS of them, so that it reads runs of memory, for
// K_BLOCK steps of k; rows past the last become zeros.
#define PANELS 8
#define PACKED_ROWS (PANELS * ROWS)
kernel void matmul_pack_left(const ulong m, const ulong k, global const REAL *restrict a, const ulong a_at,
                             const ulong a_column, const ulong a_batch, global REAL *restrict to, const ulong to_batch) {
    const size_t z = get_global_id(2);
    const size_t p0 = get_global_id(1) * K_BLOCK;
    const size_t p1 = min((ulong)(p0 + K_BLOCK), k);
    const size_t first = get_global_id(0) * PACKED_ROWS;
    const size_t rows = min((ulong)PACKED_ROWS, m - first);
    const size_t whole = rows / ROWS * ROWS;
    a += a_at + z * a_batch + first;
    to += z * to_batch + first * k;
    for (size_t p = p0; p < p1; p++) {
        global const REAL *from = a + p * a_column;
        global REAL *line = to + p * ROWS;
        for (size_t i = 0; i < whole; i += ROWS) {
            UNROLL for (uint r = 0; r < ROWS; r++) {
                line[i * k + r] = from[i + r];
            }
        }
        if (whole < rows) {
            UNROLL for (uint r = 0; r < ROWS; r++) {
                line[whole * k + r] = whole + r < rows ? from[whole + r] : 0;
            }
        }
    }
}

// A work-item computes BLOCKS x WIDE vectors of columns. It goes through b in strips of STRIP rows, which are read as that many
// streams from memory, once for all rows of a; sums wait in the cache.
#define WIDE 8
#define BLOCKS 16
#define STRIP 8
kernel void matmul_rows(const ulong m, const ulong n, const ulong k, global const REAL *restrict a, const ulong a_at,
                        const ulong a_row, const ulong a_column, const ulong a_batch, global const REAL *restrict b,
                        const ulong b_at, const ulong b_row, const ulong b_batch, global REAL *restrict out,
                        const ulong out_at, const ulong out_row, const ulong out_column) {
    const size_t z = get_global_id(2);
    const size_t first = get_global_id(0) * (BLOCKS * WIDE * V);
    const size_t columns = min((ulong)(BLOCKS * WIDE * V), n - first);
    const size_t whole = columns / (WIDE * V) * WIDE; // vectors in whole blocks
    const size_t vectors = (columns + V - 1) / V;
    a += a_at + z * a_batch;
    b += b_at + z * b_batch + first;
    out += out_at + z * m * n + first * out_column;
    R sums[FEW * BLOCKS * WIDE];
    for (uint i = 0; i < m * vectors; i++) {
        sums[i] = (R)(0);
    }
    for (size_t p0 = 0; p0 < k; p0 += STRIP) {
        const size_t p1 = min((ulong)(p0 + STRIP), k);
        for (size_t v = 0; v < whole; v += WIDE) {
            for (uint r = 0; r < m; r++) {
                R sum[WIDE];
                UNROLL for (uint c = 0; c < WIDE; c++) {
                    sum[c] = sums[r * vectors + v + c];
                }
                for (size_t p = p0; p < p1; p++) {
                    const R x = (R)(a[r * a_row + p * a_column]);
                    UNROLL for (uint c = 0; c < WIDE; c++) {
                        sum[c] = fma(x, LOAD_GLOBAL(b + p * b_row + (v + c) * V), sum[c]);
                    }
                }
                UNROLL for (uint c = 0; c < WIDE; c++) {
                    sums[r * vectors + v + c] = sum[c];
                }
            }
        }
        for (size_t v = whole; v < vectors; v++) {
            for (uint r = 0; r < m; r++) {
                R sum = sums[r * vectors + v];
                for (size_t p = p0; p < p1; p++) {
                    const R x = (R)(a[r * a_row + p * a_column]);
                    sum = fma(x, load_lanes(b + p * b_row + v * V, 1, columns - v * V), sum);
                }
                sums[r * vectors + v] = sum;
            }
        }
    }
    for (uint r = 0; r < m; r++) {
        for (size_t v = 0; v < vectors; v++) {
            store_lanes(sums[r * vectors + v], out + r * out_row + v * V * out_column, out_column, columns - v * V);
        }
    }
}

// A work-item computes 8 columns, one row after the other: V lanes along k, added up in a tree at the end.
#define DOTS 8
kernel void matmul_dots(const ulong m, const ulong n, const ulong k, global const REAL *restrict a, const ulong a_at,
                        const ulong a_row, const ulong a_column, const ulong a_batch, global const REAL *restrict b,
                        const ulong b_at, const ulong b_column, const ulong b_batch, global REAL *restrict out,
                        const ulong out_at, const ulong out_row, const ulong out_column) {
    const size_t z = get_global_id(2);
    const size_t j = get_global_id(0) * DOTS;
    a += a_at + z * a_batch;
    b += b_at + z * b_batch;
    out += out_at + z * m * n;
    global const REAL *column[DOTS];
    UNROLL for (uint c = 0; c < DOTS; c++) {
        column[c] = b + min((ulong)(j + c), n - 1) * b_column;
    }
    for (size_t i = 0; i < m; i++) {
        R sum[DOTS];
        UNROLL for (uint c = 0; c < DOTS; c++) {
            sum[c] = (R)(0);
        }
        size_t p = 0;
        for (; p + V <= k; p += V) {
            const R x = load_lanes(a + i * a_row + p * a_column, a_column, V);
            UNROLL for (uint c = 0; c < DOTS; c++) {
                sum[c] = fma(x, LOAD_GLOBAL(column[c] + p), sum[c]);
            }
        }
        if (p < k) {
            const R x = load_lanes(a + i * a_row + p * a_column, a_column, k - p);
            UNROLL for (uint c = 0; c < DOTS; c++) {
                sum[c] = fma(x, load_lanes(column[c] + p, 1, k - p), sum[c]);
            }
        }
        UNROLL for (uint c = 0; c < DOTS; c++) {
            if (j + c < n) {
                REAL lanes[V];
                STORE_R(sum[c], lanes);
                UNROLL for (uint reach = V / 2; reach > 0; reach /= 2) {
                    UNROLL for (uint l = 0; l < reach; l++) {
                        lanes[l] += lanes[l + reach];
                    }
                }
                out[i * out_row + (j + c) * out_column] = lanes[0];
            }
        }
    }
}
