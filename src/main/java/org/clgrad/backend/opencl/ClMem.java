package org.clgrad.backend.opencl;

import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/** A block of device memory. */
final class ClMem {
    private final ClHandle<cl_mem> handle;
    private final Pointer pointer; // to the handle, as arguments of kernels want it; making one costs an allocation

    private ClMem(cl_mem mem) {
        handle = new ClHandle<>("MemObject", mem, CL::clReleaseMemObject);
        pointer = Pointer.to(mem);
    }

    static ClMem allocate(cl_context context, long bytes) {
        return new ClMem(Cl.create(
                "clCreateBuffer", code -> CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, code)));
    }

    cl_mem get() {
        return handle.get();
    }

    Pointer pointer() {
        handle.get();
        return pointer;
    }

    void release() {
        handle.release();
    }
}
