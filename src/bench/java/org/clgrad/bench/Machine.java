package org.clgrad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.clgrad.Device;

/** What the page says about the machine. */
final class Machine {
    private Machine() {}

    /** @param openCl names of the OpenCL devices that take part */
    static void describe(Results results, List<String> openCl) throws IOException {
        results.fact("date", LocalDate.now(ZoneOffset.UTC).toString());
        results.fact("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        results.fact("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        results.fact("processor", processor());
        openCl.stream()
                .filter(Machine::isGpu)
                .forEach(name -> results.fact("gpu " + name, Device.of(name).name()));
    }

    /** @param device as clgrad names it */
    static boolean isGpu(String device) {
        return Device.of(device).describe().type().equals("GPU");
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return "unknown processor";
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }
}
