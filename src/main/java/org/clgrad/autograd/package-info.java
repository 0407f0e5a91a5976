/**
 * The tape: variables, the nodes that remember how they were made, and the backward pass that visits these.
 *
 * <p>It names no operation but the two that it needs itself, the sum and the copy of gradients.
 */
@NullMarked
package org.clgrad.autograd;

import org.jspecify.annotations.NullMarked;
