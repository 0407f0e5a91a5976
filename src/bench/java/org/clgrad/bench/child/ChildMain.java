package org.clgrad.bench.child;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.clgrad.bench.Case;
import org.jspecify.annotations.Nullable;

/**
 * A contestant's process: reads commands, one a line, and answers each with one line that starts with {@link #MARK}. The first such
 * line, before any command, is the library's version.
 *
 * <pre>
 * open SECONDS WORKLOAD SIZE  warms up; nanoseconds of a call, then the checksums of the results
 * measure MILLIS              nanoseconds of a call
 * peak                        bytes
 * close                       frees the case
 * </pre>
 *
 * An answer that starts with {@code no} ends with a reason. {@code src/bench/python/pytorch_gpu.py} speaks the same, with the same
 * inputs, programs, checksums and clock.
 */
public final class ChildMain {
    /** Tells answers from what native libraries print. */
    public static final String MARK = "@bench ";

    private final WorkSource source;
    private @Nullable Work work;
    private double callNanos;

    private ChildMain(WorkSource source) {
        this.source = source;
    }

    /** @param args the contestant's engine and its device */
    public static void main(String[] args) throws IOException {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err); // libraries print what they like
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ChildMain child;
        try {
            child = new ChildMain(Sources.open(args[0], args[1]));
        } catch (Exception | LinkageError e) {
            e.printStackTrace();
            answers.println(MARK + "no " + reason(e));
            return;
        }
        answers.println(MARK + child.source.version());
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            String answer;
            try {
                answer = child.answer(command.split(" "));
            } catch (Exception | LinkageError | OutOfMemoryError e) {
                if (!(e instanceof UnsupportedOperationException)) {
                    e.printStackTrace();
                }
                child.close();
                answer = "no " + reason(e);
            }
            answers.println(MARK + answer);
        }
        System.exit(0); // libraries leave threads behind
    }

    private String answer(String[] words) {
        return switch (words[0]) {
            case "open" -> open(Case.parse(words[2] + " " + words[3]), Double.parseDouble(words[1]));
            case "measure" -> measure(Integer.parseInt(words[1]));
            case "peak" -> Long.toString(source.peakBytes());
            case "close" -> close();
            default -> throw new IllegalArgumentException("no command " + words[0]);
        };
    }

    private String open(Case wanted, double seconds) {
        Work opened = source.open(wanted);
        work = opened;
        String checksums = opened.results().stream()
                .map(Checksum::of)
                .map(Checksum::toString)
                .collect(Collectors.joining(" "));
        callNanos = Stopwatch.warmUp(opened, seconds);
        return callNanos + " " + checksums;
    }

    private String measure(int millis) {
        return Double.toString(Stopwatch.sample(millis, callNanos > millis * 1e6));
    }

    private String close() {
        if (work != null) {
            work.close();
            work = null;
            System.gc(); // so that no contestant pays for another case's garbage, and memory goes back
        }
        return "closed";
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null
                ? ""
                : cause.getMessage().lines().findFirst().orElse("");
        return cause instanceof UnsupportedOperationException && !message.isEmpty()
                ? message
                : cause.getClass().getSimpleName() + " " + message;
    }
}
