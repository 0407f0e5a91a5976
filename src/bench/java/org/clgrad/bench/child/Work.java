package org.clgrad.bench.child;

import java.util.List;

/** A case made ready: its inputs are in memory. */
public interface Work extends AutoCloseable {
    /** Asks for one computation, whose results are dropped. */
    void call();

    /** Waits until everything asked for is done. */
    void finish();

    /** Computes once and reads the results. */
    List<float[]> results();

    @Override
    default void close() {}
}
