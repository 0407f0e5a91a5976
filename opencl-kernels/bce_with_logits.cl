// Binary cross entropy of a logit x and a target y, the sigmoid inside; each kernel also with _strided behind its name.
//   bce_with_logits_forward   (x, y)    -> max(x, 0) - x y + log(1 + exp(-|x|)), finite for every finite x
//   bce_with_logits_backward  (g, x, y) -> g (sigmoid(x) - y)
// Work-items map to data as in pointwise.clh.

#define NAME bce_with_logits_forward
#define INPUTS(F) F(0) F(1)
#define CONSTANTS(F)
#define LET
#define RESULT fn_bce_with_logits(x0, x1)
#include "pointwise.clh"

#define NAME bce_with_logits_backward
#define INPUTS(F) F(0) F(1) F(2)
#define CONSTANTS(F)
#define LET
#define RESULT fn_bce_with_logits_backward(x0, x1, x2)
#include "pointwise.clh"
