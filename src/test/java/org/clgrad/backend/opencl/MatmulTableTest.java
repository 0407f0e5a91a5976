package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.opencl.MatmulTable.Traits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatmulTableTest {
    private static final Traits H100 = new Traits("NVIDIA H100 PCIe", "sm_90", "NVIDIA Corporation", "GPU");

    private static String row(String match, String value, String shape, int depth) {
        return match + ", " + value + ", FLOAT32, " + shape + ", gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH="
                + depth + ", a test";
    }

    private static List<Integer> depths(List<String> lines, Traits device, MatmulShape shape) {
        return MatmulTable.parse(lines).find(device, DType.FLOAT32, shape, true).stream()
                .map(tile -> tile.get("DEPTH"))
                .toList();
    }

    @Test
    void theNameCountsBeforeTheArchitectureTheVendorAndTheType() {
        List<String> lines = List.of(
                "# a comment",
                "",
                row("type", "GPU", "ANY", 16),
                row("vendor", "nvidia", "ANY", 32),
                row("vendor", "Intel", "ANY", 48),
                row("architecture", "sm_90", "ANY", 64),
                row("architecture", "sm_80", "ANY", 80),
                row("name", "h100", "ANY", 96));
        assertEquals(List.of(96, 64, 32, 16), depths(lines, H100, MatmulShape.LARGE));
        assertEquals(List.of(16), depths(lines, new Traits("Mali", "", "ARM", "GPU"), MatmulShape.LARGE));
    }

    @Test
    void theShapeCountsBeforeAnyShapeAndEarlierLinesFirst() {
        List<String> lines = List.of(
                row("type", "GPU", "ANY", 16),
                row("type", "GPU", "SKINNY", 32),
                row("type", "GPU", "LARGE", 48),
                row("type", "GPU", "ANY", 64));
        assertEquals(List.of(48, 16, 64), depths(lines, H100, MatmulShape.LARGE));
        assertEquals(List.of(16, 64), depths(lines, H100, MatmulShape.SMALL));
    }

    @Test
    void otherTypesAndFamiliesDoNotCount() {
        MatmulTable table = MatmulTable.parse(List.of(row("type", "GPU", "ANY", 16)));
        assertEquals(List.of(), table.find(H100, DType.FLOAT64, MatmulShape.LARGE, true));
        assertEquals(List.of(), table.find(H100, DType.FLOAT32, MatmulShape.LARGE, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type, GPU, FLOAT32, ANY",
                "colour, GPU, FLOAT32, ANY, gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH=16, x",
                "type, GPU, FLOAT32, HUGE, gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH=16, x",
                "type, GPU, FLOAT32, ANY, tpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH=16, x",
                "type, GPU, FLOAT32, ANY, gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4, x",
                "type, GPU, FLOAT32, ANY, gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH, x",
                "type, GPU, FLOAT32, ANY, gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH=many, x",
                "type, GPU, FLOAT32, ANY, gpu TILE_M=64 TILE_N=64 ITEM_M=3 ITEM_N=4 DEPTH=16, x",
                "type, GPU, FLOAT32, ANY, gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH=4, x",
                "type, GPU, FLOAT32, ANY, gpu TILE_M=256 TILE_N=256 ITEM_M=4 ITEM_N=4 DEPTH=16, x",
                "type, CPU, FLOAT32, ANY, cpu V=16 ROWS=8 VECTORS=0 K_BLOCK=256 SHARE=256, x",
                "type, CPU, FLOAT32, ANY, cpu V=16 ROWS=8 VECTORS=5 K_BLOCK=256 SHARE=256, x",
                "type, CPU, FLOAT32, ANY, cpu V=7 ROWS=8 VECTORS=3 K_BLOCK=256 SHARE=256, x",
                "type, CPU, FLOAT32, ANY, cpu V=16 ROWS=8 VECTORS=3 K_BLOCK=256 SHARE=100, x"
            })
    void brokenLinesAreNamed(String line) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> MatmulTable.parse(List.of("# first", line)));
        assertTrue(e.getMessage().startsWith("line 2: "), e.getMessage());
    }

    @Test
    void rowsReadBackAsWritten() {
        MatmulTable shipped = MatmulPrograms.shipped();
        assertEquals(
                shipped,
                MatmulTable.parse(
                        shipped.rows().stream().map(MatmulTable.Row::toString).toList()));
    }

    @Test
    void everyKindOfProductHasAShippedTileOnEveryDevice() {
        for (boolean gpu : new boolean[] {false, true}) {
            Traits unknown = new Traits("?", "", "?", gpu ? "GPU" : "CPU");
            for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
                for (MatmulShape shape : MatmulShape.values()) {
                    List<MatmulTile> tiles = MatmulPrograms.shipped().find(unknown, dtype, shape, gpu);
                    assertTrue(!tiles.isEmpty(), shape + " " + dtype);
                    // some devices have no room for more
                    assertTrue(!gpu || tiles.get(tiles.size() - 1).group() <= 16, shape + " " + dtype);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 4096, 4096, 17, SKINNY",
        "64, 4096, 4096, 17, SKINNY",
        "64, 64, 64, 64, BATCHED",
        "1, 64, 4096, 64, SMALL",
        "1, 64, 64, 64, SMALL",
        "8, 512, 64, 512, LARGE",
        "1, 2048, 2048, 2048, LARGE",
        "1, 512, 64, 512, SMALL",
        "1, 512, 255, 512, SMALL",
        "1, 512, 256, 512, LARGE"
    })
    void shapesOnADeviceOfTwelveUnits(int batch, int m, int k, int n, MatmulShape shape) {
        assertEquals(shape, MatmulShape.of(batch, m, k, n, 12));
    }
}
