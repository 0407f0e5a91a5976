/**
 * The operations: each a function of variables with its derivative beside it, in the same file.
 *
 * <p>Derivatives are written with operations, so they can be differentiated again. Nothing here knows tensors, or which
 * device computes.
 */
@NullMarked
package org.clgrad.op;

import org.jspecify.annotations.NullMarked;
