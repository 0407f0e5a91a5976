// Sum of two arrays and its gradient.
//   add_forward   out[i] = a[i] + b[i]; also add_forward_strided. Work-items map to data as in pointwise.clh.
//   add_backward  out[j] = sum over i of g[i][j]: the gradient of an addend that was broadcast over i.
//                 Work-items map to data as in the outer reduction of reduce_outer.clh.
// Where nothing was broadcast the gradient of an addend is g itself, and no kernel runs.

#define NAME add_forward
#define INPUTS(F) F(0) F(1)
#define CONSTANTS(F)
#define LET
#define RESULT fn_add(x0, x1)
#include "pointwise.clh"

#define OUTER add_backward
#define KIND sum
#include "reduce_outer.clh"
