package org.clgrad.gpu;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a compiler says of a kernel.
 *
 * @param registers vector registers of a work-item; -1 if unknown
 * @param spilled bytes of registers that went to memory
 * @param scratch bytes of private memory, spilled registers among them
 * @param local bytes of local memory of a group
 * @param waves on each scheduler (SIMD); NaN if unknown
 * @param wideLoads whether it loads 16 bytes of global memory at once
 * @param wideStores whether it stores so
 */
record Compiled(
        String kernel,
        int registers,
        int spilled,
        int scratch,
        int local,
        double waves,
        boolean wideLoads,
        boolean wideStores) {

    static final int UNKNOWN = -1;
    private static final Pattern AMD_KERNEL = Pattern.compile("(?m)^\\s*\\.amdhsa_kernel (\\w+)$");
    private static final Pattern AMD_WIDE_LOAD = Pattern.compile("(global|flat)_load_(dwordx4|b128)");
    private static final Pattern AMD_WIDE_STORE = Pattern.compile("(global|flat)_store_(dwordx4|b128)");
    private static final Pattern PTX_KERNEL = Pattern.compile("(?m)^\\.visible \\.entry (\\w+)\\(");
    private static final Pattern PTX_WIDE_LOAD = Pattern.compile("ld\\.global(\\.nc)?\\.v(4\\.[fbus]32|2\\.[fbus]64)");
    private static final Pattern PTX_WIDE_STORE = Pattern.compile("st\\.global\\.v(4\\.[fbus]32|2\\.[fbus]64)");

    /** @param assembly of clang for an AMD chip: for each kernel its code, numbers in comments, and metadata at the end */
    static List<Compiled> amd(String assembly) {
        String metadata = assembly.substring(assembly.indexOf("amdhsa.kernels:"));
        return AMD_KERNEL
                .matcher(assembly)
                .results()
                .map(found -> {
                    String name = found.group(1);
                    int start = assembly.indexOf("\n" + name + ":");
                    String code = assembly.substring(start, found.start());
                    String comments = assembly.substring(found.start(), assembly.indexOf("; Occupancy:", start) + 40);
                    String entry = entry(metadata, name);
                    return new Compiled(
                            name,
                            number(entry, "\\.vgpr_count: +(\\d+)"),
                            4 * number(entry, "\\.vgpr_spill_count: +(\\d+)"),
                            number(entry, "\\.private_segment_fixed_size: +(\\d+)"),
                            number(entry, "\\.group_segment_fixed_size: +(\\d+)"),
                            number(comments, "; Occupancy: (\\d+)"),
                            AMD_WIDE_LOAD.matcher(code).find(),
                            AMD_WIDE_STORE.matcher(code).find());
                })
                .toList();
    }

    /** The part of the metadata that is about a kernel: from one line that begins with "  - " to the next. */
    private static String entry(String metadata, String kernel) {
        for (String entry : metadata.split("(?m)^  - ")) {
            if (Pattern.compile("(?m)^    \\.name: +" + kernel + "$")
                    .matcher(entry)
                    .find()) {
                return entry;
            }
        }
        throw new IllegalArgumentException("no metadata of " + kernel);
    }

    /**
     * What is known of kernels for an NVIDIA chip.
     *
     * @param ptx of clang
     * @param log of ptxas; empty if there is none
     */
    static List<Compiled> nvidia(Chip chip, String ptx, String log, int group) {
        Matcher entries = PTX_KERNEL.matcher(ptx);
        return entries.results()
                .map(found -> {
                    String name = found.group(1);
                    int end = ptx.indexOf("\n}", found.start());
                    String code = ptx.substring(found.start(), end);
                    boolean wideLoads = PTX_WIDE_LOAD.matcher(code).find();
                    boolean wideStores = PTX_WIDE_STORE.matcher(code).find();
                    if (log.isEmpty()) {
                        return new Compiled(name, UNKNOWN, 0, 0, 0, Double.NaN, wideLoads, wideStores);
                    }
                    String said = log.substring(log.indexOf("entry function '" + name + "'"));
                    int next = said.indexOf("entry function", 1);
                    String own = next < 0 ? said : said.substring(0, next);
                    int registers = number(own, "Used (\\d+) registers");
                    int local = optional(own, "(\\d+) bytes smem");
                    int spilled = number(own, "(\\d+) bytes spill stores");
                    return new Compiled(
                            name,
                            registers,
                            spilled,
                            number(own, "(\\d+) bytes stack frame"),
                            local,
                            chip.waves(registers, local, group),
                            wideLoads,
                            wideStores);
                })
                .toList();
    }

    private static int number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        if (!found.find()) {
            throw new IllegalArgumentException("no " + pattern + " in:\n" + text);
        }
        return Integer.parseInt(found.group(1));
    }

    private static int optional(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }
}
