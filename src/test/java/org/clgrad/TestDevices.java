package org.clgrad;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.clgrad.array.DType;

/**
 * The devices and dtypes that tests run on: Java, and every OpenCL device present. With the system property
 * {@code clgrad.test.requireOpenCL=true} a machine without an OpenCL device fails; else one line says that it has none.
 */
public final class TestDevices {
    private static final List<Device> DEVICES = find();

    private TestDevices() {}

    /** A column of a table of tests. */
    public record Column(Device device, DType dtype) {
        /** A tensor of this column's dtype on its device. */
        public Tensor tensor(double[] values, int... shape) {
            return tensor(device, dtype, values, shape);
        }

        /** A vector. */
        public Tensor vector(double... values) {
            return tensor(device, dtype, values, values.length);
        }

        /** A leaf that requires grad. */
        public Tensor leaf(double[] values, int... shape) {
            return tensor(values, shape).requiresGrad(true);
        }

        static Tensor tensor(Device device, DType dtype, double[] values, int... shape) {
            if (dtype == DType.FLOAT64) {
                return shape.length == 0 ? Tensor.scalar(device, dtype, values[0]) : Tensor.of(device, values, shape);
            }
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            return shape.length == 0
                    ? Tensor.scalar(device, dtype, values[0])
                    : Tensor.of(device, floats, shape).to(dtype);
        }

        @Override
        public String toString() {
            return device + "/" + dtype;
        }
    }

    public static List<Device> devices() {
        return DEVICES;
    }

    public static List<Device> openCl() {
        return DEVICES.stream().filter(Device::isOpenCl).toList();
    }

    /** Every device with FLOAT32, and with FLOAT64 where it has it: a method source. */
    public static Stream<Column> columns() {
        return DEVICES.stream()
                .flatMap(device -> Stream.of(DType.FLOAT32, DType.FLOAT64)
                        .filter(dtype ->
                                dtype == DType.FLOAT32 || device.describe().fp64())
                        .map(dtype -> new Column(device, dtype)));
    }

    /** The columns that compare derivatives with differences: FLOAT64 only. */
    public static Stream<Column> exactColumns() {
        return columns().filter(column -> column.dtype() == DType.FLOAT64);
    }

    private static List<Device> find() {
        List<Device> devices = new ArrayList<>();
        devices.add(Device.cpu());
        Device.all().stream().filter(Device::isOpenCl).forEach(devices::add);
        if (devices.size() == 1) {
            if (Boolean.getBoolean("clgrad.test.requireOpenCL")) {
                throw new AssertionError("an OpenCL device was promised, there is none: " + Device.failures());
            }
            System.err.println("NOT TESTED: OpenCL, since no device is present: " + Device.failures());
        } else {
            System.err.println("devices under test: "
                    + devices.stream().map(d -> d + " " + d.name()).toList());
        }
        return List.copyOf(devices);
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
