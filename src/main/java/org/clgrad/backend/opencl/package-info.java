/**
 * Arrays and kernels on OpenCL devices: discovery, memory, launches, and the host's side of every kernel in
 * opencl-kernels/.
 *
 * <p>The driver's types (org.jocl) live here and never leave: what is public speaks of backends, device descriptions and
 * exceptions alone. Nothing here knows gradients or tensors. No driver is touched before {@link OpenCl#discover}.
 */
@NullMarked
package org.clgrad.backend.opencl;

import org.jspecify.annotations.NullMarked;
