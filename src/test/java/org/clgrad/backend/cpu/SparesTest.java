package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SparesTest {
    private static final int THREADS = 8;

    private final AtomicInteger made = new AtomicInteger();
    private final Spares<AtomicBoolean> spares = new Spares<>(() -> {
        made.incrementAndGet();
        return new AtomicBoolean();
    });

    @Test
    void whatIsGivenBackIsTakenAgain() {
        AtomicBoolean first = spares.take();
        spares.give(first);
        assertSame(first, spares.take());
        spares.take();
        assertEquals(2, made.get(), "two were out at once");
    }

    @Test
    void moreThanAreKeptAreMadeAndForgotten() {
        for (int round = 0; round < 2; round++) {
            List<AtomicBoolean> out = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                out.add(spares.take());
            }
            out.forEach(spares::give);
        }
        assertEquals(100 + 100 - 64, made.get());
    }

    /** The mark that somebody has it is set and cleared by whoever took it. */
    @Test
    void noTwoThreadsHaveTheSame() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> runs = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            runs.add(threads.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    AtomicBoolean mine = spares.take();
                    assertFalse(mine.getAndSet(true), "somebody else has it");
                    mine.set(false);
                    spares.give(mine);
                }
            }));
        }
        threads.shutdown();
        for (Future<?> run : runs) {
            run.get();
        }
        assertTrue(made.get() <= THREADS, made + " made for " + THREADS + " threads");
    }
}
