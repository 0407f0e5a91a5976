package org.clgrad.backend;

/**
 * One candidate of a search for the best kernel parameters.
 *
 * @param number counted from 1
 * @param total candidates in all
 * @param kind what it is a candidate for
 * @param candidate its parameters
 * @param result how fast it is, or why it was discarded
 * @param discarded whether its answer was wrong, or it failed
 */
public record TuningStep(int number, int total, String kind, String candidate, String result, boolean discarded) {}
