// Matrix product out[z] = a[z] x b[z] for GPUs: [m, k] x [k, n] -> [m, n], for every z of a batch. Four kernels differ
// in which way the operands lie in memory; transposed ones are read in place.
//   matmul_forward         NN  a by rows,    b by rows
//   matmul_backward_left   NT  a by rows,    b by columns   (gradient of the left operand: g x b^T)
//   matmul_backward_right  TN  a by columns, b by rows      (gradient of the right operand: a^T x g)
//   matmul_transposed      TT  a by columns, b by columns
// a_step (b_step) is the distance between rows, or between columns where it lies by columns; the other step is 1.
//
// A work-group of (TILE / ITEM)^2 work-items computes a TILE x TILE block of out; each work-item ITEM x ITEM of its
// elements, TILE / ITEM apart, so that neighbours touch neighbouring addresses. For every DEPTH steps of k the group
// copies a TILE x DEPTH piece of a and a DEPTH x TILE piece of b to local memory; zeros where these hang over the edge.
#include "types.clh"

#ifndef TILE
#define TILE 64
#endif
#ifndef ITEM
#define ITEM 4
#endif
#ifndef DEPTH
#define DEPTH 16
#endif
#define SIDE (TILE / ITEM)       // work-items along one side of the group
#define GROUP (SIDE * SIDE)      // work-items in the group
#define ROW (TILE + 1)           // a row in local memory; one more, so that columns fall into different banks

// Position e of a TILE x DEPTH piece, walked along the direction in which memory is contiguous.
#define ALONG_DEPTH_X (e / DEPTH)
#define ALONG_DEPTH_P (e % DEPTH)
#define ALONG_TILE_X (e % TILE)
#define ALONG_TILE_P (e / TILE)

// A_X, A_P: how work-items map to a piece of a (x across the tile, p along k); A_AT: where its element (x, p) lies.
#define MATMUL(name, A_X, A_P, A_AT, B_X, B_P, B_AT) \
    kernel void name( \
        const ulong m, const ulong n, const ulong k, global const REAL *restrict a, const ulong a_at, \
        const ulong a_step, const ulong a_batch, global const REAL *restrict b, const ulong b_at, \
        const ulong b_step, const ulong b_batch, global REAL *restrict out, const ulong out_at) { \
        local REAL as[DEPTH * ROW]; \
        local REAL bs[DEPTH * ROW]; \
        const uint column = get_local_id(0); \
        const uint row = get_local_id(1); \
        const uint item = row * SIDE + column; \
        const size_t z = get_group_id(2); \
        const size_t first_row = get_group_id(1) * TILE; \
        const size_t first_column = get_group_id(0) * TILE; \
        a += a_at + z * a_batch; \
        b += b_at + z * b_batch; \
        REAL sum[ITEM][ITEM]; \
        _Pragma("unroll") for (uint r = 0; r < ITEM; r++) { \
            _Pragma("unroll") for (uint c = 0; c < ITEM; c++) { \
                sum[r][c] = 0; \
            } \
        } \
        for (size_t p0 = 0; p0 < k; p0 += DEPTH) { \
            for (uint e = item; e < TILE * DEPTH; e += GROUP) { \
                const size_t i = first_row + A_X, ap = p0 + A_P; \
                as[A_P * ROW + A_X] = i < m && ap < k ? a[A_AT(i, ap)] : 0; \
                const size_t j = first_column + B_X, bp = p0 + B_P; \
                bs[B_P * ROW + B_X] = j < n && bp < k ? b[B_AT(j, bp)] : 0; \
            } \
            barrier(CLK_LOCAL_MEM_FENCE); \
            _Pragma("unroll 4") for (uint p = 0; p < DEPTH; p++) { \
                REAL left[ITEM], right[ITEM]; \
                _Pragma("unroll") for (uint r = 0; r < ITEM; r++) { \
                    left[r] = as[p * ROW + row + r * SIDE]; \
                    right[r] = bs[p * ROW + column + r * SIDE]; \
                } \
                _Pragma("unroll") for (uint r = 0; r < ITEM; r++) { \
                    _Pragma("unroll") for (uint c = 0; c < ITEM; c++) { \
                        sum[r][c] = fma(left[r], right[c], sum[r][c]); \
                    } \
                } \
            } \
            barrier(CLK_LOCAL_MEM_FENCE); \
        } \
        out += out_at + z * m * n; \
        _Pragma("unroll") for (uint r = 0; r < ITEM; r++) { \
            _Pragma("unroll") for (uint c = 0; c < ITEM; c++) { \
                const size_t i = first_row + row + r * SIDE, j = first_column + column + c * SIDE; \
                if (i < m && j < n) { \
                    out[i * n + j] = sum[r][c]; \
                } \
            } \
        } \
    }

#define A_BY_ROWS(i, p) ((i) * a_step + (p))
#define A_BY_COLUMNS(i, p) ((p) * a_step + (i))
#define B_BY_ROWS(j, p) ((p) * b_step + (j))
#define B_BY_COLUMNS(j, p) ((j) * b_step + (p))

MATMUL(matmul_forward, ALONG_DEPTH_X, ALONG_DEPTH_P, A_BY_ROWS, ALONG_TILE_X, ALONG_TILE_P, B_BY_ROWS)
MATMUL(matmul_backward_left, ALONG_DEPTH_X, ALONG_DEPTH_P, A_BY_ROWS, ALONG_DEPTH_X, ALONG_DEPTH_P, B_BY_COLUMNS)
MATMUL(matmul_backward_right, ALONG_TILE_X, ALONG_TILE_P, A_BY_COLUMNS, ALONG_TILE_X, ALONG_TILE_P, B_BY_ROWS)
MATMUL(matmul_transposed, ALONG_TILE_X, ALONG_TILE_P, A_BY_COLUMNS, ALONG_DEPTH_X, ALONG_DEPTH_P, B_BY_COLUMNS)
