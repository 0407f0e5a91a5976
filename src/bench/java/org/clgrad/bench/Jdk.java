package org.clgrad.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A Java installation.
 *
 * @param feature its version, such as 17
 */
record Jdk(int feature, Path home) {
    private static final int OLDEST = 17;

    /** One of each version from 17 on, the oldest first: this process's own, and those in /usr/lib/jvm. */
    static List<Jdk> installed() throws IOException {
        TreeMap<Integer, Jdk> found = new TreeMap<>();
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path folder = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(homes::add);
            }
        }
        for (Path home : homes) {
            int feature = feature(home);
            if (feature >= OLDEST && Files.isExecutable(home.resolve("bin/java"))) {
                found.putIfAbsent(feature, new Jdk(feature, home));
            }
        }
        return List.copyOf(found.values());
    }

    /** From the line {@code JAVA_VERSION="17.0.15"} of the file that every JDK carries; 0 without it. */
    private static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)) {
            return 0;
        }
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION=\""))
                .map(line -> line.split("[\".]")[1])
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }
}
