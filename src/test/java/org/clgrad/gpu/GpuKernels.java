package org.clgrad.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.clgrad.array.DType;
import org.clgrad.backend.opencl.DryBackend.Work;
import org.clgrad.backend.opencl.GpuSource;
import org.clgrad.backend.opencl.GpuSources;

/**
 * Compiles every kernel for GPUs that need not be there, and writes docs/gpu-kernels.md. Fails if one does not compile, spills, has
 * private memory, or does not load 16 bytes at once where it could.
 */
public final class GpuKernels {
    private static final Path PAGE = Path.of("docs/gpu-kernels.md");
    private static final int LONGEST = 72; // characters of a formula in a title

    private GpuKernels() {}

    /** @param args nothing, or {@code --check} to write no page */
    public static void main(String[] args) throws IOException, InterruptedException {
        Toolchain tools;
        try {
            tools = Toolchain.find();
        } catch (Toolchain.Failure e) {
            throw new IllegalStateException("gpu kernels: " + e.getMessage());
        }
        if (tools.ptxas().isEmpty()) {
            System.err.println(
                    "ptxas (of the CUDA toolkit) is not on the path: NVIDIA's kernels are compiled to PTX only, "
                            + "and nothing is known of their registers and spills");
        }
        Map<String, List<Work>> works = works();
        Report report = compile(tools, sources(works));
        report.faults().forEach(System.err::println);
        boolean check = List.of(args).contains("--check");
        if (!check && tools.ptxas().isPresent()) {
            Files.writeString(PAGE, new Page(report, works).text(tools.describe()));
            System.err.println("wrote " + PAGE);
        } else if (!check) {
            System.err.println(PAGE + " stays as it is: half of its numbers would be missing");
        }
        System.err.println(report.sources() + " sources, " + report.kernels() + " kernels, " + Chip.values().length
                + " chips: " + report.faults().size() + " faults");
        if (!report.faults().isEmpty()) {
            throw new IllegalStateException(
                    report.faults().size() + " faults, see above"); // Maven's own JVM must live on
        }
    }

    /** The kernels of all programs, by title, in FLOAT32 and FLOAT64. */
    static Map<String, List<Work>> works() {
        Map<String, List<Work>> works = new LinkedHashMap<>();
        for (Workload workload : Workload.all()) {
            List<Work> single = workload.works(DType.FLOAT32);
            List<Work> twice = workload.works(DType.FLOAT64);
            for (int i = 0; i < single.size(); i++) {
                String title = workload.name() + ", " + workload.size();
                if (single.size() > 1) {
                    String what = single.get(i).source().title();
                    title += ": " + (what.length() <= LONGEST ? what : "kernel " + (i + 1));
                }
                works.put(
                        works.containsKey(title) ? title + ", backwards" : title, List.of(single.get(i), twice.get(i)));
            }
        }
        return works;
    }

    static Set<GpuSource> sources(Map<String, List<Work>> works) {
        Set<GpuSource> sources = new LinkedHashSet<>(GpuSources.files());
        works.values().forEach(list -> list.forEach(work -> sources.add(work.source())));
        sources.addAll(GpuSources.functions());
        return sources;
    }

    private static Report compile(Toolchain tools, Set<GpuSource> sources) throws IOException, InterruptedException {
        Report report = new Report(sources);
        Path folder = Files.createTempDirectory("gpu-kernels");
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        List<Future<?>> tasks = new ArrayList<>();
        for (GpuSource source : sources) {
            tasks.add(threads.submit(() -> {
                for (Chip chip : Chip.values()) {
                    Path own = Files.createTempDirectory(folder, chip.target());
                    try {
                        report.add(source, chip, tools.compile(source, chip, own));
                    } catch (Toolchain.Failure e) {
                        report.fail(source, chip, e.getMessage());
                    }
                    for (String file : List.of("kernel.cl", "kernel.s")) {
                        Files.deleteIfExists(own.resolve(file));
                    }
                    Files.delete(own);
                }
                return null;
            }));
        }
        threads.shutdown();
        for (Future<?> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        Files.delete(folder);
        return report;
    }
}
