package org.clgrad.bench.report;

import java.util.OptionalDouble;
import org.clgrad.bench.Case;
import org.clgrad.bench.Section;

/** What the library wants to reach, as the least ratio to a reference. */
final class Targets {
    private static final int LARGE_MATRIX = 512;
    private static final int LARGE_ARRAY = 1 << 20;

    private Targets() {}

    /** The least speed, in libtorch's at its best number of threads; for a GPU, in PyTorch's there. */
    static OptionalDouble besidePyTorch(Section section, Case c, Column.Kind kind) {
        return switch (section) {
            case MATMUL ->
                switch (kind) {
                    case OPENCL -> OptionalDouble.of(isLargeSquare(c) ? 1.3 : 0.9);
                    case JAVA -> OptionalDouble.of(isLargeSquare(c) ? 1.5 : 0.9);
                    case JAVA_17 -> OptionalDouble.of(isLargeSquare(c) ? 1.1 : 0.9);
                    case PLAIN -> OptionalDouble.of(0.2);
                    default -> OptionalDouble.empty();
                };
            case BATCHED, REDUCTIONS -> isMain(kind) ? OptionalDouble.of(1) : OptionalDouble.empty();
            case CHAINS -> isMain(kind) && c.size(0) >= LARGE_ARRAY ? OptionalDouble.of(1.5) : OptionalDouble.empty();
            case STEPS ->
                switch (c.workload()) {
                    case TUTORIAL -> isJava(kind) ? OptionalDouble.of(10) : OptionalDouble.empty();
                    default ->
                        isJava(kind)
                                ? OptionalDouble.of(1.5)
                                : kind == Column.Kind.OPENCL ? OptionalDouble.of(1.2) : OptionalDouble.empty();
                };
            default -> OptionalDouble.empty();
        };
    }

    /** The least fraction of the machine's peak of multiply-adds. */
    static OptionalDouble ofPeak(Section section, Case c, Column.Kind kind) {
        return switch (kind) {
            case OPENCL -> OptionalDouble.of(0.65);
            case JAVA -> OptionalDouble.of(0.75);
            case JAVA_17 -> OptionalDouble.of(0.52);
            default -> OptionalDouble.empty();
        };
    }

    /** The least fraction of the bandwidth of a copy of as many elements. */
    static OptionalDouble ofCopy(Section section, Case c, Column.Kind kind) {
        return isMain(kind) ? OptionalDouble.of(0.8) : OptionalDouble.empty();
    }

    static boolean isLargeSquare(Case c) {
        return c.sizes().stream().distinct().count() == 1 && c.size(0) >= LARGE_MATRIX;
    }

    private static boolean isMain(Column.Kind kind) {
        return kind == Column.Kind.OPENCL || isJava(kind);
    }

    private static boolean isJava(Column.Kind kind) {
        return kind == Column.Kind.JAVA || kind == Column.Kind.JAVA_17;
    }
}
