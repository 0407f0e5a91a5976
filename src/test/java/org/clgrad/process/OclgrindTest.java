package org.clgrad.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.clgrad.table.RunTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation in a simulator that reports accesses out of bounds, data races and misuse of the API. */
class OclgrindTest {
    private static final Path DRIVER = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void nothingToReport(String family, @TempDir Path folder) throws Exception {
        if (!Files.exists(DRIVER)) {
            assertTrue(!Boolean.getBoolean("clgrad.test.requireOpenCL"), "Oclgrind was promised, it is not installed");
            System.out.println("NOT TESTED: kernels under Oclgrind, which is not installed");
            Assumptions.abort("Oclgrind is not installed");
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
                List.of("-Dclgrad.opencl.family=" + family, "-Dclgrad.cache.dir=" + folder.resolve("cache")),
                RunTable.class,
                "opencl");
        assertEquals(0, result.exitCode(), result.output());
        assertTrue(result.output().contains("rows run on Oclgrind"), result.output());
        assertEquals("", Files.exists(log) ? Files.readString(log) : "", "Oclgrind reports");
    }
}
