package org.clgrad.bench.child;

import org.clgrad.bench.Case;
import org.clgrad.bench.Workload;

/** A program that takes one tutorial step and ends. */
public final class FirstGradient {
    private FirstGradient() {}

    /** @param args the contestant's engine and its device */
    public static void main(String[] args) {
        Sources.open(args[0], args[1]).open(Case.of(Workload.TUTORIAL)).results();
        System.exit(0);
    }
}
