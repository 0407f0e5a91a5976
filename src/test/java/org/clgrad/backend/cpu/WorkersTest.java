package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    private static final int CALLERS = 4;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void everyTaskIsDoneOnce(int threads) {
        Workers workers = new Workers(threads);
        for (int count = 0; count < 40; count++) {
            assertEachOnce(workers, count);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void callersDoNotMixTheirTasks(int threads) throws Exception {
        Workers workers = new Workers(threads);
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int c = 0; c < CALLERS; c++) {
                int count = 5 + 100 * c;
                calls.add(callers.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        assertEachOnce(workers, count);
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void whatATaskThrowsIsThrownAndTheNextTasksAreDone(int threads) {
        Workers workers = new Workers(threads);
        for (int failing = 0; failing < 20; failing++) {
            int bad = failing;
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> workers.forEach(20, i -> {
                        if (i == bad) {
                            throw new IllegalStateException("task " + i);
                        }
                    }));
            assertEquals("task " + bad, thrown.getMessage());
        }
        assertEachOnce(workers, 20);
    }

    private static void assertEachOnce(Workers workers, int count) {
        AtomicIntegerArray times = new AtomicIntegerArray(count);
        workers.forEach(count, times::incrementAndGet);
        for (int least = 1; least < 8; least++) {
            workers.inRuns(count, least, (from, to) -> {
                for (int i = from; i < to; i++) {
                    times.incrementAndGet(i);
                }
            });
        }
        for (int i = 0; i < count; i++) {
            assertEquals(8, times.get(i), "task " + i + " of " + count);
        }
    }
}
