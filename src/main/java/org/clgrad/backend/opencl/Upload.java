package org.clgrad.backend.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** Host memory on its way to the device, which must stay as it is until the queue has read it. */
final class Upload {
    static final int BYTES = 512 << 10;

    final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    private final Pointer pointer = Pointer.to(bytes);
    private @Nullable cl_event pending;

    /** Waits until the memory may be written again. */
    void await() {
        cl_event event = pending;
        if (event != null) {
            pending = null;
            try {
                Cl.call("clWaitForEvents", () -> CL.clWaitForEvents(1, new cl_event[] {event}));
            } finally {
                Cl.call("clReleaseEvent", () -> CL.clReleaseEvent(event));
            }
        }
    }

    void enqueue(cl_command_queue queue, cl_mem to, long size) {
        cl_event event = new cl_event();
        Cl.call(
                "clEnqueueWriteBuffer",
                () -> CL.clEnqueueWriteBuffer(queue, to, CL.CL_FALSE, 0, size, pointer, 0, null, event));
        pending = event;
        Cl.call("clFlush", () -> CL.clFlush(queue));
    }
}
