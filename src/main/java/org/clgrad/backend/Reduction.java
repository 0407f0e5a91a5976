package org.clgrad.backend;

/** How a reduction combines elements. NaN propagates through all of them. */
public enum Reduction {
    /** Sum; 0 for no elements. Relative error grows with the logarithm of the count, as summation is by a tree. */
    SUM(Fn.ADD),
    /** Largest element. */
    MAX(Fn.MAXIMUM),
    /** Smallest element. */
    MIN(Fn.MINIMUM);

    private final Fn fn;

    Reduction(Fn fn) {
        this.fn = fn;
    }

    /** The function of two elements that combines them. */
    public Fn fn() {
        return fn;
    }
}
