package org.clgrad.backend.opencl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jocl.CL;
import org.jocl.cl_program;

/** A compiled source and its kernels. */
final class ClProgram {
    private final cl_program program;
    private final ClQueue queue;
    private final Map<String, ClKernel> kernels = new ConcurrentHashMap<>();

    ClProgram(cl_program program, ClQueue queue) {
        this.program = program;
        this.queue = queue;
    }

    /** The kernel of that name; one object for all threads. */
    ClKernel kernel(String name) {
        return kernels.computeIfAbsent(
                name,
                n -> new ClKernel(
                        n, Cl.create("clCreateKernel " + n, code -> CL.clCreateKernel(program, n, code)), queue));
    }
}
