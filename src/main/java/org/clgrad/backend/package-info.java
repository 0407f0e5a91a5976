/**
 * What a device must be able to do, and the words in which it is asked: buffers, strided arrays, pointwise expressions,
 * reductions, matrix products.
 *
 * <p>Nothing here knows gradients, tensors or a particular device. Callers check shapes and allocate results; a backend
 * computes.
 */
@NullMarked
package org.clgrad.backend;

import org.jspecify.annotations.NullMarked;
