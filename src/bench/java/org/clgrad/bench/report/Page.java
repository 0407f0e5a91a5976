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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.clgrad.bench.Results;

/** The page: a template with what people wrote, and tables where it says {@code {{name}}}. */
public final class Page {
    private static final String TEMPLATE = "/performance.md";
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]*]\\(\\{\\{plots}}/([^)]+)\\)\n\n");

    private Page() {}

    /**
     * Writes the page, its plots beside it, and a table of all targets.
     *
     * @param data gets {@code targets.csv}
     * @param file the page, {@code performance.md} with the plots in a folder {@code performance}
     */
    public static void write(Results results, Path data, Path file) throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        Map<String, String> tables = new Tables(results, verdicts).all();
        String page = template();
        for (Map.Entry<String, String> entry : tables.entrySet()) {
            page = page.replace("{{" + entry.getKey() + "}}", entry.getValue().stripTrailing());
        }
        Path plots = file.resolveSibling(file.getFileName().toString().replaceFirst("\\.md$", ""));
        Plots.write(results, plots);
        Files.writeString(
                file,
                withoutMissing(page, plots)
                        .replace("{{plots}}", plots.getFileName().toString()));
        Files.writeString(
                data.resolve("targets.csv"),
                verdicts.stream()
                        .map(verdict -> verdict.csv() + "\n")
                        .collect(Collectors.joining("", Verdict.HEADER + "\n", "")));
        System.err.println("wrote " + file);
    }

    /** The page without the pictures of what was not measured. */
    private static String withoutMissing(String page, Path plots) {
        return PICTURE.matcher(page).replaceAll(picture -> Files.exists(plots.resolve(picture.group(1))) ? "$0" : "");
    }

    private static String template() throws IOException {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(TEMPLATE))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
