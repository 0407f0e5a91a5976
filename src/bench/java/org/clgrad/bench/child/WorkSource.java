package org.clgrad.bench.child;

import org.clgrad.bench.Case;

/** A contestant, in its own process. */
public interface WorkSource {
    /** What is measured, with its version and device. */
    String version();

    /** @throws UnsupportedOperationException with a reason for a person, if this contestant cannot do the case */
    Work open(Case wanted);

    /** Most bytes of device memory in use at once so far. */
    default long peakBytes() {
        throw new UnsupportedOperationException("has no memory statistics");
    }
}
