package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.clgrad.backend.DeviceInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningFileTest {
    private static final MatmulTable NOTHING = new MatmulTable(List.of());

    private static DeviceInfo device(String driver) {
        return new DeviceInfo("a GPU", "GPU", "a platform", "a vendor", driver, "OpenCL 1.2", 8, 1, 1, true, false);
    }

    @Test
    void keepsATableForOneDeviceAndDriver(@TempDir Path folder) throws Exception {
        TuningFile file = TuningFile.in(folder.resolve("new"), device("1.0"));
        assertEquals(NOTHING, file.load());
        MatmulTable table = MatmulPrograms.shipped();
        file.store(NOTHING);
        file.store(table);
        assertEquals(table, file.load());
        assertEquals(
                NOTHING, TuningFile.in(folder.resolve("new"), device("1.1")).load());
        assertNotEquals(
                file.path(), TuningFile.in(folder.resolve("new"), device("1.1")).path());
        try (var files = Files.list(folder.resolve("new"))) {
            assertEquals(1, files.count(), "no temporary file is left");
        }
    }

    @Test
    void aBrokenFileIsIgnored(@TempDir Path folder) throws Exception {
        TuningFile file = TuningFile.in(folder, device("1.0"));
        Files.writeString(file.path(), "type, GPU, FLOAT32, ANY, gpu TILE_M=a");
        assertEquals(NOTHING, file.load());
        Files.write(file.path(), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1}); // no text at all
        assertEquals(NOTHING, file.load());
        file.store(MatmulPrograms.shipped());
        assertTrue(file.load().rows().size() > 1);
    }
}
