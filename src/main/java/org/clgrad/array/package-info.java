/**
 * Shapes, strides, element types and broadcasting: pure host arithmetic.
 *
 * <p>Nothing here knows memory or a device. Everything above builds on it.
 */
@NullMarked
package org.clgrad.array;

import org.jspecify.annotations.NullMarked;
