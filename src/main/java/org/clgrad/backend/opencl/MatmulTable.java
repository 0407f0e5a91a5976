package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.clgrad.array.DType;
import org.jspecify.annotations.Nullable;

/**
 * Which tile a device should use, read from text with one row a line: {@code match, value, dtype, shape, tile, source}.
 *
 * <p>{@code match} is {@code name}, {@code architecture}, {@code vendor} or {@code type}, and says what of the device must be (or, for
 * name and vendor, contain) the value, letters in either case. A row for the name counts before one for the architecture, that
 * before the vendor's and that before the type's; within each, one for the shape before one for {@code ANY}, and an earlier line
 * before a later one. Lines that begin with # are comments.
 */
record MatmulTable(List<Row> rows) {

    enum Match {
        NAME,
        ARCHITECTURE,
        VENDOR,
        TYPE
    }

    /** @param shape null for any */
    record Row(
            Match match,
            String value,
            DType dtype,
            @Nullable MatmulShape shape,
            MatmulTile tile,
            String source) {
        private boolean fits(Traits device) {
            return switch (match) {
                case NAME -> contains(device.name, value);
                case ARCHITECTURE -> device.architecture.equalsIgnoreCase(value);
                case VENDOR -> contains(device.vendor, value);
                case TYPE -> device.type.equalsIgnoreCase(value);
            };
        }

        private static boolean contains(String text, String part) {
            return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return String.join(
                    ", ",
                    match.name().toLowerCase(Locale.ROOT),
                    value,
                    dtype.name(),
                    shape == null ? "ANY" : shape.name(),
                    tile.toString(),
                    source);
        }
    }

    /**
     * What rows ask of a device.
     *
     * @param architecture {@code sm_80}, {@code gfx90a}, {@code simd512}, or empty where the driver does not tell
     * @param type {@code CPU} or {@code GPU}
     */
    record Traits(String name, String architecture, String vendor, String type) {}

    /** @throws IllegalArgumentException naming the line that cannot be understood */
    static MatmulTable parse(List<String> lines) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).trim();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    rows.add(row(line.split(",", 6)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return new MatmulTable(rows);
    }

    private static Row row(String[] cells) {
        if (cells.length != 6) {
            throw new IllegalArgumentException(cells.length + " cells instead of 6");
        }
        String shape = cells[3].trim();
        return new Row(
                Match.valueOf(cells[0].trim().toUpperCase(Locale.ROOT)),
                cells[1].trim(),
                DType.valueOf(cells[2].trim()),
                shape.equals("ANY") ? null : MatmulShape.valueOf(shape),
                MatmulTile.parse(cells[4]),
                cells[5].trim());
    }

    /** All tiles for a device's kernels, best first. */
    List<MatmulTile> find(Traits device, DType dtype, MatmulShape shape, boolean gpu) {
        List<MatmulTile> found = new ArrayList<>();
        for (Match match : Match.values()) {
            for (int any = 0; any < 2; any++) {
                for (Row row : rows) {
                    if (row.match == match
                            && row.shape == (any == 1 ? null : shape)
                            && row.dtype == dtype
                            && row.tile.gpu() == gpu
                            && row.fits(device)) {
                        found.add(row.tile);
                    }
                }
            }
        }
        return found;
    }
}
