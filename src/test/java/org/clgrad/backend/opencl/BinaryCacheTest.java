package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryCacheTest {
    @Test
    void keepsWhatItIsGiven(@TempDir Path folder) throws Exception {
        BinaryCache cache = new BinaryCache(folder.resolve("new"));
        String key = BinaryCache.key(List.of("source", "options"));
        assertNull(cache.load(key));
        cache.store(key, new byte[] {1, 2, 3});
        cache.store(key, new byte[] {4, 5});
        assertArrayEquals(new byte[] {4, 5}, cache.load(key));
        try (var files = Files.list(folder.resolve("new"))) {
            assertEquals(1, files.count(), "no temporary file is left");
        }
    }

    @Test
    void keysTellPartsApart() {
        assertNotEquals(BinaryCache.key(List.of("ab", "c")), BinaryCache.key(List.of("a", "bc")));
    }

    @Test
    void aFolderThatCannotBeIsNoError(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        BinaryCache cache = new BinaryCache(file.resolve("below"));
        cache.store("key", new byte[] {1});
        assertNull(cache.load("key"));
    }
}
