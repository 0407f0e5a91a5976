/**
 * The backend in Java: buffers are arrays on the heap, kernels are loops over them, on all cores.
 *
 * <p>Classes named {@code Vector*} use the Vector API, an incubator module that may be absent at run time. They are
 * compiled apart and are loaded by name only ({@link org.clgrad.backend.cpu.Flavour}); nothing else may mention them.
 * Nothing here knows gradients, tensors or OpenCL.
 */
@NullMarked
package org.clgrad.backend.cpu;

import org.jspecify.annotations.NullMarked;
