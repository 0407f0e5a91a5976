package org.clgrad.backend.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.clgrad.backend.MemoryPool;
import org.clgrad.backend.OutOfDeviceMemoryException;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/**
 * The device's one queue, in order. Its monitor guards whatever a driver leaves unguarded: arguments of kernels until the
 * launch, and blocks of memory against being released between the two. Only reading and finishing wait.
 */
final class ClQueue {
    private static final int STAGED_BYTES = 64 << 10; // read
    private static final int STAGED_BYTES_WRITTEN = 1 << 20;

    private final cl_command_queue queue;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGED_BYTES).order(ByteOrder.nativeOrder());
    private final Pointer stagingPointer = Pointer.to(staging);

    ClQueue(cl_command_queue queue) {
        this.queue = queue;
    }

    cl_command_queue handle() {
        return queue;
    }

    /**
     * Runs a launch. Where the device turns out to have no room for it (drivers may allocate as late as here), everything
     * that is kept or unreachable goes back first, and it runs once more.
     *
     * <p>Must not be called with the monitor held, since the pool's is taken before it.
     */
    void submit(MemoryPool<ClMem> pool, Runnable launch) {
        try {
            synchronized (this) {
                launch.run();
            }
        } catch (OpenClException e) {
            if (!e.isOutOfMemory()) {
                throw e;
            }
            finish();
            pool.trim();
            System.gc();
            pool.trim();
            try {
                synchronized (this) {
                    launch.run();
                }
            } catch (OpenClException again) {
                throw again.isOutOfMemory()
                        ? new OutOfDeviceMemoryException(
                                "the device has no room for a launch: " + again.getMessage() + "; " + pool.stats(),
                                again)
                        : again;
            }
        }
    }

    void finish() {
        Cl.call("clFinish", () -> CL.clFinish(queue));
    }

    /**
     * Copies to the start of a buffer. Short arrays go by way of a block that takes them at once, and need not wait for the
     * queue; long ones wait. A write that does not block would cost a thread of JOCL's.
     */
    void write(MemoryPool<ClMem> pool, cl_context context, ClBuffer dst, HostArray from) {
        long bytes = from.bytes();
        Pointer pointer = from.pointer();
        if (bytes <= STAGED_BYTES_WRITTEN) {
            submit(pool, () -> {
                cl_mem target = dst.mem().get();
                cl_mem staged = Cl.create(
                        "clCreateBuffer",
                        code -> CL.clCreateBuffer(context, CL.CL_MEM_COPY_HOST_PTR, bytes, pointer, code));
                try {
                    Cl.call(
                            "clEnqueueCopyBuffer",
                            () -> CL.clEnqueueCopyBuffer(queue, staged, target, 0, 0, bytes, 0, null, null));
                } finally { // the driver keeps it until it is copied
                    Cl.call("clReleaseMemObject", () -> CL.clReleaseMemObject(staged));
                }
            });
            return;
        }
        cl_mem mem = retained(dst);
        try {
            Cl.call(
                    "clEnqueueWriteBuffer",
                    () -> CL.clEnqueueWriteBuffer(queue, mem, CL.CL_TRUE, 0, bytes, pointer, 0, null, null));
        } finally {
            Cl.call("clReleaseMemObject", () -> CL.clReleaseMemObject(mem));
        }
    }

    /** Waits for the queue and copies. The Java array is pinned only while bytes move, not while kernels run. */
    void read(ClBuffer src, long at, long bytes, HostArray to) {
        cl_mem mem = retained(src);
        try {
            if (bytes <= STAGED_BYTES) {
                synchronized (staging) {
                    read(mem, at, bytes, stagingPointer);
                    to.copyFrom(staging);
                }
            } else {
                finish();
                read(mem, at, bytes, to.pointer());
            }
        } finally {
            Cl.call("clReleaseMemObject", () -> CL.clReleaseMemObject(mem));
        }
    }

    private void read(cl_mem mem, long at, long bytes, Pointer to) {
        Cl.call(
                "clEnqueueReadBuffer",
                () -> CL.clEnqueueReadBuffer(queue, mem, CL.CL_TRUE, at, bytes, to, 0, null, null));
    }

    /** A block that another thread cannot release from under a transfer. */
    private synchronized cl_mem retained(ClBuffer buffer) {
        cl_mem mem = buffer.mem().get();
        Cl.call("clRetainMemObject", () -> CL.clRetainMemObject(mem));
        return mem;
    }
}
