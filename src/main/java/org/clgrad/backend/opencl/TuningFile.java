package org.clgrad.backend.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.clgrad.backend.DeviceInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was found best for one device and driver on this machine: a {@link MatmulTable} in the user's cache folder. */
record TuningFile(Path path, DeviceInfo device) {
    private static final Logger LOG = LoggerFactory.getLogger(TuningFile.class);
    private static final MatmulTable NOTHING = new MatmulTable(List.of());
    private static final int KEY_LETTERS = 16;

    static TuningFile of(DeviceInfo device) {
        return in(BinaryCache.folder(), device);
    }

    static TuningFile in(Path folder, DeviceInfo device) {
        String key = BinaryCache.key(List.of(device.name(), device.driver(), device.version(), device.platform()));
        return new TuningFile(folder.resolve("matmul-" + key.substring(0, KEY_LETTERS) + ".csv"), device);
    }

    /** An empty table if there is no file, and with a warning if it cannot be used. */
    MatmulTable load() {
        if (!Files.isRegularFile(path)) {
            return NOTHING;
        }
        try {
            MatmulTable table = MatmulTable.parse(Files.readAllLines(path));
            LOG.info(
                    "matrix products on {}: {} tuned tiles from {}",
                    device.name(),
                    table.rows().size(),
                    path);
            return table;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is ignored, tune again to replace it: {}", path, e.getMessage());
            return NOTHING;
        }
    }

    /** Writes all of it or nothing. */
    void store(MatmulTable table) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Best tiles for " + device.name() + ", " + device.platform() + ", driver " + device.driver());
        lines.add("# match, value, dtype, shape, tile, source");
        table.rows().forEach(row -> lines.add(row.toString()));
        Files.createDirectories(path.getParent());
        Path temporary = Files.createTempFile(path.getParent(), "new", null);
        try {
            Files.write(temporary, lines);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
