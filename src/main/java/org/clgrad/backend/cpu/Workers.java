package org.clgrad.backend.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A few daemon threads that help a caller with numbered, independent tasks. The caller works too, on its own tasks only,
 * so that any number of callers make progress even while every helper is busy elsewhere.
 */
final class Workers {
    /**
     * How long a thread that waits stays awake: the next kernel of a program mostly comes sooner than a sleeping thread would, which
     * takes 5 to 50 microseconds and costs who wakes it a system call.
     */
    private static final long AWAKE_NANOS = 200_000;

    /** Looks before a thread that waits begins to give way to others. */
    private static final int SPINS = 500;

    private final Thread[] helpers;
    private final ConcurrentLinkedQueue<Job> jobs = new ConcurrentLinkedQueue<>();

    Workers(int threads) {
        helpers = new Thread[Math.max(threads, 1) - 1];
        for (int i = 0; i < helpers.length; i++) {
            int share = i + 1; // the caller's is 0
            helpers[i] = new Thread(() -> help(share), "clgrad-cpu-" + share);
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    /** Threads that compute at once, the caller included. */
    int threads() {
        return helpers.length + 1;
    }

    /** Does tasks {@code from .. to - 1}. */
    interface Run {
        void run(int from, int to);
    }

    /** Runs {@code task} for 0 .. count - 1 in any order and returns when all are done; what a task throws is thrown here. */
    void forEach(int count, IntConsumer task) {
        run(count, 1, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                task.accept(i);
            }
        });
    }

    /**
     * The same for tasks that may be short: a thread takes half of those that are left of its share at a time, but at least so many, or all. After one that throws,
     * the rest of these are left out.
     */
    void inRuns(int count, int least, Run run) {
        run(count, least, count, run);
    }

    private void run(int count, int least, int most, Run run) {
        if (count <= 1 || helpers.length == 0) {
            run.run(0, count);
            return;
        }
        Job job = new Job(count, least, most, run, threads());
        jobs.add(job);
        for (int i = 0; i < Math.min(helpers.length, count - 1); i++) {
            LockSupport.unpark(helpers[i]);
        }
        job.work(0);
        jobs.remove(job);
        job.join();
    }

    private void help(int share) {
        while (true) {
            awaitOrSleep(() -> !jobs.isEmpty());
            Job job = jobs.peek();
            if (job != null) {
                job.work(share);
                jobs.remove(job);
            }
        }
    }

    /** Returns when {@code condition} holds or, after it has not for a while, when another thread has woken this one. */
    private static void awaitOrSleep(BooleanSupplier condition) {
        for (int spins = 0; spins < SPINS; spins++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.onSpinWait();
        }
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > AWAKE_NANOS) {
                LockSupport.park();
                return;
            }
            Thread.yield();
        }
    }

    /**
     * Tasks in as many shares as there are threads. Each thread begins with its own share, from kernel to kernel the same part of the arrays,
     * which its cache may still have; then it helps with the others. Each taking is an atomic change, which waits until all that the thread has written
     * is in its cache: in long arrays as long as some thousand elements take.
     */
    private static final class Job {
        private static final int APART = 16; // counters that lie in lines of memory of their own

        private final int count;
        private final int least; // tasks that a thread takes at once
        private final int most;
        private final Run tasks;
        private final int shares;
        private final Thread caller = Thread.currentThread();
        private final AtomicIntegerArray begun; // tasks of each share
        private final AtomicInteger done = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Job(int count, int least, int most, Run tasks, int shares) {
            this.count = count;
            this.least = least;
            this.most = most;
            this.tasks = tasks;
            this.shares = shares;
            begun = new AtomicIntegerArray(shares * APART);
        }

        void work(int own) {
            for (int s = 0; s < shares; s++) {
                int share = (own + s) % shares;
                int first = first(share);
                int length = first(share + 1) - first;
                int counter = share * APART;
                for (int at = begun.get(counter); at < length; at = begun.get(counter)) {
                    int n = Math.min(Math.min(most, length - at), Math.max(least, (length - at) / 2));
                    if (begun.compareAndSet(counter, at, at + n)) {
                        run(first + at, first + at + n);
                    }
                }
            }
        }

        private int first(int share) {
            return (int) ((long) count * share / shares);
        }

        private void run(int from, int to) {
            try {
                tasks.run(from, to);
            } catch (Throwable e) { // errors too: a helper must outlive any task, and its caller must hear of it
                failure = e;
            }
            if (done.addAndGet(to - from) == count) {
                LockSupport.unpark(caller);
            }
        }

        void join() {
            boolean interrupted = false;
            while (done.get() < count) {
                awaitOrSleep(() -> done.get() == count);
                interrupted |= Thread.interrupted(); // a kernel is not interruptible
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure instanceof Error e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
        }
    }
}
