// Matrix product out[z] = a[z] x b[z] for GPUs: [m, k] x [k, n] -> [m, n], for every z of a batch. Four kernels differ
// in which way the operands lie in memory; transposed ones are read in place.
//   matmul_forward         NN  a by rows,    b by rows
//   matmul_backward_left   NT  a by rows,    b by columns   (gradient of the left operand: g x b^T)
//   matmul_backward_right  TN  a by columns, b by rows      (gradient of the right operand: a^T x g)
//   matmul_transposed      TT  a by columns, b by columns
// a_step (b_step) is the distance between rows, or between columns where it lies by columns; the other step is 1.
// Two more are for a with FEW rows or less: matmul_rows (b by rows) and matmul_dots (b by columns).
//
// A work-group computes a TILE_M x TILE_N block of out, and a work-item ITEM_M x ITEM_N of its elements, in squares of 4 x 4
// that lie 4 work-items' widths apart, so that neighbours read neighbouring quads of local memory. For every DEPTH steps of k
// the group copies a TILE_M x DEPTH piece of a and a DEPTH x TILE_N piece of b to local memory; zeros where these hang over the
// edge. There are two buffers: while one is multiplied, the next piece is on its way through registers to the other.
//
// With -D ALIGNED the caller promises that every line of a, b and out begins at a multiple of 4 elements and is a multiple of 4
// long: all transfers are then of 4 elements, 16 bytes in single precision.
//
// What follows the product of these four may be done as it is stored: epilogue.clh.
#include "types.clh"
#include "epilogue.clh"

#ifndef TILE_M
#define TILE_M 64
#endif
#ifndef TILE_N
#define TILE_N 64
#endif
#ifndef ITEM_M
#define ITEM_M 4
#endif
#ifndef ITEM_N
#define ITEM_N 4
#endif
#ifndef DEPTH
#define DEPTH 16
#endif
#ifndef FEW
#define FEW 4
#endif
#define SIDE_M (TILE_M / ITEM_M)
#define SIDE_N (TILE_N / ITEM_N)
#define GROUP (SIDE_M * SIDE_N)
#define ROW_A (TILE_M / 4 + 1) // quads of a row in local memory; one more, so that columns fall into different banks
#define ROW_B (TILE_N / 4 + 1)
#define QUADS_A (TILE_M * DEPTH / 4 / GROUP) // quads that a work-item copies
#define QUADS_B (TILE_N * DEPTH / 4 / GROUP)
#define UNROLL _Pragma("unroll")

// Quads of b that matmul_rows asks for together; they take registers.
#if defined(__NVPTX__) || defined(__NV_CL_C_VERSION)
#define AHEAD 8
#else
#define AHEAD 4
#endif

typedef JOIN(REAL, 4) Q;

// The elements p[0 .. 3] of a line with `count` to go; beyond them, and if not inside, 0.
static inline Q load_quad(global const REAL *p, const bool inside, const size_t count) {
#ifdef ALIGNED
    return inside ? *(global const Q *)p : (Q)(0);
#else
    return (Q)(inside ? p[0] : 0, inside && 1 < count ? p[1] : 0, inside && 2 < count ? p[2] : 0,
               inside && 3 < count ? p[3] : 0);
#endif
}

static inline void store_quad(const Q v, global REAL *p, const size_t count) {
#ifdef ALIGNED
    *(global Q *)p = v;
#else
    p[0] = v.x;
    if (1 < count) {
        p[1] = v.y;
    }
    if (2 < count) {
        p[2] = v.z;
    }
    if (3 < count) {
        p[3] = v.w;
    }
#endif
}

// Where quad e of a piece lies: x across the tile, p along k. A line of memory runs along one of them.
#define ALONG_DEPTH_X(e, TILE) ((e) / (DEPTH / 4))
#define ALONG_DEPTH_P(e, TILE) ((e) % (DEPTH / 4) * 4)
#define ALONG_TILE_X(e, TILE) ((e) % ((TILE) / 4) * 4)
#define ALONG_TILE_P(e, TILE) ((e) / ((TILE) / 4))

#define FETCH_ALONG_DEPTH(from, step, x, lines, p) load_quad(from + (x) * step + (p), (x) < (lines) && (p) < k, k - (p))
#define FETCH_ALONG_TILE(from, step, x, lines, p) load_quad(from + (p) * step + (x), (x) < (lines) && (p) < k, (lines) - (x))

// Quads that run along k are turned on their way: each element goes to a row of its own.
#define KEEP_ALONG_DEPTH(to, ROW, line, p, quad) \
    ((local REAL *)(to))[((p) + 0) * (ROW) * 4 + (line)] = quad.x; \
    ((local REAL *)(to))[((p) + 1) * (ROW) * 4 + (line)] = quad.y; \
    ((local REAL *)(to))[((p) + 2) * (ROW) * 4 + (line)] = quad.z; \
    ((local REAL *)(to))[((p) + 3) * (ROW) * 4 + (line)] = quad.w;
#define KEEP_ALONG_TILE(to, ROW, line, p, quad) (to)[(p) * (ROW) + (line) / 4] = quad;

#define FETCH(A, B, p0) \
    UNROLL for (uint q = 0; q < QUADS_A; q++) { \
        const uint e = item + q * GROUP; \
        const size_t x = first_row + A##_X(e, TILE_M), p = (p0) + A##_P(e, TILE_M); \
        next_a[q] = FETCH_##A(a, a_step, x, m, p); \
    } \
    UNROLL for (uint q = 0; q < QUADS_B; q++) { \
        const uint e = item + q * GROUP; \
        const size_t x = first_column + B##_X(e, TILE_N), p = (p0) + B##_P(e, TILE_N); \
        next_b[q] = FETCH_##B(b, b_step, x, n, p); \
    }

#define KEEP(A, B, buffer) \
    UNROLL for (uint q = 0; q < QUADS_A; q++) { \
        const uint e = item + q * GROUP; \
        KEEP_##A(as + (buffer) * (DEPTH * ROW_A), ROW_A, A##_X(e, TILE_M), A##_P(e, TILE_M), next_a[q]) \
    } \
    UNROLL for (uint q = 0; q < QUADS_B; q++) { \
        const uint e = item + q * GROUP; \
        KEEP_##B(bs + (buffer) * (DEPTH * ROW_B), ROW_B, B##_X(e, TILE_N), B##_P(e, TILE_N), next_b[q]) \
    }

// Four elements of the result, and of what follows.
#define PLAIN_SUM(v, i, j) store_quad(v, out + (i) * n + (j), n - (j));
#ifndef EPILOGUE_RESULT
#define KEEP_SUM PLAIN_SUM
#elif defined(EPILOGUE_ALONE)
#define KEEP_SUM(v, i, j) PLAIN_SUM(FOLLOW(v, z, i, j, min((ulong)4, n - (j))), i, j)
#else
#define KEEP_SUM(v, i, j) \
    PLAIN_SUM(v, i, j) \
    store_quad(FOLLOW(v, z, i, j, min((ulong)4, n - (j))), result + result_at + z * m * n + (i) * n + (j), n - (j));
#endif

#define MATMUL(name, A, B) \
    kernel void name( \
        const ulong m, const ulong n, const ulong k, global const REAL *restrict a, const ulong a_at, \
        const ulong a_step, const ulong a_batch, global const REAL *restrict b, const ulong b_at, \
        const ulong b_step, const ulong b_batch, EPILOGUE_PARAMETERS global REAL *restrict out, const ulong out_at) { \
        local Q as[2 * DEPTH * ROW_A]; \
        local Q bs[2 * DEPTH * ROW_B]; \
        const uint column = get_local_id(0); \
        const uint row = get_local_id(1); \
        const uint item = row * SIDE_N + column; \
        const size_t z = get_group_id(2); \
        const size_t first_row = get_group_id(1) * TILE_M; \
        const size_t first_column = get_group_id(0) * TILE_N; \
        a += a_at + z * a_batch; \
        b += b_at + z * b_batch; \
        Q next_a[QUADS_A], next_b[QUADS_B]; \
        Q sum[ITEM_M][ITEM_N / 4]; \
        UNROLL for (uint r = 0; r < ITEM_M; r++) { \
            UNROLL for (uint c = 0; c < ITEM_N / 4; c++) { \
                sum[r][c] = (Q)(0); \
            } \
        } \
        FETCH(A, B, 0) \
        KEEP(A, B, 0) \
        uint now = 0; \
        for (size_t p0 = DEPTH; p0 < k + DEPTH; p0 += DEPTH) { \
            barrier(CLK_LOCAL_MEM_FENCE); \
            if (p0 < k) { \
                FETCH(A, B, p0) \
            } \
            local const Q *left_at = as + now * (DEPTH * ROW_A) + row; \
            local const Q *right_at = bs + now * (DEPTH * ROW_B) + column; \
            _Pragma("unroll 2") for (uint p = 0; p < DEPTH; p++, left_at += ROW_A, right_at += ROW_B) { \
                Q left[ITEM_M / 4], right[ITEM_N / 4]; \
                UNROLL for (uint r = 0; r < ITEM_M / 4; r++) { \
                    left[r] = left_at[r * SIDE_M]; \
                } \
                UNROLL for (uint c = 0; c < ITEM_N / 4; c++) { \
                    right[c] = right_at[c * SIDE_N]; \
                } \
                UNROLL for (uint r = 0; r < ITEM_M; r++) { \
                    const Q x = (Q)(((const REAL *)left)[r]); \
                    UNROLL for (uint c = 0; c < ITEM_N / 4; c++) { \
                        sum[r][c] = fma(x, right[c], sum[r][c]); \
                    } \
                } \
            } \
            now = 1 - now; \
            if (p0 < k) { \
                KEEP(A, B, now) \
            } \
        } \
        out += out_at + z * m * n; \
        UNROLL for (uint r = 0; r < ITEM_M; r++) { \
            const size_t i = first_row + (row + r / 4 * SIDE_M) * 4 + r % 4; \
            if (i < m) { \
                UNROLL for (uint c = 0; c < ITEM_N / 4; c++) { \
                    const size_t j = first_column + (column + c * SIDE_N) * 4; \
                    if (j < n) { \
                        KEEP_SUM(sum[r][c], i, j) \
                    } \
                } \
            } \
        } \
    }

MATMUL(matmul_forward, ALONG_DEPTH, ALONG_TILE)
MATMUL(matmul_backward_left, ALONG_DEPTH, ALONG_DEPTH)
MATMUL(matmul_backward_right, ALONG_TILE, ALONG_TILE)
MATMUL(matmul_transposed, ALONG_TILE, ALONG_DEPTH)

#define ROWS_ADD(y, p) \
    UNROLL for (uint r = 0; r < FEW; r++) { \
        if (r < m) { \
            sum[r] = fma((Q)(a[r * a_row + (p) * a_column]), y, sum[r]); \
        } \
    }

// A work-item computes four columns of every row; neighbours read neighbouring quads of b.
kernel void matmul_rows(const ulong m, const ulong n, const ulong k, global const REAL *restrict a, const ulong a_at,
                        const ulong a_row, const ulong a_column, const ulong a_batch, global const REAL *restrict b,
                        const ulong b_at, const ulong b_row, const ulong b_batch, global REAL *restrict out,
                        const ulong out_at, const ulong out_row, const ulong out_column) {
    const size_t z = get_global_id(2);
    const size_t j = get_global_id(0) * 4;
    if (j >= n) {
        return;
    }
    a += a_at + z * a_batch;
    b += b_at + z * b_batch + j;
    out += out_at + z * m * n + j * out_column;
    Q sum[FEW];
    UNROLL for (uint r = 0; r < FEW; r++) {
        sum[r] = (Q)(0);
    }
    size_t p = 0;
    for (; p + AHEAD <= k; p += AHEAD) {
        Q y[AHEAD];
        UNROLL for (uint s = 0; s < AHEAD; s++) {
            y[s] = load_quad(b + (p + s) * b_row, true, n - j);
        }
        UNROLL for (uint s = 0; s < AHEAD; s++) {
            ROWS_ADD(y[s], p + s)
        }
    }
    for (; p < k; p++) {
        const Q y = load_quad(b + p * b_row, true, n - j);
        ROWS_ADD(y, p)
    }
    UNROLL for (uint r = 0; r < FEW; r++) {
        if (r < m) {
            UNROLL for (uint c = 0; c < 4; c++) {
                if (j + c < n) {
                    out[r * out_row + c * out_column] = ((const REAL *)sum)[r * 4 + c];
                }
            }
        }
    }
}

// A work-group computes one column of every row: its LANES work-items walk along k together, and add up in a tree.
#ifndef LANES
#define LANES 64
#endif
kernel void matmul_dots(const ulong m, const ulong n, const ulong k, global const REAL *restrict a, const ulong a_at,
                        const ulong a_row, const ulong a_column, const ulong a_batch, global const REAL *restrict b,
                        const ulong b_at, const ulong b_column, const ulong b_batch, global REAL *restrict out,
                        const ulong out_at, const ulong out_row, const ulong out_column) {
    local REAL sums[FEW][LANES];
    const uint lane = get_local_id(0);
    const size_t z = get_group_id(2);
    const size_t j = get_group_id(0);
    a += a_at + z * a_batch;
    b += b_at + z * b_batch + j * b_column;
    out += out_at + z * m * n + j * out_column;
    Q sum[FEW];
    UNROLL for (uint r = 0; r < FEW; r++) {
        sum[r] = (Q)(0);
    }
    for (size_t p = lane * 4; p < k; p += LANES * 4) {
        const Q y = load_quad(b + p, true, k - p);
        UNROLL for (uint r = 0; r < FEW; r++) {
            if (r < m) {
                global const REAL *x = a + r * a_row + p * a_column;
                const size_t step = a_column;
                sum[r] = fma((Q)(x[0], p + 1 < k ? x[step] : 0, p + 2 < k ? x[2 * step] : 0, p + 3 < k ? x[3 * step] : 0), y,
                             sum[r]);
            }
        }
    }
    UNROLL for (uint r = 0; r < FEW; r++) {
        sums[r][lane] = (sum[r].x + sum[r].y) + (sum[r].z + sum[r].w);
    }
    for (uint reach = LANES / 2; reach > 0; reach /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane < reach) {
            UNROLL for (uint r = 0; r < FEW; r++) {
                sums[r][lane] += sums[r][lane + reach];
            }
        }
    }
    if (lane == 0) {
        for (uint r = 0; r < m; r++) {
            out[r * out_row] = sums[r][0];
        }
    }
}
