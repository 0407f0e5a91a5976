package org.clgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    Path temp;

    @Test
    void helpNamesEveryCommandAndOption() {
        for (Run run : new Run[] {Run.of("--help"), Run.of("train", "--help")}) {
            assertEquals(0, run.code());
            for (String text : new String[] {"--device", "--seed", "--out", "--verbose", "--version"}) {
                assertTrue(run.out().contains(text), () -> text + " is missing in " + run.out());
            }
        }
        String help = Run.of("--help").out();
        assertTrue(help.contains("devices") && help.contains("tutorial") && help.contains("train"), help);
        assertTrue(Run.of("train", "--help").out().contains("--epochs"));
    }

    @Test
    void versionIsTheBuilds() {
        assertTrue(
                Run.of("--version").out().matches("clgrad \\d+\\.\\d+\\S*\n"),
                Run.of("--version").out());
        assertEquals(0, Run.of("tutorial", "--version").code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bogus",
                "bogus",
                "train --bogus",
                "train --epochs many",
                "train --epochs 0",
                "train --learning-rate NaN",
                "train --momentum 1",
                "train --weight-decay -1",
                "--seed x tutorial",
                "--seed",
                "tutorial --device nonsense",
                "devices --device opencl:99",
                "tutorial extra"
            })
    void wrongUsageIsOneLineAndCode2(String arguments) {
        assertUsageError(Run.of((Object[]) arguments.split(" ")));
    }

    @Test
    void unwritableOutIsOneLineAndCode2() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        for (String command : new String[] {"tutorial", "train"}) {
            Run run = Run.of(command, "--out", file.resolve("below"));
            assertUsageError(run);
            assertTrue(run.err().contains(file.toString()), run.err());
            assertEquals("", run.out());
        }
        assertUsageError(Run.of("--out", file));
    }

    @Test
    void optionsComeBeforeOrAfterTheCommand() {
        String before = Run.of("--device", "cpu", "--seed", "5", "--out", temp, "tutorial")
                .out();
        String after = Run.of("tutorial", "--device", "cpu", "--seed", "5", "--out", temp)
                .out();
        String otherSeed = Run.of("tutorial", "--device", "cpu", "--out", temp).out();
        assertEquals(before, after);
        assertTrue(!before.equals(otherSeed));
    }

    @Test
    void devicesSaysWhatIsThereAndWhatIsUsed() {
        Run run = Run.of("devices");
        assertEquals(0, run.code());
        for (String text :
                new String[] {"cpu", "name", "driver", "compute units", "largest buffer", "fp64", "Using "}) {
            assertTrue(run.out().contains(text), () -> text + " is missing in " + run.out());
        }
        assertEquals("", run.err());
    }

    @Test
    void devicesLeavesOpenClAloneWhereCpuIsAskedFor() {
        Run run = Run.of("devices", "--device", "cpu");
        assertTrue(run.out().contains("asked for by --device cpu"), run.out());
        assertTrue(run.out().contains("not looked for"), run.out());
    }

    private static void assertUsageError(Run run) {
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("clgrad: "), run.err());
    }
}
