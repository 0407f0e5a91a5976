package org.clgrad.backend.opencl;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clgrad.backend.DeviceInfo;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * A device's handles and what the driver says of it.
 *
 * @param platformVersion part of what compiled kernels depend on
 * @param architecture what compiled kernels are for: {@code sm_80}, {@code gfx90a}, {@code simd512}; empty where it is not told
 * @param cacheBytes of its largest cache; 0 where it is not told
 * @param largestGroup work-items that a work-group may have at most
 * @param roundsDivision whether a correctly rounded float division may be asked for
 */
record ClDevice(
        cl_platform_id platform,
        cl_device_id id,
        DeviceInfo info,
        String platformVersion,
        String architecture,
        long cacheBytes,
        long largestGroup,
        boolean roundsDivision) {
    private static final Pattern AMD = Pattern.compile("gfx[0-9a-f]+");
    private static final int FLOAT_BITS = 32;
    private static final int COMPUTE_CAPABILITY_MAJOR_NV = 0x4000; // cl_nv_device_attribute_query
    private static final int COMPUTE_CAPABILITY_MINOR_NV = 0x4001;

    static ClDevice of(cl_platform_id platform, cl_device_id id) {
        if (integer(id, CL.CL_DEVICE_AVAILABLE) == 0 || integer(id, CL.CL_DEVICE_COMPILER_AVAILABLE) == 0) {
            throw new IllegalStateException("the device is not available, or its driver has no compiler");
        }
        String extensions = " " + text(id, CL.CL_DEVICE_EXTENSIONS) + " ";
        DeviceInfo info = new DeviceInfo(
                text(id, CL.CL_DEVICE_NAME),
                type(integer(id, CL.CL_DEVICE_TYPE)),
                Platforms.platformText(platform, CL.CL_PLATFORM_NAME),
                text(id, CL.CL_DEVICE_VENDOR),
                text(id, CL.CL_DRIVER_VERSION),
                text(id, CL.CL_DEVICE_VERSION),
                (int) integer(id, CL.CL_DEVICE_MAX_COMPUTE_UNITS),
                integer(id, CL.CL_DEVICE_GLOBAL_MEM_SIZE),
                integer(id, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                extensions.contains(" cl_khr_fp64 "),
                extensions.contains(" cl_khr_fp16 "));
        return new ClDevice(
                platform,
                id,
                info,
                Platforms.platformText(platform, CL.CL_PLATFORM_VERSION),
                architecture(id, info, extensions),
                integer(id, CL.CL_DEVICE_GLOBAL_MEM_CACHE_SIZE),
                integer(id, CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
                (integer(id, CL.CL_DEVICE_SINGLE_FP_CONFIG) & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0);
    }

    private static String architecture(cl_device_id id, DeviceInfo info, String extensions) {
        Matcher amd = AMD.matcher(info.name());
        if (amd.find()) {
            return amd.group();
        }
        if (extensions.contains(" cl_nv_device_attribute_query ")) {
            return "sm_" + integer(id, COMPUTE_CAPABILITY_MAJOR_NV) + integer(id, COMPUTE_CAPABILITY_MINOR_NV);
        }
        return info.type().equals("CPU")
                ? "simd" + FLOAT_BITS * integer(id, CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT)
                : "";
    }

    boolean isCpu() {
        return info.type().equals("CPU");
    }

    /** Whether the driver is PoCL, which compiles kernels by clang on the machine itself. */
    boolean isPocl() {
        return info.platform().contains("Portable Computing");
    }

    private static String type(long bits) {
        return (bits & CL.CL_DEVICE_TYPE_GPU) != 0
                ? "GPU"
                : (bits & CL.CL_DEVICE_TYPE_CPU) != 0 ? "CPU" : "ACCELERATOR";
    }

    private static String text(cl_device_id id, int what) {
        return Cl.text("clGetDeviceInfo", (size, value, needed) -> CL.clGetDeviceInfo(id, what, size, value, needed));
    }

    private static long integer(cl_device_id id, int what) {
        return Cl.integer(
                "clGetDeviceInfo", (size, value, needed) -> CL.clGetDeviceInfo(id, what, size, value, needed));
    }
}
