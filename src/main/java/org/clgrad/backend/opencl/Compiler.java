package org.clgrad.backend.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.KernelBuildException;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/** Turns sources into programs for one device, by way of the disk cache where the driver gains from it. */
final class Compiler {
    private final cl_context context;
    private final ClDevice device;
    private final ClQueue queue;
    private final @Nullable BinaryCache cache;

    Compiler(cl_context context, ClDevice device, ClQueue queue) {
        this.context = context;
        this.device = device;
        this.queue = queue;
        this.cache = cachesItself(device) ? null : BinaryCache.inUserFolder();
    }

    /**
     * Compiles a source.
     *
     * @param title what it is, for the message
     * @throws KernelBuildException with the compiler's log
     */
    ClProgram compile(String title, String source, String options) {
        String all = // -w: drivers print warnings for whoever runs the program
                "-cl-std=CL1.2 -w " + (device.roundsDivision() ? "-cl-fp32-correctly-rounded-divide-sqrt " : "")
                        + options;
        if (cache == null) {
            return new ClProgram(fromSource(title, source, all), queue);
        }
        DeviceInfo info = device.info();
        String key = BinaryCache.key(List.of(
                source, all, info.name(), info.driver(), info.version(), info.platform(), device.platformVersion()));
        byte[] binary = cache.load(key);
        cl_program program = binary == null ? null : fromBinary(binary, all);
        if (program == null) {
            program = fromSource(title, source, all);
            byte[] made = binaryOf(program);
            if (made != null) {
                cache.store(key, made);
            }
        }
        return new ClProgram(program, queue);
    }

    /** PoCL and NVIDIA keep compiled kernels themselves; asking them for binaries costs a compilation, or yields PTX. */
    private static boolean cachesItself(ClDevice device) {
        return device.isPocl() || device.info().platform().contains("NVIDIA");
    }

    private cl_program fromSource(String title, String source, String options) {
        cl_program program = Cl.create(
                "clCreateProgramWithSource",
                code -> CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, code));
        try {
            build(program, options);
        } catch (OpenClException e) {
            String log = log(program);
            CL.clReleaseProgram(program);
            throw new KernelBuildException(
                    title + " does not compile on " + device.info().name() + " (" + e.getMessage() + ", options "
                            + options + "):\n" + log,
                    e);
        }
        return program;
    }

    private @Nullable cl_program fromBinary(byte[] binary, String options) {
        cl_program program = null;
        try {
            program = Cl.create(
                    "clCreateProgramWithBinary",
                    code -> CL.clCreateProgramWithBinary(
                            context, 1, ids(), new long[] {binary.length}, new byte[][] {binary}, new int[1], code));
            build(program, options);
            return program;
        } catch (OpenClException e) { // stale or damaged: the source decides
            if (program != null) {
                CL.clReleaseProgram(program);
            }
            return null;
        }
    }

    private void build(cl_program program, String options) {
        Cl.call("clBuildProgram", () -> CL.clBuildProgram(program, 1, ids(), options, null, null));
    }

    private String log(cl_program program) {
        try {
            return Cl.text(
                    "clGetProgramBuildInfo",
                    (size, value, needed) -> CL.clGetProgramBuildInfo(
                            program, device.id(), CL.CL_PROGRAM_BUILD_LOG, size, value, needed));
        } catch (OpenClException e) {
            return "no log: " + e.getMessage();
        }
    }

    private static byte @Nullable [] binaryOf(cl_program program) {
        try {
            long length = Cl.integer(
                    "clGetProgramInfo",
                    (size, value, needed) ->
                            CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARY_SIZES, size, value, needed));
            if (length <= 0) {
                return null;
            }
            ByteBuffer binary = ByteBuffer.allocateDirect((int) length).order(ByteOrder.nativeOrder());
            Pointer pointers = Pointer.to(Pointer.to(binary));
            Cl.call(
                    "clGetProgramInfo",
                    () -> CL.clGetProgramInfo(
                            program, CL.CL_PROGRAM_BINARIES, org.jocl.Sizeof.POINTER, pointers, null));
            byte[] bytes = new byte[(int) length];
            binary.get(bytes);
            return bytes;
        } catch (OpenClException e) {
            return null;
        }
    }

    private cl_device_id[] ids() {
        return new cl_device_id[] {device.id()};
    }
}
