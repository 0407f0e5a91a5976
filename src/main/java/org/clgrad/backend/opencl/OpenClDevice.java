package org.clgrad.backend.opencl;

import java.util.function.Supplier;
import org.clgrad.backend.Backend;
import org.clgrad.backend.DeviceInfo;
import org.jspecify.annotations.Nullable;

/** A device that was found and may be opened. */
public final class OpenClDevice {
    private final DeviceInfo info;
    private final Supplier<Backend> opener;
    private @Nullable Backend backend;

    OpenClDevice(DeviceInfo info, Supplier<Backend> opener) {
        this.info = info;
        this.opener = opener;
    }

    public DeviceInfo info() {
        return info;
    }

    /**
     * The device's backend. The first call makes it and compiles its kernels; later calls give the same one.
     *
     * @throws org.clgrad.backend.KernelBuildException if the driver's compiler refuses a kernel
     * @throws OpenClException if the driver fails otherwise
     */
    public synchronized Backend open() {
        if (backend == null) {
            backend = opener.get();
        }
        return backend;
    }

    /** A backend of its own, under the settings of this moment. */
    Backend openAnother() {
        return opener.get();
    }

    @Override
    public String toString() {
        return info.name() + " (" + info.type() + ", " + info.platform() + ")";
    }
}
