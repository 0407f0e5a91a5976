// Product of two arrays, and the division by a number that makes a sum a mean; each kernel also with _strided behind its name.
//   mul_forward  (a, b) -> a b
//   div_number   (a; k) -> a / k
// Work-items map to data as in pointwise.clh.

#define NAME mul_forward
#define INPUTS(F) F(0) F(1)
#define CONSTANTS(F)
#define LET
#define RESULT fn_mul(x0, x1)
#include "pointwise.clh"

#define NAME div_number
#define INPUTS(F) F(0)
#define CONSTANTS(F) F(0)
#define LET
#define RESULT fn_div(x0, k0)
#include "pointwise.clh"
