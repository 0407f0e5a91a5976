package org.clgrad.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.clgrad.backend.opencl.RunTiles;
import org.clgrad.table.RunTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation, and every tile of the matrix products, in a simulator that reports accesses out of bounds, data races and misuse of the API. */
class OclgrindTest {
    private static final Path DRIVER = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void operations(String family, @TempDir Path folder) throws Exception {
        nothingToReport(family, folder, RunTable.class, "rows run on Oclgrind", "opencl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void shippedTiles(String family, @TempDir Path folder) throws Exception {
        nothingToReport(family, folder, RunTiles.class, "tiles run on Oclgrind");
    }

    private static void nothingToReport(String family, Path folder, Class<?> main, String proof, String... arguments)
            throws Exception {
        if (!Files.exists(DRIVER)) {
            assertTrue(!Boolean.getBoolean("clgrad.test.requireOpenCL"), "Oclgrind was promised, it is not installed");
            Assumptions.abort("Oclgrind, which runs kernels here, is not installed");
        }
        Files.writeString(folder.resolve("oclgrind.icd"), DRIVER + "\n");
        Path log = folder.resolve("report.txt");
        ChildJvm.Result result = ChildJvm.run(
                Map.of(
                        "OCL_ICD_VENDORS",
                        folder + "/",
                        "OCLGRIND_CHECK_API",
                        "1",
                        "OCLGRIND_DATA_RACES",
                        "1",
                        "OCLGRIND_LOG",
                        log.toString()),
                List.of(
                        "-Dclgrad.opencl.family=" + family,
                        "-Dclgrad.fusion=always",
                        "-Dclgrad.cache.dir=" + folder.resolve("cache")),
                main,
                arguments);
        assertEquals(0, result.exitCode(), result.output());
        assertTrue(result.output().contains(proof), result.output());
        assertEquals("", Files.exists(log) ? Files.readString(log) : "", "Oclgrind reports");
    }
}
