// Matrix product out[z] = a[z] x b[z] where it is so small that a launch costs more than the work: [m, k] x [k, n] -> [m, n], for
// every z of a batch. A work-item computes one element, operands and result with any strides. It adds along k as the other
// products do, and compiles in no time, which is what matters to a program that starts.
//
// Element (i, p) of a is a[a_at + z * a_batch + i * a_row + p * a_column], and so for b and out.
#include "types.clh"

kernel void matmul_small(const ulong batch, const ulong m, const ulong n, const ulong k, global const REAL *a,
                         const ulong a_at, const ulong a_batch, const ulong a_row, const ulong a_column,
                         global const REAL *b, const ulong b_at, const ulong b_batch, const ulong b_row,
                         const ulong b_column, global REAL *out, const ulong out_at, const ulong out_batch,
                         const ulong out_row, const ulong out_column) {
    const size_t zi = get_global_id(0) / n;
    const size_t j = get_global_id(0) - zi * n;
    const size_t z = zi / m;
    const size_t i = zi - z * m;
    if (z >= batch) {
        return;
    }
    a += a_at + z * a_batch + i * a_row;
    b += b_at + z * b_batch + j * b_column;
    REAL sum = 0;
    for (size_t p = 0; p < k; p++) {
        sum = fma(a[p * a_column], b[p * b_row], sum);
    }
    out[out_at + z * out_batch + i * out_row + j * out_column] = sum;
}
