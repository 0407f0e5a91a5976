package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clgrad.backend.Fn;
import org.junit.jupiter.api.Test;

/** Nothing that the library has for GPUs is left out of what the compilers are given. */
class GpuSourcesTest {
    private static final List<GpuSource> FILES = GpuSources.files();

    @Test
    void everyFileIsThere() throws IOException {
        try (Stream<Path> folder = Files.list(Path.of("opencl-kernels"))) {
            Set<String> files = folder.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cl"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(files, new TreeSet<>(GpuSources.fileNames()));
            for (String file : files) {
                String text = KernelSource.of(file);
                assertTrue(FILES.stream().anyMatch(source -> source.text().equals(text)), file);
            }
        }
    }

    @Test
    void everyTileOfTheTableIsThereWithBothKindsOfLines() {
        for (MatmulTable.Row row : MatmulPrograms.shipped().rows()) {
            if (row.tile().gpu()) {
                for (boolean aligned : new boolean[] {true, false}) {
                    String options = MatmulPrograms.options(row.tile(), row.dtype(), aligned);
                    assertTrue(
                            FILES.stream()
                                    .anyMatch(source -> source.options().equals(options)
                                            && source.group() == row.tile().group()),
                            options);
                }
            }
        }
    }

    @Test
    void everyFunctionIsThereInBothTypes() {
        List<GpuSource> functions = GpuSources.functions();
        for (Fn fn : Fn.values()) {
            assertEquals(
                    2,
                    functions.stream()
                            .filter(source -> source.title().equals("fn_" + fn.kernelName()))
                            .distinct()
                            .count(),
                    fn::name);
        }
    }

    @Test
    void includesAreInTheirPlace() {
        for (GpuSource source : FILES) {
            assertTrue(!source.text().contains("#include \""), source::title);
        }
    }
}
