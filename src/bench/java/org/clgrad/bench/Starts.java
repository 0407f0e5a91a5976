package org.clgrad.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.clgrad.bench.child.FirstGradient;

/** How long a new process takes from its start to its first gradient, with empty caches of compiled kernels and with full ones. */
final class Starts {
    /** Where drivers keep compiled kernels. */
    private static final List<String> DRIVERS = List.of("POCL_CACHE_DIR", "CUDA_CACHE_PATH");

    private Starts() {}

    static void run(Case c, List<Contestant> contestants, Results results, int times)
            throws IOException, InterruptedException {
        for (Contestant contestant : contestants) {
            List<Double> samples = new ArrayList<>();
            boolean ok = true;
            for (int i = 0; i < times && ok; i++) {
                Path caches = Files.createTempDirectory("clgrad-caches");
                if (c.workload() == Workload.WARM_START) {
                    start(contestant, caches);
                }
                long before = System.nanoTime();
                ok = start(contestant, caches) == 0;
                samples.add((double) (System.nanoTime() - before));
                delete(caches);
            }
            results.add(
                    ok
                            ? Measurement.of(c, contestant, samples)
                            : Measurement.refused(c, contestant, "its process failed"));
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " could not be cleared away: " + e);
        }
    }

    private static int start(Contestant contestant, Path caches) throws IOException, InterruptedException {
        ProcessBuilder builder = Child.start(
                contestant,
                List.of("-Dclgrad.cache.dir=" + caches.resolve("clgrad")),
                FirstGradient.class,
                contestant.engine(),
                contestant.device());
        for (String variable : DRIVERS) {
            builder.environment()
                    .put(
                            variable,
                            Files.createDirectories(caches.resolve(variable)).toString());
        }
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
