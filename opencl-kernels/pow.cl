// Powers y = x^p and their gradients; for each kernel there is one with _strided behind its name.
//   pow_forward             (x, p)       -> x^p
//   pow_backward_base       (g, x, p)    -> g p x^(p-1)
//   pow_backward_exponent   (g, x, p, y) -> g y log x
// Corner cases are written at the functions in functions.clh; work-items map to data as in pointwise.clh.

#define NAME pow_forward
#define INPUTS(F) F(0) F(1)
#define CONSTANTS(F)
#define LET
#define RESULT fn_pow(x0, x1)
#include "pointwise.clh"

#define NAME pow_backward_base
#define INPUTS(F) F(0) F(1) F(2)
#define CONSTANTS(F)
#define LET
#define RESULT fn_pow_backward_base(x0, x1, x2)
#include "pointwise.clh"

#define NAME pow_backward_exponent
#define INPUTS(F) F(0) F(1) F(2) F(3)
#define CONSTANTS(F)
#define LET
#define RESULT fn_pow_backward_exponent(x0, x1, x2, x3)
#include "pointwise.clh"
