/** Tables, verdicts and plots from measurements. */
@NullMarked
package org.clgrad.bench.report;

import org.jspecify.annotations.NullMarked;
