package org.clgrad.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line: devices, the tutorial and a training run, or all three. */
@Command(
        name = "clgrad",
        description = "Shows automatic differentiation on the devices of this machine.%n"
                + "Without a command: devices, then tutorial, then train.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        sortOptions = false,
        commandListHeading = "%nCommands:%n")
public final class Main implements Runnable {
    /** Exit code of a failure while running; picocli's own code for wrong usage is 2. */
    private static final int FAILED = 1;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "cpu, opencl, opencl:N, gpu or a part of a device's name. Default: the best device present.")
    @Nullable
    String device;

    @Option(
            names = "--seed",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            defaultValue = "0",
            description = "Seed of all random numbers. Default: ${DEFAULT-VALUE}.")
    long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "out",
            description = "Where pictures and tables are written. Default: ${DEFAULT-VALUE}.")
    Path out;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what the library does, on the error output.")
    boolean verbose;

    /** Runs the program; ends the JVM only if it failed, since Maven's exec:java shares it. */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** The program, ready to execute arguments. */
    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new Main());
        program.setParameterExceptionHandler(Problems::usage);
        program.setExecutionExceptionHandler(Problems::failure);
        program.setExitCodeExceptionMapper(e -> FAILED);
        program.setExecutionStrategy(Main::execute);
        return program;
    }

    private static int execute(ParseResult parsed) {
        Main main = parsed.commandSpec().commandLine().getCommand();
        Logging.configure(main.verbose);
        System.setProperty("java.awt.headless", "true"); // charts are drawn without a display
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) { // picocli handles exceptions only
            return Problems.failure(e, parsed.commandSpec().commandLine());
        }
    }

    /** Everything, for a first look. */
    @Override
    public void run() {
        Session session = session();
        session.openOut();
        new DeviceTable(session).print();
        new Tutorial(session).run();
        new Training(session, new TrainSettings()).run();
    }

    @Command(description = "Lists the devices, which one is the default, and why.")
    void devices() {
        new DeviceTable(session()).print();
    }

    @Command(description = "Runs PyTorch's autograd tutorial and draws its graph.")
    void tutorial() {
        new Tutorial(session().openOut()).run();
    }

    @Command(description = "Trains two classifiers on the Breast Cancer Wisconsin data and draws their losses.")
    void train(@Mixin TrainSettings settings) {
        settings.check(spec.subcommands().get("train"));
        new Training(session().openOut(), settings).run();
    }

    @Command(
            description =
                    "Searches for the fastest matrix product kernels of an OpenCL device, and keeps them for later runs.")
    void tune() {
        new Tuning(session()).run();
    }

    private Session session() {
        return Session.open(spec.commandLine(), device, seed, out);
    }
}
