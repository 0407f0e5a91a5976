/**
 * What programs import: tensors, automatic differentiation, devices, random numbers.
 *
 * <p>Everything here is a thin handle over the packages below. Only {@link org.clgrad.Device} names the backends.
 */
@NullMarked
package org.clgrad;

import org.jspecify.annotations.NullMarked;
