// Matrix product out[z] = a[z] x b[z] for CPU devices: [m, k] x [k, n] -> [m, n], for every z of a batch.
//
// There are no work-groups to speak of (local size 1), no local memory and no barriers, which CPU devices pay for
// dearly. A work-item keeps a tile of out in vector registers and walks along k.
//
// Small products read the operands where they lie. Transposed ones are read in place:
//   matmul_forward         NN  a by rows,    b by rows
//   matmul_backward_left   NT  a by rows,    b by columns   (gradient of the left operand: g x b^T)
//   matmul_backward_right  TN  a by columns, b by rows      (gradient of the right operand: a^T x g)
//   matmul_transposed      TT  a by columns, b by columns
// a_step (b_step) is the distance between rows, or between columns where it lies by columns; the other step is 1.
//
// Large products first bring both operands, whichever way they lie, into panels that are read front to back:
//   pack_rows     a into panels of ROWS rows:                    panel[p * ROWS + r]
//   pack_columns  b into panels of PANEL = VECTORS V columns:    panel[p * PANEL + c]
//   matmul_packed a product of panels
// Build options: V lanes a register, ROWS x VECTORS registers in the tile (that, VECTORS for b and one for a must fit).
#include "types.clh"

#ifndef V
#define V 4
#endif
#ifndef ROWS
#define ROWS 4
#endif
#ifndef VECTORS
#define VECTORS 2
#endif
#define PANEL (VECTORS * V)
#ifndef ROW_PANELS // panels of a that a work-item multiplies with its panel of b
#define ROW_PANELS 8
#endif
#ifndef K_BLOCK // steps of k after which sums go to memory, so that K_BLOCK x PANEL of b stays in the first-level cache
#define K_BLOCK 256
#endif

typedef JOIN(REAL, V) R;
typedef JOIN(MASK, V) LANE_MASK;
#if V == 16
#define LANE_INDEX ((LANE_MASK)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#elif V == 8
#define LANE_INDEX ((LANE_MASK)(0, 1, 2, 3, 4, 5, 6, 7))
#elif V == 4
#define LANE_INDEX ((LANE_MASK)(0, 1, 2, 3))
#else
#define LANE_INDEX ((LANE_MASK)(0, 1))
#endif
#define LOAD_R(p) JOIN(vload, V)(0, p)
#define STORE_R(v, p) JOIN(vstore, V)(v, 0, p)
#define EACH_ROW _Pragma("unroll") for (uint r = 0; r < ROWS; r++)
#define EACH_VECTOR _Pragma("unroll") for (uint c = 0; c < VECTORS; c++)

// The first `count` lanes, the others 0.
static inline R load_lanes(global const REAL *p, const size_t count) {
    if (count >= V) {
        return LOAD_R(p);
    }
    REAL lanes[V];
    for (uint l = 0; l < V; l++) {
        lanes[l] = l < count ? p[l] : 0;
    }
    return LOAD_R(lanes);
}

// Writes the first `count` lanes.
static inline void store_lanes(const R v, global REAL *p, const size_t count) {
    if (count >= V) {
        STORE_R(v, p);
        return;
    }
    REAL lanes[V];
    STORE_R(v, lanes);
    for (uint l = 0; l < count; l++) {
        p[l] = lanes[l];
    }
}

// One tile of ROWS x V, V lanes along n. Rows past the end repeat the last one and are not stored. B_LOAD gives
// b[p][j .. j + V - 1]; what it reads past the last column lies within the buffer's slack and is not stored.
#define MATMUL(name, A_AT, B_PREPARE, B_LOAD) \
    kernel void name(const ulong m, const ulong n, const ulong k, global const REAL *restrict a, const ulong a_at, \
                     const ulong a_step, const ulong a_batch, global const REAL *restrict b, const ulong b_at, \
                     const ulong b_step, const ulong b_batch, global REAL *restrict out, const ulong out_at) { \
        const size_t j = get_global_id(0) * V; \
        const size_t i = get_global_id(1) * ROWS; \
        const size_t z = get_global_id(2); \
        a += a_at + z * a_batch; \
        b += b_at + z * b_batch; \
        size_t row[ROWS]; \
        EACH_ROW { \
            row[r] = min((ulong)(i + r), m - 1); \
        } \
        B_PREPARE \
        R sum[ROWS]; \
        EACH_ROW { \
            sum[r] = (R)(0); \
        } \
        for (size_t p = 0; p < k; p++) { \
            const R right = B_LOAD; \
            EACH_ROW { \
                sum[r] = fma((R)(a[A_AT]), right, sum[r]); \
            } \
        } \
        out += out_at + (z * m + i) * n + j; \
        EACH_ROW { \
            if (i + r < m) { \
                store_lanes(sum[r], out + r * n, n - j); \
            } \
        } \
    }

#define BY_ROWS row[r] * a_step + p
#define BY_COLUMNS p * a_step + row[r]
#define GATHER \
    size_t column[V]; \
    _Pragma("unroll") for (uint l = 0; l < V; l++) { \
        column[l] = min((ulong)(j + l), n - 1) * b_step; \
    }
static inline R gathered(global const REAL *b, const size_t *column, const size_t p) {
    REAL lanes[V];
    _Pragma("unroll") for (uint l = 0; l < V; l++) {
        lanes[l] = b[column[l] + p];
    }
    return LOAD_R(lanes);
}

MATMUL(matmul_forward, BY_ROWS, , LOAD_R(b + p * b_step + j))
MATMUL(matmul_backward_right, BY_COLUMNS, , LOAD_R(b + p * b_step + j))
MATMUL(matmul_transposed, BY_COLUMNS, GATHER, gathered(b, column, p))

// Both operands are contiguous along k: V lanes along k, a tile of 4 x 4 sums of V lanes each, added up at the end.
kernel void matmul_backward_left(const ulong m, const ulong n, const ulong k, global const REAL *restrict a,
                                 const ulong a_at, const ulong a_step, const ulong a_batch,
                                 global const REAL *restrict b, const ulong b_at, const ulong b_step,
                                 const ulong b_batch, global REAL *restrict out, const ulong out_at) {
    const size_t j = get_global_id(0) * 4;
    const size_t i = get_global_id(1) * 4;
    const size_t z = get_global_id(2);
    global const REAL *left[4], *right[4];
    _Pragma("unroll") for (uint r = 0; r < 4; r++) {
        left[r] = a + a_at + z * a_batch + min((ulong)(i + r), m - 1) * a_step;
        right[r] = b + b_at + z * b_batch + min((ulong)(j + r), n - 1) * b_step;
    }
    R sum[4][4];
    _Pragma("unroll") for (uint r = 0; r < 4; r++) {
        _Pragma("unroll") for (uint c = 0; c < 4; c++) {
            sum[r][c] = (R)(0);
        }
    }
    for (size_t p = 0; p < k; p += V) {
        // lanes past the end of k hold whatever comes next in memory, which may be NaN: both factors become 0
        const LANE_MASK inside = LANE_INDEX < (LANE_MASK)(min((ulong)V, k - p));
        R x[4];
        _Pragma("unroll") for (uint c = 0; c < 4; c++) {
            x[c] = select((R)(0), LOAD_R(right[c] + p), inside);
        }
        _Pragma("unroll") for (uint r = 0; r < 4; r++) {
            const R y = select((R)(0), LOAD_R(left[r] + p), inside);
            _Pragma("unroll") for (uint c = 0; c < 4; c++) {
                sum[r][c] = fma(y, x[c], sum[r][c]);
            }
        }
    }
    out += out_at + z * m * n;
    _Pragma("unroll") for (uint r = 0; r < 4; r++) {
        _Pragma("unroll") for (uint c = 0; c < 4; c++) {
            if (i + r < m && j + c < n) {
                REAL lanes[V];
                STORE_R(sum[r][c], lanes);
                _Pragma("unroll") for (uint reach = V / 2; reach > 0; reach /= 2) {
                    _Pragma("unroll") for (uint l = 0; l < reach; l++) {
                        lanes[l] += lanes[l + reach];
                    }
                }
                out[(i + r) * n + j + c] = lanes[0];
            }
        }
    }
}

// A work-item copies K_BLOCK steps of one panel; lines past the matrix become zeros. `across` is the step from one line
// of the panel to the next (rows of a, columns of b), `along` that of k, `lines` their number.
#define PACK(name, SIZE) \
    kernel void name(const ulong lines, const ulong k, const ulong panels, global const REAL *restrict from, \
                     const ulong at, const ulong across, const ulong along, const ulong batch, \
                     global REAL *restrict to, const ulong to_at) { \
        const size_t first = get_global_id(0) * SIZE; \
        const size_t z = get_global_id(2); \
        const size_t p0 = get_global_id(1) * K_BLOCK; \
        const size_t p1 = min((ulong)(p0 + K_BLOCK), k); \
        from += at + z * batch + first * across; \
        to += to_at + (z * panels + get_global_id(0)) * SIZE * k; \
        if (first + SIZE > lines) { \
            for (size_t p = p0; p < p1; p++) { \
                for (uint l = 0; l < SIZE; l++) { \
                    to[p * SIZE + l] = first + l < lines ? from[l * across + p * along] : 0; \
                } \
            } \
        } else if (across == 1) { \
            for (size_t p = p0; p < p1; p++) { \
                _Pragma("unroll") for (uint l = 0; l < SIZE; l++) { \
                    to[p * SIZE + l] = from[l + p * along]; \
                } \
            } \
        } else { \
            for (size_t p = p0; p < p1; p++) { \
                _Pragma("unroll") for (uint l = 0; l < SIZE; l++) { \
                    to[p * SIZE + l] = from[l * across + p * along]; \
                } \
            } \
        } \
    }

PACK(pack_rows, ROWS)
PACK(pack_columns, PANEL)

// A work-item has ROW_PANELS panels of a and one of b, and adds up K_BLOCK steps at a time.
kernel void matmul_packed(const ulong m, const ulong n, const ulong k, global const REAL *restrict a,
                          const ulong a_at, const ulong a_batch, global const REAL *restrict b, const ulong b_at,
                          const ulong b_batch, global REAL *restrict out, const ulong out_at) {
    const size_t z = get_global_id(2);
    const size_t j = get_global_id(0) * PANEL;
    const size_t first = get_global_id(1) * (ROW_PANELS * ROWS);
    const size_t last = min((ulong)(first + ROW_PANELS * ROWS), m);
    a += a_at + z * a_batch;
    b += b_at + z * b_batch + j * k;
    out += out_at + z * m * n + j;
    for (size_t p0 = 0; p0 < k; p0 += K_BLOCK) {
        const size_t p1 = min((ulong)(p0 + K_BLOCK), k);
        for (size_t i = first; i < last; i += ROWS) {
            R sum[ROWS][VECTORS];
            EACH_ROW {
                EACH_VECTOR {
                    sum[r][c] = (R)(0);
                }
            }
            global const REAL *left = a + i * k;
            for (size_t p = p0; p < p1; p++) {
                R right[VECTORS];
                EACH_VECTOR {
                    right[c] = LOAD_R(b + p * PANEL + c * V);
                }
                EACH_ROW {
                    const R x = (R)(left[p * ROWS + r]);
                    EACH_VECTOR {
                        sum[r][c] = fma(x, right[c], sum[r][c]);
                    }
                }
            }
            EACH_ROW {
                if (i + r < m) {
                    EACH_VECTOR {
                        if (j + c * V < n) {
                            global REAL *to = out + (i + r) * n + c * V;
                            if (p0 > 0) {
                                sum[r][c] += load_lanes(to, n - j - c * V);
                            }
                            store_lanes(sum[r][c], to, n - j - c * V);
                        }
                    }
                }
            }
        }
    }
}
