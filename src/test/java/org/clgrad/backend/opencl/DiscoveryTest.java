package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Discovery under conditions that one JVM cannot have twice: each in a JVM of its own. */
class DiscoveryTest {

    /** What the child runs. */
    static final class Child {
        public static void main(String[] args) {
            Discovery found = OpenCl.discover();
            System.out.println("devices " + found.devices());
            System.out.println("failures " + found.failures());
        }
    }

    private static String discoverIn(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void withoutALibrary(@TempDir Path empty) throws Exception {
        // JOCL unpacks its native part there: a file in the place of a folder stops it
        String output = discoverIn(Map.of(), "-Djava.io.tmpdir=/dev/null/none", "-Djava.library.path=" + empty);
        assertTrue(output.contains("devices []"), output);
        assertTrue(output.contains("OpenCL loader: java.lang.UnsatisfiedLinkError"), output);
    }

    @Test
    void withoutADriver(@TempDir Path empty) throws Exception {
        String output = discoverIn(Map.of("OCL_ICD_VENDORS", empty + "/"));
        assertTrue(output.contains("devices []"), output);
        assertTrue(output.contains("OpenCL loader"), output);
    }

    @Test
    void asksOnceAndKeepsTheAnswer() {
        Discovery found = OpenCl.discover();
        assertSame(found, OpenCl.discover());
        for (OpenClDevice device : found.devices()) {
            assertTrue(device.info().memoryBytes() > 0 && device.info().maxBufferBytes() > 0, device::toString);
        }
    }

    @Test
    void opensADeviceOnce() {
        TestDevices.found().forEach(device -> assertSame(device.open(), device.open()));
    }
}
