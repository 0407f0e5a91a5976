package org.clgrad.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clgrad.backend.opencl.DryBackend.Work;
import org.clgrad.backend.opencl.GpuSource;

/** The page: gpu-kernels.md, a template with what people wrote, and tables where it says {@code {{name}}}. */
final class Page {
    private static final String TEMPLATE = "/gpu-kernels.md";
    private static final int[] PRODUCTS = {1024, 4096};
    private static final long LEAST_BYTES = 1 << 20;
    private static final List<String> FEW_ROWS = List.of("matmul_rows", "matmul_dots");

    private final Report report;
    private final Map<String, List<Work>> works;

    /** @param works kernels of programs by a title of theirs; the first of a list is of FLOAT32 */
    Page(Report report, Map<String, List<Work>> works) {
        this.report = report;
        this.works = works;
    }

    String text(String tools) throws IOException {
        String page;
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(TEMPLATE))) {
            page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("tools", tools);
        parts.put("summary", summary());
        parts.put("pointwise", programs(GpuSource.Family.POINTWISE));
        parts.put("functions", files(GpuSource.Family.POINTWISE));
        parts.put("reductions", files(GpuSource.Family.REDUCTION) + programRows(GpuSource.Family.REDUCTION));
        parts.put("rows", programs(GpuSource.Family.ROWS));
        parts.put("updates", programs(GpuSource.Family.UPDATE));
        parts.put("copies", files(GpuSource.Family.COPY));
        parts.put("matmul", files(GpuSource.Family.MATMUL));
        parts.put("cards", cards());
        parts.put("roofline", roofline());
        parts.put("products", products());
        for (Map.Entry<String, String> part : parts.entrySet()) {
            page = page.replace("{{" + part.getKey() + "}}", part.getValue().stripTrailing());
        }
        return page;
    }

    private String summary() {
        String counts = report.sources() + " sources, " + report.kernels() + " kernels, each for "
                + Chip.values().length + " chips. ";
        String verdict = report.faults().isEmpty()
                ? "All compile, none spills a register, none has private memory, and all that could load 16 bytes at once do"
                : "**" + report.faults().size() + " faults**:\n\n" + list(report.faults()) + "\n\nand";
        return counts
                + verdict
                + (report.limits().isEmpty()
                        ? "."
                        : " - but for these, which are as the compiler is: clang 15 gives a wave of gfx1100 128 registers of the 256 that the "
                                + "chip has, and all of them on gfx1030, where nothing spills.\n\n"
                                + list(report.limits()));
    }

    private static String list(List<String> lines) {
        return lines.stream()
                .map(fault -> "- " + fault.lines().findFirst().orElse(""))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String header(String first) {
        List<String> names = new ArrayList<>(List.of(first));
        Arrays.stream(Chip.values())
                .map(chip -> chip.cards() + " `" + chip.target() + "`")
                .forEach(names::add);
        names.addAll(List.of("local, B", "16 bytes at once"));
        return row(names) + "|" + " --- |".repeat(names.size()) + "\n";
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** A line about kernels that share a title: the worst of them, in every dtype and variant. */
    private String line(String title, List<GpuSource> sources, Predicate<Compiled> which) {
        List<String> cells = new ArrayList<>(List.of(title));
        List<Compiled> all = new ArrayList<>();
        for (Chip chip : Chip.values()) {
            List<Compiled> kernels = sources.stream()
                    .flatMap(source -> report.of(source, chip).stream())
                    .filter(which)
                    .toList();
            cells.add(Worst.of(kernels).cell());
            all.addAll(kernels);
        }
        Worst worst = Worst.of(all);
        cells.add(worst.local() == 0 ? "" : Integer.toString(worst.local()));
        cells.add(
                worst.wideLoads() && worst.wideStores()
                        ? "loads, stores"
                        : worst.wideLoads() ? "loads" : worst.wideStores() ? "stores" : "");
        return row(cells);
    }

    /** Programs' kernels of a family. */
    private String programs(GpuSource.Family family) {
        return header("kernel") + programRows(family);
    }

    /** A source that several programs have is shown for the first of them. */
    private String programRows(GpuSource.Family family) {
        Set<GpuSource> shown = new HashSet<>();
        return works.entrySet().stream()
                .filter(entry -> entry.getValue().get(0).source().family() == family)
                .filter(entry -> shown.add(entry.getValue().get(0).source()))
                .map(entry -> line(
                        entry.getKey(),
                        entry.getValue().stream().map(Work::source).toList(),
                        kernel -> true))
                .collect(Collectors.joining());
    }

    /** Sources that no program is needed for: a line for each kernel of a file or tile, or for each generated title. */
    private String files(GpuSource.Family family) {
        List<GpuSource> known =
                works.values().stream().flatMap(List::stream).map(Work::source).toList();
        Map<String, List<GpuSource>> byTitle = report.of(family)
                .filter(source -> !known.contains(source))
                .collect(Collectors.groupingBy(GpuSource::title, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder(header("kernel"));
        byTitle.forEach((title, sources) -> {
            if (!title.endsWith(".cl")) {
                String shown = title.startsWith("fn_") ? "`" + title.substring(3) + "`" : title;
                text.append(
                        family == GpuSource.Family.MATMUL
                                ? tile(title, sources)
                                : line(shown, sources, kernel -> true));
                return;
            }
            Stream<String> kernels = Arrays.stream(Chip.values())
                    .flatMap(chip -> sources.stream().flatMap(source -> report.of(source, chip).stream()))
                    .map(Compiled::kernel)
                    .distinct();
            kernels.forEach(name -> text.append(
                    line("`" + name + "`", sources, kernel -> kernel.kernel().equals(name))));
        });
        if (family == GpuSource.Family.MATMUL) {
            for (String few : FEW_ROWS) {
                text.append(line(
                        "`" + few + "`, with any tile",
                        report.of(family).toList(),
                        kernel -> kernel.kernel().equals(few)));
            }
        }
        return text.toString();
    }

    private String tile(String title, List<GpuSource> sources) {
        List<GpuSource> aligned =
                sources.stream().filter(s -> s.options().contains("ALIGNED")).toList();
        List<GpuSource> any =
                sources.stream().filter(s -> !s.options().contains("ALIGNED")).toList();
        Predicate<Compiled> tiled = kernel -> !FEW_ROWS.contains(kernel.kernel());
        return line(title, aligned, tiled) + line(title + ", not in quads", any, tiled);
    }

    private static String cards() {
        StringBuilder text = new StringBuilder(
                "| card | GFLOP/s | GB/s | cores | operations a byte, from where on memory no longer limits |\n"
                        + "| --- | ---: | ---: | ---: | ---: |\n");
        for (Card card : Card.values()) {
            text.append(row(List.of(
                    card.title(),
                    Worst.number(card.gigaflops()),
                    Worst.number(card.gigabytes()),
                    Integer.toString(card.cores()),
                    three(card.gigaflops() / card.gigabytes()))));
        }
        return text.toString();
    }

    private String roofline() {
        List<String> header =
                new ArrayList<>(List.of("kernel", "read, MB", "written, MB", "passes", "operations a byte"));
        Arrays.stream(Card.values()).map(card -> card.title() + ", µs").forEach(header::add);
        header.add("bound by");
        StringBuilder text =
                new StringBuilder(row(header) + "| --- |" + " ---: |".repeat(header.size() - 2) + " --- |\n");
        works.forEach((title, kernels) -> {
            Work work = kernels.get(0);
            if (work.read() + work.written() < LEAST_BYTES) {
                return;
            }
            List<String> cells = new ArrayList<>(List.of(
                    title,
                    three(work.read() / 1e6),
                    three(work.written() / 1e6),
                    Integer.toString(work.passes()),
                    three(work.operations() / (double) (work.read() + work.written()))));
            for (Card card : Card.values()) {
                cells.add(three(card.seconds(work) * 1e6));
            }
            List<String> byArithmetic = Arrays.stream(Card.values())
                    .filter(card -> !card.isBoundByMemory(work))
                    .map(Card::title)
                    .toList();
            cells.add(byArithmetic.isEmpty() ? "memory" : "arithmetic on " + String.join(", ", byArithmetic));
            text.append(row(cells));
        });
        return text.toString();
    }

    private static String products() {
        StringBuilder text = new StringBuilder(
                "| card | n | tile | groups a core | flop a byte of a group | GFLOP/s if no cache helps | local reads a multiply-add "
                        + "| GFLOP/s by local memory | cores busy | attainable GFLOP/s | ms | bound by |\n|"
                        + " --- |".repeat(3) + " ---: |".repeat(8) + " --- |\n");
        for (Card card : Card.values()) {
            for (int n : PRODUCTS) {
                Card.Product product = card.product(n);
                text.append(row(List.of(
                        card.title(),
                        Integer.toString(n),
                        product.tile().title().replace("float32 ", ""),
                        three(product.groups() / (double) card.cores()),
                        three(product.intensity()),
                        three(product.uncached()),
                        three(product.localReads()),
                        three(product.local()),
                        Math.round(product.busy() * 100) + "%",
                        three(product.attainable()),
                        three(product.milliseconds()),
                        product.bound())));
            }
        }
        return text.toString();
    }

    /** Three digits, or all before the point. */
    static String three(double value) {
        if (value == 0 || value >= 100) {
            return Long.toString(Math.round(value));
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }
}
