package org.clgrad.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.clgrad.bench.child.ChildMain;
import org.jspecify.annotations.Nullable;

/** A contestant's running process. What it prints besides answers is in {@code target/bench/logs}. */
final class Child implements AutoCloseable {
    private static final int SECONDS = 100; // for an answer
    private static final String END = "end";
    private static final Path LOGS = Path.of("target/bench/logs");

    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final String version;

    /** An answer that says no. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason);
        }
    }

    Child(Contestant contestant) throws IOException, Refusal {
        Files.createDirectories(LOGS);
        File log = LOGS.resolve(contestant.name().replace(':', '-') + ".log").toFile();
        ProcessBuilder builder = contestant.engine().equals(PyTorch.NAME)
                ? PyTorch.program(contestant.device())
                : start(contestant, List.of(), ChildMain.class, contestant.engine(), contestant.device());
        process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log)).start();
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, contestant.name());
        reader.setDaemon(true);
        reader.start();
        version = answer("start");
    }

    /** A process of a contestant's JVM with this process's class path. */
    static ProcessBuilder start(Contestant contestant, List<String> options, Class<?> main, String... args) {
        List<String> command = new ArrayList<>();
        Jdk jdk = Objects.requireNonNull(contestant.jdk(), "no JVM");
        command.add(jdk.home().resolve("bin/java").toString());
        command.addAll(List.of("-Xmx4g", "--enable-native-access=ALL-UNNAMED", "-Djmh.ignoreLock=true"));
        command.addAll(contestant.options());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(contestant.environment());
        return builder;
    }

    /** Maven runs this program in a class loader of its own. */
    private static String classPath() {
        return Child.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(ChildMain.MARK)) {
                    answers.add(line.substring(ChildMain.MARK.length()));
                }
            }
        } catch (IOException e) {
            // a process that was ended
        }
        answers.add(END);
    }

    String version() {
        return version;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String ask(String command) throws Refusal {
        commands.println(command);
        return answer(command);
    }

    private String answer(String command) throws Refusal {
        String answer;
        try {
            answer = answers.poll(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (answer == null || answer.equals(END)) {
            process.destroyForcibly();
            throw new Refusal(answer == null ? "took more than " + SECONDS + " s" : "its process crashed");
        }
        if (answer.startsWith("no ")) {
            throw new Refusal(answer.substring(3));
        }
        return answer;
    }

    @Override
    public void close() {
        commands.close(); // it ends with its input
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
