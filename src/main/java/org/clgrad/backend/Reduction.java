package org.clgrad.backend;

/** How a reduction combines elements. NaN propagates through all of them. */
public enum Reduction {
    /** Sum; 0 for no elements. Relative error grows with the logarithm of the count, as summation is by a tree. */
    SUM,
    /** Largest element. */
    MAX,
    /** Smallest element. */
    MIN
}
