// Sums, maxima and minima along one loop of an array; the host calls them once for each group of axes.
//   sum_inner, max_inner, min_inner, and the same with _group   as in reduce_inner.clh
//   max_outer, min_outer                                        as in reduce_outer.clh; the sum is add_backward
// NaN propagates through all of them.
#include "functions.clh"

#define INNER sum_inner
#define COMBINE(a, b) ((a) + (b))
#define COMBINE_REAL(a, b) ((a) + (b))
#define NEUTRAL ((T)(0))
#include "reduce_inner.clh"

#define INNER max_inner
#define COMBINE(a, b) fn_maximum(a, b)
#define COMBINE_REAL(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))
#define NEUTRAL ((T)(-INFINITY))
#include "reduce_inner.clh"

#define INNER min_inner
#define COMBINE(a, b) fn_minimum(a, b)
#define COMBINE_REAL(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
#define NEUTRAL ((T)(INFINITY))
#include "reduce_inner.clh"

#define OUTER max_outer
#define COMBINE(a, b) fn_maximum(a, b)
#define NEUTRAL ((T)(-INFINITY))
#include "reduce_outer.clh"

#define OUTER min_outer
#define COMBINE(a, b) fn_minimum(a, b)
#define NEUTRAL ((T)(INFINITY))
#include "reduce_outer.clh"
