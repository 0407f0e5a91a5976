package org.clgrad.bench;

import static org.clgrad.bench.Workload.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A part of the benchmark, with its cases. */
public enum Section {
    MATMUL,
    BATCHED,
    CHAINS,
    BANDWIDTH,
    REDUCTIONS,
    STEPS,
    LAUNCH,
    GROWTH,
    THREADS,
    START,
    MEMORY;

    /** Elements of the smallest and of the largest array of {@link #GROWTH}, as powers of two. */
    private static final int SMALLEST = 6;

    private static final int LARGEST = 26;
    private static final int LARGEST_QUICK = 21;

    /**
     * The cases.
     *
     * @param quick whether few must do
     */
    public List<Case> cases(boolean quick) {
        List<Case> cases = new ArrayList<>();
        switch (this) {
            case MATMUL -> {
                for (Workload w : List.of(MATMUL_NN, MATMUL_NT, MATMUL_TN)) {
                    cases.add(Case.of(FMA, 20 + cases.size())); // the peak again and again: the largest counts
                    for (int n : quick ? new int[] {256, 768} : new int[] {256, 512, 768, 1024, 1536, 2048}) {
                        cases.add(Case.of(w, n, n, n));
                    }
                    cases.add(Case.of(w, 127, 333, 1001));
                    cases.add(Case.of(w, 1, 4096, 4096));
                    if (!quick) {
                        cases.add(Case.of(w, 1000, 1000, 17));
                        cases.add(Case.of(w, 4096, 64, 64));
                    }
                }
            }
            case BATCHED -> {
                cases.add(Case.of(BATCHED_NN, 64, 64, 64, 64));
                cases.add(Case.of(BATCHED_NT, 96, 128, 64, 128)); // 8 sequences of 128, 12 heads of 64: q k^T
                cases.add(Case.of(BATCHED_NN, 96, 128, 128, 64)); // scores v
            }
            case CHAINS -> {
                for (Workload w : List.of(SQUARE, BCE, GELU, LAYER_NORM, ADAM)) {
                    for (int bits : powers(quick)) {
                        cases.add(Case.of(w, 1 << bits));
                    }
                }
            }
            case BANDWIDTH -> {
                for (int bits : powers(quick)) {
                    for (Workload w : List.of(COPY, ADD, EXP, SCALE)) {
                        cases.add(Case.of(w, 1 << bits));
                    }
                }
            }
            case REDUCTIONS -> {
                for (Workload w : List.of(SUM, MEAN, MAX, SOFTMAX, LOG_SOFTMAX)) {
                    for (int axis = 0; axis < 2; axis++) {
                        cases.add(Case.of(w, 4096, 4096, axis));
                        if (!quick) {
                            cases.add(Case.of(w, 17, 1_000_003, axis));
                        }
                    }
                }
            }
            case STEPS -> {
                cases.add(Case.of(TUTORIAL));
                cases.add(Case.of(MLP_SGD, 128, 784, 256, 10));
                cases.add(Case.of(MLP_ADAM, 128, 784, 256, 10));
            }
            case LAUNCH -> cases.add(Case.of(SMALL, 1024));
            case GROWTH -> {
                for (int n = 64; n <= (quick ? 1024 : 4096); n *= 2) {
                    cases.add(Case.of(MATMUL_NN, n, n, n));
                }
                IntStream.iterate(
                                SMALLEST,
                                bits -> bits <= (quick ? LARGEST_QUICK : LARGEST),
                                bits -> bits + (quick ? 5 : 2))
                        .forEach(bits -> cases.add(Case.of(SQUARE, 1 << bits)));
                for (int width = 16; width <= (quick ? 256 : 4096); width *= 4) {
                    cases.add(Case.of(MLP_SGD, 128, width, width, 10));
                }
                for (int layers : quick ? new int[] {1, 10, 100} : new int[] {1, 3, 10, 32, 100, 316, 1000}) {
                    cases.add(Case.of(DEEP, 32, 64, layers));
                }
            }
            case THREADS -> {
                cases.add(Case.of(MATMUL_NN, 768, 768, 768));
                cases.add(Case.of(EXP, 1 << 20));
                cases.add(Case.of(SQUARE, 1 << 20));
                cases.add(Case.of(SUM, 4096, 4096, 1));
                cases.add(Case.of(MLP_SGD, 128, 784, 256, 10));
            }
            case START -> {
                cases.add(Case.of(COLD_START));
                cases.add(Case.of(WARM_START));
            }
            case MEMORY -> {
                cases.add(Case.of(MEMORY_MLP, 128, 784, 256, 10));
                cases.add(Case.of(MEMORY_DEEP, 1024, 256, 50));
            }
        }
        return List.copyOf(cases);
    }

    private static int[] powers(boolean quick) {
        return quick ? new int[] {10, 20} : new int[] {10, 16, 20, 24};
    }

    /** Whether libraries that are here for orientation take part: one case of a kind. */
    static boolean isHeadline(Case c) {
        return switch (c.workload()) {
            case MATMUL_NN -> c.sizes().stream().distinct().count() == 1;
            case MATMUL_NT, MATMUL_TN -> false;
            case SQUARE, BCE, GELU, LAYER_NORM, ADAM, ADD, EXP, SCALE -> c.size(0) == 1 << 20;
            case SUM, MEAN, MAX, SOFTMAX, LOG_SOFTMAX -> c.size(0) == c.size(1);
            default -> true;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
