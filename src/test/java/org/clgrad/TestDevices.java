package org.clgrad;

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

    private TestDevices() {}

    public static Stream<Column> columns() {
        return Device.all().stream()
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
