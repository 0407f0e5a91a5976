package org.clgrad.backend.opencl;

import java.util.List;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The devices that tests run on: all, or those whose name or platform contains system property {@code clgrad.test.opencl}.
 * Without any, tests skip with one visible line, or fail where {@code clgrad.test.requireOpenCL} is true.
 */
final class TestDevices {
    private static final List<OpenClDevice> FOUND = find();
    private static final List<Backend> OTHER =
            FOUND.stream().map(TestDevices::otherFamily).toList();

    static final int SMALL_CACHE = 4096;
    private static final List<Backend> SMALL = FOUND.stream()
            .map(device -> openAnother(device, "clgrad.opencl.cache", Integer.toString(SMALL_CACHE)))
            .toList();

    private TestDevices() {}

    private static List<OpenClDevice> find() {
        String wanted = System.getProperty("clgrad.test.opencl", "");
        List<OpenClDevice> devices = OpenCl.discover().devices().stream()
                .filter(device -> device.toString().contains(wanted))
                .toList();
        if (devices.isEmpty()) {
            String line = "No OpenCL device" + (wanted.isEmpty() ? "" : " matches " + wanted) + ": "
                    + OpenCl.discover().failures();
            if (Boolean.getBoolean("clgrad.test.requireOpenCL")) {
                throw new AssertionError(line);
            }
            System.out.println(line + "; its tests are skipped");
        }
        return devices;
    }

    static List<OpenClDevice> found() {
        return FOUND;
    }

    static Stream<Backend> backends() {
        return FOUND.stream().map(OpenClDevice::open);
    }

    /** Each device with each type that it computes with. */
    static Stream<Arguments> backendsAndTypes() {
        return withTypes(backends());
    }

    private static Stream<Arguments> withTypes(Stream<Backend> backends) {
        return backends.flatMap(backend -> Stream.of(DType.FLOAT32, DType.FLOAT64)
                .filter(backend::supports)
                .map(dtype -> Arguments.of(backend, dtype)));
    }

    /** The same, with the kernels that a device would choose and with those of the other family. */
    static Stream<Arguments> families() {
        return Stream.concat(backendsAndTypes(), withTypes(OTHER.stream()));
    }

    /** Each device with each type, where it believes its cache to have {@link #SMALL_CACHE} bytes. */
    static Stream<Arguments> smallCaches() {
        return withTypes(SMALL.stream());
    }

    private static Backend otherFamily(OpenClDevice device) {
        String family = System.getProperty("clgrad.opencl.family", "");
        boolean gpu = family.isEmpty() ? !device.info().type().equals("CPU") : family.equals("gpu");
        return openAnother(device, "clgrad.opencl.family", gpu ? "cpu" : "gpu");
    }

    /** A device with a system property that holds for it alone. */
    private static Backend openAnother(OpenClDevice device, String property, String value) {
        String before = System.getProperty(property);
        System.setProperty(property, value);
        try {
            return device.openAnother();
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }
}
