package org.clgrad.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder in which the OpenCL loader has the name without a version, which CLBlast's native library asks for. */
final class NativeFolder {
    private static final List<String> PLACES = List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib");

    private NativeFolder() {}

    /** The folder's path, empty folder included where no loader is found. */
    static String withOpenCl() {
        try {
            Path folder =
                    Files.createDirectories(Path.of("target/bench/native")).toAbsolutePath();
            Path link = folder.resolve("libOpenCL.so");
            for (String place : PLACES) {
                Path loader = Path.of(place, "libOpenCL.so.1");
                if (Files.exists(loader) && !Files.exists(link)) {
                    Files.createSymbolicLink(link, loader);
                }
            }
            return folder.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
