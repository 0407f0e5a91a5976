package org.clgrad.bench.report;

import java.util.Optional;
import java.util.OptionalDouble;
import org.clgrad.bench.Case;

/**
 * What a cell is told beside.
 *
 * @param name in the table of targets
 * @param nanos of a call
 */
record Reference(String name, double nanos) {
    /** Finds the reference of a cell. */
    interface Finder {
        Optional<Reference> of(Case c, Column column);
    }

    static Optional<Reference> of(String name, OptionalDouble nanos) {
        return nanos.isPresent() ? Optional.of(new Reference(name, nanos.getAsDouble())) : Optional.empty();
    }
}
