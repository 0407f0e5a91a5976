package org.clgrad.bench.report;

import java.util.Optional;
import org.clgrad.bench.Case;
import org.clgrad.bench.Samples;

/**
 * What a cell is told beside.
 *
 * @param name in the table of targets
 * @param nanos of a call
 */
record Reference(String name, Samples nanos) {
    /** Finds the reference of a cell. */
    interface Finder {
        Optional<Reference> of(Case c, Column column);
    }
}
