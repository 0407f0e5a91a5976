package org.clgrad.bench;

/**
 * How long each contestant gets for a case.
 *
 * @param rounds how often everybody has a turn: an odd number, so that one ratio is in the middle whichever way it is taken
 * @param millis of a turn, which makes one sample
 * @param warmUp least seconds before the first round, and how long nothing may get faster any more
 * @param firstWarmUp the same for a contestant's first size of a workload, and for each of a reduction, where a JVM has yet to compile
 *     it
 * @param firstStepWarmUp the same if that is a whole step: many pieces of code, each of which is called a few times a step
 */
record Pace(int rounds, int millis, double warmUp, double firstWarmUp, double firstStepWarmUp) {
    static final Pace FULL = new Pace(7, 60, 0.3, 2, 8);
    static final Pace QUICK = new Pace(3, 40, 0.1, 0.4, 1);

    double warmUp(Workload workload, boolean isFirst) {
        return !isFirst ? warmUp : workload.isStep() ? firstStepWarmUp : firstWarmUp;
    }
}
