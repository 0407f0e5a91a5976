package org.clgrad.nn;

/** What a loss makes of its terms. */
public enum Reduction {
    /** Every term: of the input's shape, for cross entropy without its axis of classes. */
    NONE,
    /** Their mean, of shape []. */
    MEAN,
    /** Their sum, of shape []. */
    SUM
}
