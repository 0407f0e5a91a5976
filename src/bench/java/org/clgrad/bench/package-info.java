/**
 * The benchmark: what is measured ({@link org.clgrad.bench.Workload}), by whom ({@link org.clgrad.bench.Contestant}), and
 * the race between them. Contestants run in processes of their own ({@code child}), each behind {@code engine.Engine},
 * but for PyTorch on a GPU, a program in {@code src/bench/python}; {@code report} makes the page.
 */
@NullMarked
package org.clgrad.bench;

import org.jspecify.annotations.NullMarked;
