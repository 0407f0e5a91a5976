/** Whole programs in a JVM of their own: limited memory, broken drivers, properties that are read once. */
@NullMarked
package org.clgrad.process;

import org.jspecify.annotations.NullMarked;
