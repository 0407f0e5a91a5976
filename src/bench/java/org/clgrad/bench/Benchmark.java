package org.clgrad.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.clgrad.Device;
import org.clgrad.bench.report.Page;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures this library beside others on this machine, and writes docs/performance.md. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures this library beside others, and writes a page about it.")
public final class Benchmark implements Callable<Integer> {
    private static final Path OUT = Path.of("target/bench");

    @Option(names = "--quick", description = "Few sizes and short rounds; the page goes to target/bench.")
    private boolean quick;

    @Option(names = "--short", description = "Short rounds, as where a machine is there for minutes; all sizes.")
    private boolean shortRounds;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SECTION",
            description = "Of ${COMPLETION-CANDIDATES}; the page goes to target/bench.")
    private List<Section> only = List.of();

    @Option(
            names = "--device",
            split = ",",
            paramLabel = "NAME",
            description = "OpenCL devices, such as opencl:0; by default the first, if there is one. none: only Java.")
    private List<String> devices = List.of();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description = "Contestants whose names start so, such as clgrad-java,libtorch; by default all.")
    private List<String> peers = List.of();

    @Option(names = "--report", description = "Measures nothing: writes the page again from target/bench.")
    private boolean report;

    @Option(
            names = "--page",
            paramLabel = "FILE.md",
            description = "Where the page goes, instead of docs/performance.md; its plots go to a folder beside it.")
    private @Nullable Path page;

    @Spec
    private CommandSpec spec;

    private Benchmark() {}

    public static void main(String[] args) {
        int status = new CommandLine(new Benchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
        if (status != 0) {
            throw new IllegalArgumentException("benchmark: exit status " + status); // Maven's own JVM must live on
        }
    }

    @Override
    public Integer call() throws Exception {
        if (page != null && !page.toString().endsWith(".md")) {
            throw new ParameterException(spec.commandLine(), "--page " + page + ": expected a name that ends in .md");
        }
        Results results = report ? Results.read(OUT) : measure();
        boolean partial = quick || !only.isEmpty() || !peers.isEmpty();
        Path usual = (partial ? OUT : Path.of("docs")).resolve("performance.md");
        Page.write(results, OUT, page == null ? usual : page);
        List<Measurement> faults = results.all().stream()
                .filter(m -> m.note().equals(Race.DIFFERS))
                .toList();
        faults.forEach(m -> System.err.println(m.contestant() + ", " + m.of() + ": " + m.note()));
        return faults.isEmpty() ? 0 : 1;
    }

    private Results measure() throws Exception {
        List<String> openCl = openClDevices();
        List<Contestant> all = Contestants.of(Jdk.installed(), openCl);
        List<Contestant> wanted = all.stream()
                .filter(c -> peers.isEmpty() || c.isLimit() || peers.stream().anyMatch(c.name()::startsWith))
                .toList();
        Contestant reference = all.stream()
                .filter(c -> c.name().equals("clgrad-java-" + c.feature()))
                .reduce((older, newer) -> newer)
                .orElseThrow();
        List<Section> sections = only.isEmpty() ? List.of(Section.values()) : only;
        Results results = new Results();
        Machine.describe(results, openCl);
        Progress progress = new Progress(sections, quick);
        Pace pace = quick || shortRounds ? Pace.QUICK : Pace.FULL;
        try (Children children = new Children(results)) {
            Race race = new Race(pace, reference, children, results);
            for (Section section : sections) {
                for (Case c : section.cases(quick)) {
                    progress.next(section, c);
                    List<Contestant> takers =
                            wanted.stream().filter(w -> w.takes(section, c)).toList();
                    switch (section) {
                        case START -> Starts.run(c, takers, results, pace == Pace.QUICK ? 1 : 3);
                        case MEMORY -> Memory.run(c, takers, results);
                        default -> race.run(c, takers);
                    }
                }
                results.write(OUT);
            }
        }
        progress.done();
        return results;
    }

    private List<String> openClDevices() {
        if (!devices.isEmpty()) {
            return devices.stream().filter(name -> !name.equals("none")).toList();
        }
        return Device.all().stream()
                .filter(Device::isOpenCl)
                .map(Device::toString)
                .limit(1)
                .toList();
    }
}
