/** Data sets that demonstrations and tests train on: plain Java arrays, no tensors and no device. */
@NullMarked
package org.clgrad.data;

import org.jspecify.annotations.NullMarked;
