package org.clgrad.bench.child;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.clgrad.bench.Case;

/** The peak of the Vector API and the copy bandwidth of arrays, both on all processors. */
final class JavaLimits implements WorkSource {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** A loop of multiply-adds. */
    interface Peak {
        /** Floating-point operations of one iteration. */
        double operations();

        void run(long iterations);
    }

    @Override
    public String version() {
        return "Java " + Runtime.version();
    }

    @Override
    public Work open(Case wanted) {
        return switch (wanted.workload()) {
            case FMA -> multiplyAdds(wanted.work());
            case COPY, ADD, EXP, SCALE -> copy(wanted.size(0) / THREADS);
            default -> throw new UnsupportedOperationException("is no limit");
        };
    }

    private static Work multiplyAdds(double operations) {
        Peak peak;
        try {
            peak = (Peak) Class.forName("org.clgrad.bench.child.VectorPeak")
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        long iterations = (long) Math.ceil(operations / (THREADS * peak.operations()));
        return new ParallelWork(thread -> peak.run(iterations));
    }

    /** Each thread copies its part; a thread's share is its own array. */
    private static Work copy(int part) {
        float[][] from = new float[THREADS][part];
        float[][] to = new float[THREADS][part];
        return new ParallelWork(thread -> System.arraycopy(from[thread], 0, to[thread], 0, part));
    }

    /** Calls are counted, and done by all threads when they are waited for: nothing is lost between one and the next. */
    private static final class ParallelWork implements Work {
        private final IntConsumer share;
        private int asked;

        ParallelWork(IntConsumer share) {
            this.share = share;
        }

        @Override
        public void call() {
            asked++;
        }

        @Override
        public void finish() {
            int calls = asked;
            asked = 0;
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int index = i;
                Thread thread = new Thread(() -> {
                    for (int call = 0; call < calls; call++) {
                        share.accept(index);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public List<float[]> results() {
            call();
            finish();
            return List.of();
        }
    }
}
