package org.clgrad.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.clgrad.bench.Case;
import org.clgrad.bench.Measurement;
import org.clgrad.bench.Results;

/**
 * A column of the tables.
 *
 * @param contestants whose best counts: libtorch takes part once for each number of threads
 */
record Column(String title, Kind kind, List<String> contestants) {
    private static final Pattern DEVICE = Pattern.compile("opencl:\\d+");

    /** What a column is, as far as targets care. */
    enum Kind {
        OPENCL,
        JAVA,
        JAVA_17,
        PLAIN,
        UNFUSED,
        ONE_THREAD,
        LIBTORCH,
        PYTORCH_GPU,
        PEER,
        LIMIT
    }

    /** All columns of a run: OpenCL, Java from the newest to the oldest, libtorch, PyTorch, and the rest. */
    static List<Column> of(Results results) {
        TreeSet<String> names = new TreeSet<>();
        results.all().forEach(m -> names.add(m.contestant()));
        List<Column> columns = new ArrayList<>();
        List<String> libtorch = new ArrayList<>();
        for (String name : names) {
            Kind kind = kindOf(name);
            if (kind == Kind.LIBTORCH) {
                libtorch.add(name);
            } else {
                columns.add(new Column(titleOf(name), kind, List.of(name)));
            }
        }
        if (!libtorch.isEmpty()) {
            columns.add(new Column("libtorch", Kind.LIBTORCH, libtorch));
        }
        columns.sort(Comparator.comparing(Column::kind)
                .thenComparing(Column::isOpenCl, Comparator.reverseOrder())
                .thenComparing(Column::title));
        return columns;
    }

    private static Kind kindOf(String name) {
        if (name.endsWith("-limits")) {
            return Kind.LIMIT;
        }
        if (name.startsWith("libtorch")) {
            return Kind.LIBTORCH;
        }
        if (name.equals("pytorch-gpu")) {
            return Kind.PYTORCH_GPU;
        }
        if (!name.startsWith("clgrad")) {
            return Kind.PEER;
        }
        return name.endsWith("-plain")
                ? Kind.PLAIN
                : name.endsWith("-unfused")
                        ? Kind.UNFUSED
                        : name.endsWith("-1-thread")
                                ? Kind.ONE_THREAD
                                : name.contains("opencl")
                                        ? Kind.OPENCL
                                        : name.equals("clgrad-java-17") ? Kind.JAVA_17 : Kind.JAVA;
    }

    /** {@code clgrad-java-17-plain} as {@code Java 17, plain loops}. */
    static String titleOf(String name) {
        return switch (name) {
            case "pytorch-gpu" -> "PyTorch, GPU";
            case "djl" -> "DJL";
            case "nd4j" -> "ND4J";
            case "neureka" -> "Neureka";
            case "clblast" -> "CLBlast";
            case "java-limits" -> "Java, bare";
            default ->
                name.replace("clgrad-", "")
                        .replace("opencl:0", "OpenCL")
                        .replace("opencl:", "OpenCL ")
                        .replace("java-", "Java ")
                        .replace("-plain", ", plain loops")
                        .replace("-unfused", ", unfused")
                        .replace("-1-thread", ", 1 thread")
                        .replace("-limits", ", bare");
        };
    }

    boolean isOpenCl() {
        return device().isPresent();
    }

    /** The OpenCL device, such as {@code opencl:0}, where it is one. */
    Optional<String> device() {
        return DEVICE.matcher(contestants.get(0))
                .results()
                .map(MatchResult::group)
                .findFirst();
    }

    boolean isGpu(Results results) {
        return device().filter(name -> results.facts().containsKey("gpu " + name))
                .isPresent();
    }

    /** The best measurement, else a refusal, else nothing: the case was not tried. */
    Optional<Measurement> at(Results results, Case c) {
        return contestants.stream()
                .flatMap(name -> results.get(c, name).stream())
                .min(Comparator.comparingDouble(m -> m.isMeasured() ? m.median() : Double.MAX_VALUE));
    }
}
