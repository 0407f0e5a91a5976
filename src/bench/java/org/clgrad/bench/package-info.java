/**
 * The benchmark: what is measured ({@link org.clgrad.bench.Workload}), by whom ({@link org.clgrad.bench.Contestant}), and
 * the race between them. Contestants run in processes of their own ({@code child}), each behind {@code engine.Engine};
 * {@code report} makes the page.
 */
@NullMarked
package org.clgrad.bench;

import org.jspecify.annotations.NullMarked;
