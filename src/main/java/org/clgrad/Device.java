package org.clgrad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.clgrad.backend.Backend;
import org.clgrad.backend.DeviceException;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.MemoryStats;
import org.clgrad.backend.TuningStep;
import org.clgrad.backend.cpu.CpuBackend;
import org.clgrad.backend.opencl.Discovery;
import org.clgrad.backend.opencl.OpenCl;
import org.clgrad.backend.opencl.OpenClDevice;
import org.jspecify.annotations.Nullable;

/**
 * Where tensors live and are computed: the Java backend, or a device with an OpenCL driver.
 *
 * <p>The default is chosen once: by the system property {@code clgrad.device}, else the environment variable
 * {@code CLGRAD_DEVICE}, else the best device present (a GPU, then another OpenCL device, then Java). A choice is
 * {@code cpu}, {@code opencl}, {@code opencl:1}, {@code gpu}, or a part of a device's name. OpenCL is not touched where
 * the choice is {@code cpu}.
 */
public final class Device {
    private static final Device CPU =
            new Device("cpu", () -> CpuBackend.instance().describe(), CpuBackend::instance, null);
    private static final Map<Backend, Device> BY_BACKEND = new ConcurrentHashMap<>();

    private static volatile @Nullable DeviceChoice defaultChoice;

    private final String id;
    private final Supplier<DeviceInfo> info;
    private final Supplier<Backend> opener;
    private final @Nullable OpenClDevice openCl;

    private Device(String id, Supplier<DeviceInfo> info, Supplier<Backend> opener, @Nullable OpenClDevice openCl) {
        this.id = id;
        this.info = info;
        this.opener = opener;
        this.openCl = openCl;
    }

    /** Discovery runs at the first use of this class, so not before OpenCL is wanted. */
    private static final class OpenClDevices {
        static final List<Device> DEVICES = new ArrayList<>();
        static final List<String> FAILURES;

        static {
            Discovery discovery = OpenCl.discover();
            for (OpenClDevice device : discovery.devices()) {
                DEVICES.add(new Device("opencl:" + DEVICES.size(), device::info, device::open, device));
            }
            FAILURES = discovery.failures().stream().map(Object::toString).toList();
        }
    }

    /** The Java backend, which is always there. */
    public static Device cpu() {
        return CPU;
    }

    /**
     * An OpenCL device by its number in {@link #all()}.
     *
     * @throws org.clgrad.backend.DeviceException if there is none of that number, or it does not open
     */
    public static Device opencl(int index) {
        return DeviceChoice.named("opencl:" + index).device();
    }

    /**
     * The device that a text chooses, as the property {@code clgrad.device} does.
     *
     * @throws org.clgrad.backend.DeviceException if there is no such device, or it does not open; the message names those that are there
     */
    public static Device of(String choice) {
        return DeviceChoice.named(choice).device();
    }

    /** All devices: the OpenCL devices, GPUs first, then Java. */
    public static List<Device> all() {
        List<Device> all = new ArrayList<>(OpenClDevices.DEVICES);
        all.add(CPU);
        return List.copyOf(all);
    }

    /** What could not be loaded when looking for devices, and why; one line each. */
    public static List<String> failures() {
        return List.copyOf(OpenClDevices.FAILURES);
    }

    /**
     * The device of tensors that are made without naming one.
     *
     * @throws org.clgrad.backend.DeviceException if a setting names a device that is not there
     */
    public static Device getDefault() {
        return defaultChoice().device();
    }

    /** Whether the property or the variable chooses the default, rather than what is present. */
    public static boolean isDefaultRequested() {
        return DeviceChoice.isSet();
    }

    /** Why the default is what it is, in a sentence. */
    public static String defaultReason() {
        return defaultChoice().reason();
    }

    private static DeviceChoice defaultChoice() {
        DeviceChoice choice = defaultChoice;
        if (choice == null) {
            synchronized (Device.class) {
                choice = defaultChoice;
                if (choice == null) {
                    choice = DeviceChoice.fromSettings();
                    defaultChoice = choice;
                }
            }
        }
        return choice;
    }

    static Device of(Backend backend) {
        return BY_BACKEND.getOrDefault(backend, CPU);
    }

    /** The backend, opened at its first use: an OpenCL device compiles its kernels then. */
    Backend backend() {
        Backend backend = opener.get();
        BY_BACKEND.putIfAbsent(backend, this);
        return backend;
    }

    /** The hardware's name. */
    public String name() {
        return info.get().name();
    }

    /** All that the device says of itself. */
    public DeviceInfo describe() {
        return info.get();
    }

    /** Whether this is an OpenCL device rather than Java. */
    public boolean isOpenCl() {
        return this != CPU;
    }

    /** Waits until all work asked of this device is done. */
    public void synchronize() {
        backend().synchronize();
    }

    public MemoryStats memoryStats() {
        return backend().memoryStats();
    }

    /** Gives memory that is kept for reuse back to the system. */
    public void emptyCache() {
        backend().trim();
    }

    /**
     * Searches for the kernel parameters that make matrix products fastest on this OpenCL device, for some minutes. What is
     * found is used from now on, and by later runs on this machine.
     *
     * @param listener hears of every candidate
     * @return the file that keeps the result
     * @throws DeviceException if this is the Java backend, which has nothing to tune, or no candidate works
     * @throws UncheckedIOException if the result cannot be kept
     */
    public Path tune(Consumer<TuningStep> listener) {
        if (openCl == null) {
            throw new DeviceException(
                    "tune: " + this + " is the Java backend, which has nothing to tune; choose an OpenCL device");
        }
        try {
            return openCl.tune(listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code cpu} or {@code opencl:0}. */
    @Override
    public String toString() {
        return id;
    }
}
