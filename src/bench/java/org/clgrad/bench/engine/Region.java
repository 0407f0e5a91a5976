package org.clgrad.bench.engine;

/** A stretch of a program whose tensors go at its end. */
public interface Region extends AutoCloseable {
    @Override
    void close();
}
