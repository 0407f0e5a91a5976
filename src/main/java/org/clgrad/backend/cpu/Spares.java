package org.clgrad.backend.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Scratch memory that calls borrow, and give back unless they fail. There come to be as many pieces as were ever borrowed at once, not one for each
 * thread that ever called.
 */
final class Spares<T> {
    private static final int MOST = 64; // a power of two; more than that at once are left to the garbage collector

    private final AtomicReferenceArray<T> spares = new AtomicReferenceArray<>(MOST);
    private final Supplier<T> maker;

    Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    /** One that nobody else has, mostly the one that this thread had last. */
    T take() {
        int home = home();
        for (int i = 0; i < MOST; i++) {
            int place = home + i & MOST - 1;
            T spare = spares.get(place);
            if (spare != null && spares.compareAndSet(place, spare, null)) {
                return spare;
            }
        }
        return maker.get();
    }

    void give(T spare) {
        int home = home();
        for (int i = 0; i < MOST; i++) {
            if (spares.compareAndSet(home + i & MOST - 1, null, spare)) {
                return;
            }
        }
    }

    private static int home() {
        return (int) Thread.currentThread().getId() & MOST - 1;
    }
}
