package org.clgrad.bench;

import static org.clgrad.bench.Section.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who takes part: this library in all its configurations, the others, and the limits of the machine. */
final class Contestants {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final List<String> VECTOR = List.of("--add-modules=jdk.incubator.vector");
    private static final Set<Section> TABLES = EnumSet.of(MATMUL, BATCHED, CHAINS, BANDWIDTH, REDUCTIONS, STEPS);

    private final List<Contestant> all = new ArrayList<>();

    private Contestants() {}

    /** @param openCl names of OpenCL devices, such as {@code opencl:0} */
    static List<Contestant> of(List<Jdk> jdks, List<String> openCl) {
        Contestants contestants = new Contestants();
        Jdk oldest = jdks.get(0);
        Jdk newest = jdks.get(jdks.size() - 1);
        for (String device : openCl) {
            contestants.openCl(device, newest);
        }
        for (Jdk jdk : jdks) {
            contestants.java(jdk, jdk == newest);
        }
        contestants.add(
                "clgrad-java-" + oldest.feature() + "-plain",
                "clgrad",
                "cpu",
                oldest,
                PROCESSORS,
                List.of("-Dclgrad.cpu.vector=off"),
                Map.of(),
                TABLES);
        contestants.libtorch(newest, 1);
        if (PROCESSORS > 1) {
            contestants.libtorch(newest, PROCESSORS);
        }
        if (openCl.stream().anyMatch(Machine::isGpu) && PyTorch.hasGpu()) {
            contestants.pyTorch();
        }
        contestants.peer("djl", newest, List.of("-Dai.djl.offline=true"), Map.of("OPT_OUT_TRACKING", "true"), TABLES);
        contestants.peer("nd4j", newest, List.of(), Map.of(), EnumSet.of(MATMUL, BATCHED, BANDWIDTH, REDUCTIONS));
        contestants.peer("neureka", newest, List.of(), Map.of(), EnumSet.of(MATMUL, BANDWIDTH));
        if (!openCl.isEmpty()) {
            contestants.add(
                    "clblast",
                    "clblast",
                    openCl.get(0),
                    newest,
                    PROCESSORS,
                    List.of(),
                    Map.of("LD_LIBRARY_PATH", NativeFolder.withOpenCl()),
                    EnumSet.of(MATMUL, BATCHED));
        }
        contestants.add(
                "java-limits",
                "java-limits",
                "cpu",
                newest,
                PROCESSORS,
                VECTOR,
                Map.of(),
                EnumSet.of(MATMUL, BANDWIDTH));
        return contestants.all;
    }

    private void openCl(String device, Jdk jdk) {
        String name = "clgrad-" + device;
        add(name, "clgrad", device, jdk, PROCESSORS, List.of(), Map.of(), EnumSet.allOf(Section.class));
        add(
                name + "-unfused",
                "clgrad",
                device,
                jdk,
                PROCESSORS,
                List.of("-Dclgrad.fusion=off"),
                Map.of(),
                EnumSet.of(CHAINS));
        if (!Machine.isGpu(device)) {
            Map<String, String> oneThread = Map.of("POCL_MAX_PTHREAD_COUNT", "1"); // other drivers do not know it
            add(name + "-1-thread", "clgrad", device, jdk, 1, List.of(), oneThread, EnumSet.of(THREADS));
        }
        add(
                device + "-limits",
                "opencl-limits",
                device,
                jdk,
                PROCESSORS,
                List.of(),
                Map.of(),
                EnumSet.of(MATMUL, BANDWIDTH, LAUNCH));
    }

    private void java(Jdk jdk, boolean newest) {
        String name = "clgrad-java-" + jdk.feature();
        Set<Section> sections = EnumSet.copyOf(TABLES);
        if (newest) {
            sections.addAll(EnumSet.of(GROWTH, THREADS, START, MEMORY));
            List<String> oneThread = List.of(VECTOR.get(0), "-Dclgrad.cpu.threads=1");
            add(name + "-1-thread", "clgrad", "cpu", jdk, 1, oneThread, Map.of(), EnumSet.of(THREADS));
        }
        add(name, "clgrad", "cpu", jdk, PROCESSORS, VECTOR, Map.of(), sections);
        List<String> unfused = List.of(VECTOR.get(0), "-Dclgrad.fusion=off");
        add(name + "-unfused", "clgrad", "cpu", jdk, PROCESSORS, unfused, Map.of(), EnumSet.of(CHAINS));
    }

    private void libtorch(Jdk jdk, int threads) {
        Set<Section> sections = EnumSet.allOf(Section.class);
        sections.removeAll(EnumSet.of(LAUNCH, MEMORY));
        if (threads > 1) {
            sections.remove(START); // one of them is enough there
        }
        add(
                "libtorch-" + threads,
                "libtorch",
                "cpu",
                jdk,
                threads,
                List.of(),
                Map.of("OMP_NUM_THREADS", Integer.toString(threads)),
                sections);
    }

    private void pyTorch() {
        Set<Section> sections = EnumSet.copyOf(TABLES);
        sections.addAll(EnumSet.of(LAUNCH, GROWTH, MEMORY));
        add(PyTorch.NAME, PyTorch.NAME, PyTorch.DEVICE, null, PROCESSORS, List.of(), Map.of(), sections);
    }

    private void peer(
            String name, Jdk jdk, List<String> options, Map<String, String> environment, Set<Section> sections) {
        add(name, name, "cpu", jdk, PROCESSORS, options, environment, sections);
    }

    private void add(
            String name,
            String engine,
            String device,
            @Nullable Jdk jdk,
            int threads,
            List<String> options,
            Map<String, String> environment,
            Set<Section> sections) {
        all.add(new Contestant(name, engine, device, jdk, threads, options, environment, Set.copyOf(sections)));
    }
}
