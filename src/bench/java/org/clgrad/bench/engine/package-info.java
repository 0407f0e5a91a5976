/** One class for each library that is measured, and for the limits of the machine. */
@NullMarked
package org.clgrad.bench.engine;

import org.jspecify.annotations.NullMarked;
