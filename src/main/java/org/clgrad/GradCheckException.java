package org.clgrad;

/** A derivative that does not agree with differences of the function's values. */
public final class GradCheckException extends RuntimeException {
    public GradCheckException(String message) {
        super(message);
    }
}
