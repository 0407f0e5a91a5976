package org.clgrad.bench.child;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times one work through JMH, without forks: its own would run each contestant for seconds on end, and a ratio of two
 * libraries on a shared machine needs them side by side in time. The race forks instead, and comes by several times.
 */
final class Stopwatch {
    private static final double INVOCATION_NANOS = 10e6;
    private static final int MOST_CALLS = 4096; // as many commands as a queue should be asked to hold

    private static @Nullable Work open;
    private static int calls;

    private Stopwatch() {}

    /**
     * Runs for some time, and on, up to eight times as long, while calls still get faster: the JVM compiles what it runs
     * only after a while, and loops of the Vector API are a hundred times slower until then. Chooses how many calls make an invocation of some 10 ms.
     *
     * @return nanoseconds of the fastest call
     */
    static double warmUp(Work work, double seconds) {
        open = work;
        calls = 1;
        double best = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        long improved = start;
        long now;
        do {
            long before = System.nanoTime();
            runOpenWork();
            now = System.nanoTime();
            double perCall = (now - before) / (double) calls;
            if (perCall < 0.95 * best) {
                best = perCall;
                improved = now;
            }
            calls = (int) Math.max(1, Math.min(MOST_CALLS, Math.min(2L * calls, INVOCATION_NANOS / perCall)));
        } while (now - start < seconds * 1e9 || now - improved < seconds * 1e9 && now - start < seconds * 8e9);
        return best;
    }

    static void runOpenWork() {
        Work work = Objects.requireNonNull(open, "no work is open");
        for (int i = 0; i < calls; i++) {
            work.call();
        }
        work.finish();
    }

    /**
     * Nanoseconds of a call.
     *
     * @param millis for how long
     * @param slow whether a call takes longer than that: there is nothing to warm up then
     */
    static double sample(int millis, boolean slow) {
        Options options = new OptionsBuilder()
                .include(CallBenchmark.class.getName())
                .forks(0)
                .warmupIterations(slow ? 0 : 1)
                .warmupTime(TimeValue.milliseconds(Math.max(1, millis / 3)))
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(millis))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            return new Runner(options).runSingle().getPrimaryResult().getScore() / calls;
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        }
    }
}
