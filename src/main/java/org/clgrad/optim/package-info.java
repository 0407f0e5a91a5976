/**
 * Optimizers: torch.optim. An optimizer is a formula for a parameter's next value and for what is remembered of its
 * gradients; one kernel computes it for up to eight parameters at once.
 */
@NullMarked
package org.clgrad.optim;

import org.jspecify.annotations.NullMarked;
