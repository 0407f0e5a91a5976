package org.clgrad.gpu;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clgrad.backend.opencl.GpuSource;

/** What compilers said: of every source, on every chip. */
final class Report {
    /** Waves that hide the latency of local memory behind the arithmetic of others. */
    private static final int FEWEST_WAVES = 2;

    /** Registers of a wave that clang 15 uses on gfx1100; the chip has 256, as gfx1030, where clang uses them all. */
    private static final int GFX1100_REGISTERS = 128;

    private final Map<GpuSource, Map<Chip, List<Compiled>>> compiled = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> limits = new ArrayList<>();

    /** @param sources in the order that tables have */
    Report(Collection<GpuSource> sources) {
        sources.forEach(source -> compiled.put(source, new EnumMap<>(Chip.class)));
    }

    synchronized void add(GpuSource source, Chip chip, List<Compiled> kernels) {
        compiled.get(source).put(chip, kernels);
        for (Compiled kernel : kernels) {
            String fault = source.family() == GpuSource.Family.CPU ? "" : fault(source, kernel);
            if (!fault.isEmpty()) {
                (isCompilersLimit(source, chip, kernel) ? limits : faults)
                        .add(chip.target() + ", " + source.title() + " (" + source.options() + "), " + kernel.kernel()
                                + ": " + fault);
            }
        }
    }

    synchronized void fail(GpuSource source, Chip chip, String message) {
        faults.add(chip.target() + ", " + source.title() + " (" + source.options() + ") does not compile: " + message);
    }

    /** What is wrong with a kernel; empty if nothing is. */
    static String fault(GpuSource source, Compiled kernel) {
        if (kernel.spilled() > 0) {
            return "spills " + kernel.spilled() + " bytes";
        }
        if (kernel.scratch() > 0) {
            return "has " + kernel.scratch() + " bytes of private memory";
        }
        if (!kernel.wideLoads() && wantsWideLoads(source, kernel)) {
            return "never loads 16 bytes at once";
        }
        return source.family() == GpuSource.Family.MATMUL && kernel.waves() < FEWEST_WAVES
                ? "leaves room for " + kernel.waves() + " waves"
                : "";
    }

    private static boolean wantsWideLoads(GpuSource source, Compiled kernel) {
        return switch (source.family()) {
            case POINTWISE, REDUCTION, ROWS, UPDATE -> true;
            case MATMUL -> source.options().contains("-D ALIGNED");
            case COPY, CPU -> false;
        };
    }

    /** Whether a kernel needs registers that clang 15 does not use though they are there: see {@link #GFX1100_REGISTERS}. */
    private boolean isCompilersLimit(GpuSource source, Chip chip, Compiled kernel) {
        return chip == Chip.GFX1100
                && kernel.scratch() > 0
                && of(source, Chip.GFX1030).stream()
                        .anyMatch(other -> other.kernel().equals(kernel.kernel())
                                && other.registers() > GFX1100_REGISTERS
                                && other.scratch() == 0);
    }

    List<String> faults() {
        return faults;
    }

    /** What would be a fault with another compiler. */
    List<String> limits() {
        return limits;
    }

    int sources() {
        return compiled.size();
    }

    /** Kernels of all sources, on each chip. */
    long kernels() {
        return compiled.values().stream()
                .mapToLong(chips ->
                        chips.values().stream().mapToInt(List::size).max().orElse(0))
                .sum();
    }

    Stream<GpuSource> of(GpuSource.Family family) {
        return compiled.keySet().stream().filter(source -> source.family() == family);
    }

    List<Compiled> of(GpuSource source, Chip chip) {
        return compiled.getOrDefault(source, Map.of()).getOrDefault(chip, List.of());
    }
}
