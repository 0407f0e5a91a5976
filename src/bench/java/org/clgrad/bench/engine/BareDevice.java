package org.clgrad.bench.engine;

import static org.jocl.CL.*;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.clgrad.Device;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;

/** An OpenCL device through JOCL and nothing else: the ground that this library and CLBlast stand on. */
public final class BareDevice {
    private final cl_device_id device;
    private final cl_context context;
    private final cl_command_queue queue;

    /** @param name of the device in this library */
    @SuppressWarnings("deprecation") // the queue of OpenCL 1.2
    public BareDevice(String name) {
        CL.setExceptionsEnabled(true);
        String wanted = Device.of(name).name();
        cl_device_id found = null;
        cl_platform_id home = null;
        int[] count = new int[1];
        clGetPlatformIDs(0, null, count);
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        clGetPlatformIDs(platforms.length, platforms, null);
        for (cl_platform_id platform : platforms) {
            try {
                clGetDeviceIDs(platform, 0xFFFFFFFFL, 0, null, count);
            } catch (RuntimeException e) {
                continue; // a platform without devices says so with an error
            }
            cl_device_id[] devices = new cl_device_id[count[0]];
            clGetDeviceIDs(platform, 0xFFFFFFFFL, devices.length, devices, null);
            for (cl_device_id candidate : devices) {
                if (found == null && text(candidate, CL_DEVICE_NAME).equals(wanted)) {
                    found = candidate;
                    home = platform;
                }
            }
        }
        device = Objects.requireNonNull(found, () -> "no device is named " + wanted);
        cl_context_properties properties = new cl_context_properties();
        properties.addProperty(CL_CONTEXT_PLATFORM, home);
        context = clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, null);
        queue = clCreateCommandQueue(context, device, 0, null);
    }

    private static String text(cl_device_id device, int parameter) {
        long[] size = new long[1];
        clGetDeviceInfo(device, parameter, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        clGetDeviceInfo(device, parameter, bytes.length, Pointer.to(bytes), null);
        return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8).strip();
    }

    public int number(int parameter) {
        int[] value = new int[1];
        clGetDeviceInfo(device, parameter, Sizeof.cl_int, Pointer.to(value), null);
        return value[0];
    }

    public boolean isCpu() {
        long[] type = new long[1];
        clGetDeviceInfo(device, CL_DEVICE_TYPE, Sizeof.cl_long, Pointer.to(type), null);
        return (type[0] & CL_DEVICE_TYPE_CPU) != 0;
    }

    public cl_command_queue queue() {
        return queue;
    }

    public cl_mem allocate(long bytes) {
        return clCreateBuffer(context, CL_MEM_READ_WRITE, bytes, null, null);
    }

    public cl_mem upload(float[] data) {
        cl_mem buffer = allocate(4L * data.length);
        clEnqueueWriteBuffer(queue, buffer, true, 0, 4L * data.length, Pointer.to(data), 0, null, null);
        return buffer;
    }

    public float[] download(cl_mem buffer, int length) {
        float[] data = new float[length];
        clEnqueueReadBuffer(queue, buffer, true, 0, 4L * length, Pointer.to(data), 0, null, null);
        return data;
    }

    public cl_kernel kernel(String name, String options) {
        cl_program program = clCreateProgramWithSource(context, 1, new String[] {limitsSource()}, null, null);
        clBuildProgram(program, 0, null, options, null, null);
        return clCreateKernel(program, name, null);
    }

    private static String limitsSource() {
        try (InputStream in = Objects.requireNonNull(BareDevice.class.getResourceAsStream("/limits.cl"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
