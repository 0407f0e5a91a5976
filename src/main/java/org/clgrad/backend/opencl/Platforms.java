package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.clgrad.backend.DeviceInfo;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Walks over platforms and devices; each that fails is noted and passed over. */
final class Platforms {
    private static final int PLATFORM_NOT_FOUND_KHR = -1001; // a loader without a driver
    private static final int DEVICE_NOT_FOUND = -1; // a platform without a device
    private static final long ALL_TYPES = 0xFFFFFFFFL; // CL_DEVICE_TYPE_ALL is a negative int, which rusticl refuses

    private Platforms() {}

    static Discovery discover() {
        List<OpenClDevice> devices = new ArrayList<>();
        List<Discovery.Failure> failures = new ArrayList<>();
        cl_platform_id[] platforms = new cl_platform_id[0];
        try {
            platforms = list("clGetPlatformIDs", PLATFORM_NOT_FOUND_KHR, cl_platform_id[]::new, CL::clGetPlatformIDs);
            if (platforms.length == 0) {
                failures.add(new Discovery.Failure(
                        "OpenCL loader",
                        new OpenClException("clGetPlatformIDs", PLATFORM_NOT_FOUND_KHR, "CL_PLATFORM_NOT_FOUND_KHR")));
            }
        } catch (RuntimeException e) {
            failures.add(new Discovery.Failure("OpenCL loader", e));
        }
        for (int p = 0; p < platforms.length; p++) {
            cl_platform_id platform = platforms[p];
            String where = "platform " + p;
            try {
                where = platformText(platform, CL.CL_PLATFORM_NAME);
                cl_device_id[] ids = list(
                        "clGetDeviceIDs",
                        DEVICE_NOT_FOUND,
                        cl_device_id[]::new,
                        (n, out, count) -> CL.clGetDeviceIDs(platform, ALL_TYPES, n, out, count));
                if (ids.length == 0) {
                    failures.add(new Discovery.Failure(
                            where, new OpenClException("clGetDeviceIDs", DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND")));
                }
                for (int d = 0; d < ids.length; d++) {
                    try {
                        devices.add(describe(platform, ids[d]));
                    } catch (RuntimeException e) {
                        failures.add(new Discovery.Failure(where + ", device " + d, e));
                    }
                }
            } catch (RuntimeException e) {
                failures.add(new Discovery.Failure(where, e));
            }
        }
        devices.sort(Comparator.comparingInt(device -> rank(device.info().type()))); // stable
        return new Discovery(devices, failures);
    }

    private static OpenClDevice describe(cl_platform_id platform, cl_device_id device) {
        ClDevice facts = ClDevice.of(platform, device);
        DeviceInfo info = facts.info();
        return new OpenClDevice(info, () -> ClBackend.open(facts));
    }

    private static int rank(String type) {
        return type.equals("GPU") ? 0 : type.equals("ACCELERATOR") ? 1 : 2;
    }

    static String platformText(cl_platform_id platform, int what) {
        return Cl.text(
                "clGetPlatformInfo",
                (size, value, needed) -> CL.clGetPlatformInfo(platform, what, size, value, needed));
    }

    @FunctionalInterface
    private interface Lister<H> {
        int list(int n, H[] out, int[] count);
    }

    /** All handles of a kind; none where the driver answers with {@code none}. */
    private static <H> H[] list(String call, int none, IntFunction<H[]> array, Lister<H> lister) {
        int[] count = new int[1];
        try {
            Cl.call(call, () -> lister.list(0, null, count));
        } catch (OpenClException e) {
            if (e.code() == none) {
                return array.apply(0);
            }
            throw e;
        }
        H[] found = array.apply(count[0]);
        if (found.length > 0) {
            Cl.call(call, () -> lister.list(found.length, found, null));
        }
        return found;
    }
}
