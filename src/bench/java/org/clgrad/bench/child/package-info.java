/** What runs in a contestant's own process: the workloads, their check, and the clock (JMH). */
@NullMarked
package org.clgrad.bench.child;

import org.jspecify.annotations.NullMarked;
