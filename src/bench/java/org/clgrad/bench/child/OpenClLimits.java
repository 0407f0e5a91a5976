package org.clgrad.bench.child;

import static org.jocl.CL.*;

import java.util.List;
import org.clgrad.bench.Case;
import org.clgrad.bench.engine.BareDevice;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/** A device's peak of multiply-adds, its copy bandwidth, and the cost of a bare launch. */
final class OpenClLimits implements WorkSource {
    private static final int CHAINS = 10; // of the kernel multiply_adds

    private final BareDevice device;
    private final boolean cpu;
    private final int width;
    private final String options;

    OpenClLimits(String name) {
        device = new BareDevice(name);
        cpu = device.isCpu();
        width = cpu ? Math.max(1, device.number(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT)) : 4;
        options = "-cl-std=CL1.2 -D V=float" + (width == 1 ? "" : width);
    }

    @Override
    public String version() {
        return "bare JOCL on a " + (cpu ? "CPU" : "GPU");
    }

    @Override
    public Work open(Case wanted) {
        return switch (wanted.workload()) {
            case FMA -> multiplyAdds(wanted.work());
            case COPY, ADD, EXP, SCALE -> fastestCopy(wanted.size(0));
            case SMALL -> vectors("add_one", wanted.size(0));
            default -> throw new UnsupportedOperationException("is no limit");
        };
    }

    private Work multiplyAdds(double operations) {
        int units = device.number(CL_DEVICE_MAX_COMPUTE_UNITS);
        long items = cpu ? units * 16L : units * 2048L;
        int iterations = (int) Math.ceil(operations / (2.0 * items * CHAINS * width));
        cl_mem out = device.allocate(4 * items * width);
        cl_kernel kernel = device.kernel("multiply_adds", options);
        clSetKernelArg(kernel, 0, Sizeof.cl_int, Pointer.to(new int[] {iterations}));
        clSetKernelArg(kernel, 1, Sizeof.cl_mem, Pointer.to(out));
        return work(() -> launch(kernel, items, cpu ? 1 : 256), List.of(out));
    }

    private Work vectors(String name, int n) {
        cl_mem in = device.upload(new Inputs(1).uniform(n, 1));
        cl_mem out = device.allocate(4L * n);
        cl_kernel kernel = device.kernel(name, options);
        return work(
                () -> {
                    clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(in));
                    clSetKernelArg(kernel, 1, Sizeof.cl_mem, Pointer.to(out));
                    launch(kernel, n / width, 64);
                },
                List.of(in, out));
    }

    /** The driver's own copy or a kernel's: drivers for processors may copy with one thread. */
    private Work fastestCopy(int n) {
        cl_mem in = device.upload(new Inputs(1).uniform(n, 1));
        cl_mem out = device.allocate(4L * n);
        Work fastest =
                work(() -> clEnqueueCopyBuffer(device.queue(), in, out, 0, 0, 4L * n, 0, null, null), List.of(in, out));
        double nanos = Stopwatch.warmUp(fastest, 0.1);
        for (String kernel : List.of("copy", "copy_past_cache")) {
            Work other = vectors(kernel, n);
            double taken = Stopwatch.warmUp(other, 0.1);
            if (taken < nanos) {
                fastest.close();
                fastest = other;
                nanos = taken;
            } else {
                other.close();
            }
        }
        return fastest;
    }

    private void launch(cl_kernel kernel, long items, int local) {
        long[] group = {Math.min(items, local)};
        clEnqueueNDRangeKernel(device.queue(), kernel, 1, null, new long[] {items}, group, 0, null, null);
    }

    private Work work(Runnable call, List<cl_mem> memory) {
        return new Work() {
            @Override
            public void call() {
                call.run();
            }

            @Override
            public void finish() {
                clFinish(device.queue());
            }

            @Override
            public List<float[]> results() {
                call.run();
                clFinish(device.queue());
                return List.of();
            }

            @Override
            public void close() {
                memory.forEach(org.jocl.CL::clReleaseMemObject);
            }
        };
    }
}
