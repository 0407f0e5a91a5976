// Sums, maxima and minima along one loop of an array; the host calls them once for each group of axes.
//   sum_inner, max_inner, min_inner   as in reduce_inner.clh
//   max_outer, min_outer              as in reduce_outer.clh; the sum is add_backward
// and, not on CPU devices, the same with _group.
// NaN propagates through all of them.

#define INNER sum_inner
#define KIND sum
#include "reduce_inner.clh"

#define INNER max_inner
#define KIND largest
#include "reduce_inner.clh"

#define INNER min_inner
#define KIND smallest
#include "reduce_inner.clh"

#define OUTER max_outer
#define KIND largest
#include "reduce_outer.clh"

#define OUTER min_outer
#define KIND smallest
#include "reduce_outer.clh"
