/**
 * What compilers for GPUs make of the kernels, without a GPU: registers, spills, occupancy, and the speed that follows.
 * {@link org.clgrad.gpu.GpuKernels} is the program; it writes docs/gpu-kernels.md.
 */
@NullMarked
package org.clgrad.gpu;

import org.jspecify.annotations.NullMarked;
