package org.clgrad.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A library in a configuration, in a process of its own.
 *
 * @param name in the tables, such as {@code clgrad-java-25}
 * @param engine what the process opens
 * @param device what it opens that on
 * @param jdk that runs it; null for {@link PyTorch}
 * @param threads that it may use
 * @param options of its JVM
 * @param sections that it takes part in
 */
record Contestant(
        String name,
        String engine,
        String device,
        @Nullable Jdk jdk,
        int threads,
        List<String> options,
        Map<String, String> environment,
        Set<Section> sections) {
    /** Whether it takes part in a case of a section. */
    boolean takes(Section section, Case c) {
        return sections.contains(section)
                && switch (c.workload()) {
                    case COPY, FMA -> isLimit();
                    case SMALL -> !engine.equals("java-limits");
                    case ADD, EXP, SCALE -> isLimit() || isShown(c); // limits copy, in the same rounds
                    default -> !isLimit() && isShown(c);
                };
    }

    /** Whether this measures the machine rather than a library. */
    boolean isLimit() {
        return engine.endsWith("-limits");
    }

    /** The JDK's version; 0 without one. */
    int feature() {
        return jdk == null ? 0 : jdk.feature();
    }

    /** Whether a library's time for a case is on the page: libraries that are there for orientation run one size of a kind. */
    private boolean isShown(Case c) {
        boolean isMain = engine.equals("clgrad") || engine.equals("libtorch") || engine.equals(PyTorch.NAME);
        return isMain || Section.isHeadline(c);
    }
}
