package org.clgrad.backend.opencl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.DeviceInfo;
import org.clgrad.backend.TuningStep;
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

    /**
     * Searches for the best parameters of the matrix products on this device, keeps them on disk for this and later runs, and
     * uses them from now on.
     *
     * @return where they are kept
     */
    public Path tune(Consumer<TuningStep> listener) throws IOException {
        ClBackend opened = (ClBackend) open();
        MatmulPrograms programs = opened.matmuls();
        MatmulTuner tuner = new MatmulTuner(opened, programs, MatmulTuner.on(opened));
        List<DType> dtypes =
                Stream.of(DType.FLOAT32, DType.FLOAT64).filter(opened::supports).toList();
        MatmulTable before = programs.tuned();
        MatmulTable table = before;
        try {
            table = tuner.tune(dtypes, List.of(MatmulShape.values()), listener);
        } finally {
            programs.use(table);
        }
        TuningFile file = TuningFile.of(info);
        file.store(table);
        return file.path();
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
