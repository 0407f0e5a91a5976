package org.clgrad.nn;

/** How a function is computed. */
public enum Approximation {
    /** As it is defined. */
    NONE,
    /** By tanh. */
    TANH
}
