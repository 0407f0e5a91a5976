package org.clgrad.backend.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiled programs on disk: system property {@code clgrad.cache.dir}, else the user's cache folder. A file is written under
 * another name and renamed, so readers see all of it or nothing; whatever fails, the source is compiled instead.
 */
final class BinaryCache {
    private static final String FORMAT = "1"; // changes whenever files of older versions must not be read

    private final Path folder;

    BinaryCache(Path folder) {
        this.folder = folder;
    }

    static BinaryCache inUserFolder() {
        return new BinaryCache(folder());
    }

    /** Where the library keeps files. */
    static Path folder() {
        String chosen = System.getProperty("clgrad.cache.dir", "");
        return chosen.isEmpty() ? userFolder() : Path.of(chosen);
    }

    private static Path userFolder() {
        String local = System.getenv("LOCALAPPDATA"); // Windows
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home", "."));
        Path caches = local != null
                ? Path.of(local)
                : xdg != null && !xdg.isEmpty()
                        ? Path.of(xdg)
                        : System.getProperty("os.name", "").startsWith("Mac")
                                ? home.resolve("Library/Caches")
                                : home.resolve(".cache");
        return caches.resolve("clgrad");
    }

    /** A name for everything that a compiled program depends on. */
    static String key(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(FORMAT.getBytes(StandardCharsets.UTF_8));
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(
                        (bytes.length + ":").getBytes(StandardCharsets.UTF_8)); // so that parts cannot run together
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    byte @Nullable [] load(String key) {
        try {
            Path file = folder.resolve(key);
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    void store(String key, byte[] binary) {
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "new", null);
            try {
                Files.write(temporary, binary);
                Files.move(
                        temporary,
                        folder.resolve(key),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException | RuntimeException e) {
            // a cache that cannot be written is no cache
        }
    }
}
