package org.clgrad.backend.opencl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jocl.CL;
import org.jspecify.annotations.Nullable;

/** The OpenCL devices of this machine. Nothing touches a driver before {@link #discover} is called. */
public final class OpenCl {
    private static @Nullable Discovery found;

    private OpenCl() {}

    /**
     * Asks every driver for its devices, once: later calls give the same answer. Never throws; what went wrong is part of
     * the answer.
     */
    public static synchronized Discovery discover() {
        if (found == null) {
            try {
                loadJocl();
                found = Platforms.discover();
            } catch (LinkageError | RuntimeException e) {
                found = new Discovery(List.of(), List.of(new Discovery.Failure("OpenCL loader", e)));
            }
        }
        return found;
    }

    /**
     * Touches JOCL, whose class initialiser loads its library, and first writes it to the folder for temporary files if it is not there: one process
     * after the other, as one that begins meanwhile would load half of it.
     */
    private static void loadJocl() {
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "clgrad-jocl.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            CL.setExceptionsEnabled(false);
        } catch (IOException | OverlappingFileLockException e) {
            // without a lock, then: whoever calls JOCL next loads it
        }
    }
}
