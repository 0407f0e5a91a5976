package org.clgrad;

import java.util.List;
import java.util.stream.Stream;
import org.clgrad.array.DType;

/** The devices that tests run on: Java, and every OpenCL device present. */
public final class TestDevices {
    /** A device and a dtype that it computes with. */
    public record Column(Device device, DType dtype) {
        @Override
        public String toString() {
            return device + "/" + dtype;
        }
    }

    private static final List<Device> OPEN_CL = findOpenCl();

    private TestDevices() {}

    /** The OpenCL devices. None is an error where they were promised, and one visible line elsewhere. */
    public static List<Device> openCl() {
        return OPEN_CL;
    }

    private static List<Device> findOpenCl() {
        List<Device> found = Device.all().stream().filter(Device::isOpenCl).toList();
        if (found.isEmpty() && Boolean.getBoolean("clgrad.test.requireOpenCL")) {
            throw new AssertionError("an OpenCL device was promised, there is none: " + Device.failures());
        }
        System.out.println(
                found.isEmpty()
                        ? "NOT TESTED: OpenCL, since no device is present: " + Device.failures()
                        : "OpenCL devices under test: " + found.stream().map(d -> d + " " + d.name()).toList());
        return found;
    }

    public static Stream<Column> columns() {
        return Stream.concat(openCl().stream(), Stream.of(Device.cpu()))
                .flatMap(device -> Stream.of(DType.FLOAT32, DType.FLOAT64)
                        .filter(dtype -> dtype == DType.FLOAT32 || device.describe().fp64())
                        .map(dtype -> new Column(device, dtype)));
    }

    /** Bytes that a device's reachable buffers hold: what the collector has yet to find is not counted. */
    public static long bytesInUse(Device device) {
        long least = device.memoryStats().inUse();
        for (int quiet = 0; least > 0 && quiet < 3; ) { // until collecting finds nothing more
            System.gc();
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            long now = device.memoryStats().inUse();
            quiet = now < least ? 0 : quiet + 1;
            least = Math.min(least, now);
        }
        return least;
    }
}
