package org.clgrad.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.clgrad.bench.Results;

/** The page: {@code performance.md}, a template with what people wrote, and tables where it says {@code {{name}}}. */
public final class Page {
    private static final String TEMPLATE = "/performance.md";

    private Page() {}

    /**
     * Writes the page, its plots beside it, and a table of all targets.
     *
     * @param data gets {@code targets.csv}
     * @param docs gets {@code performance.md} and the folder {@code performance}
     */
    public static void write(Results results, Path data, Path docs) throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        Map<String, String> tables = new Tables(results, verdicts).all();
        String page = template();
        for (Map.Entry<String, String> entry : tables.entrySet()) {
            page = page.replace("{{" + entry.getKey() + "}}", entry.getValue().stripTrailing());
        }
        Files.createDirectories(docs);
        Files.writeString(docs.resolve("performance.md"), page);
        Plots.write(results, docs.resolve("performance"));
        Files.writeString(
                data.resolve("targets.csv"),
                verdicts.stream()
                        .map(verdict -> verdict.csv() + "\n")
                        .collect(Collectors.joining("", Verdict.HEADER + "\n", "")));
        System.err.println("wrote " + docs.resolve("performance.md"));
    }

    private static String template() throws IOException {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(TEMPLATE))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
