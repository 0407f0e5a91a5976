/**
 * One table of all operations, a row each, run against every device and dtype as columns. A row says how to call the
 * operation, on which shapes and values, and what it computes, in plain loops over doubles.
 */
@NullMarked
package org.clgrad.table;

import org.jspecify.annotations.NullMarked;
