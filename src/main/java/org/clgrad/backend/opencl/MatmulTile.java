package org.clgrad.backend.opencl;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * The parameters of a matmul kernel: build options by name.
 *
 * <ul>
 *   <li>CPU: V lanes a register, ROWS x VECTORS registers of sums, K_BLOCK steps of k between two visits to memory, SHARE rows at
 *       most for a work-item.
 *   <li>GPU: a group computes TILE_M x TILE_N, a work-item ITEM_M x ITEM_N of it, DEPTH steps of k at a time.
 * </ul>
 *
 * @param gpu whether it is for matmul_gpu.cl rather than matmul_cpu.cl
 */
record MatmulTile(boolean gpu, Map<String, Integer> parameters) {
    private static final List<String> CPU = List.of("K_BLOCK", "ROWS", "SHARE", "V", "VECTORS");
    private static final List<String> GPU = List.of("DEPTH", "ITEM_M", "ITEM_N", "TILE_M", "TILE_N");
    private static final int LARGEST_GROUP = 1024;

    /** @throws IllegalArgumentException if a parameter is missing, unknown, or does not go with the others */
    MatmulTile {
        parameters = Map.copyOf(parameters);
        List<String> names = gpu ? GPU : CPU;
        if (!parameters.keySet().equals(java.util.Set.copyOf(names))) {
            throw new IllegalArgumentException(
                    "parameters " + new TreeMap<>(parameters).keySet() + " should be " + names);
        }
        check(parameters.values().stream().allMatch(v -> v > 0), "is not positive", parameters);
        if (gpu) {
            int group = group(parameters);
            check(
                    parameters.get("ITEM_M") % 4 == 0 && parameters.get("ITEM_N") % 4 == 0,
                    "has no whole quads",
                    parameters);
            check(
                    parameters.get("TILE_M") % parameters.get("ITEM_M") == 0
                            && parameters.get("TILE_N") % parameters.get("ITEM_N") == 0
                            && group <= LARGEST_GROUP,
                    "has no whole group",
                    parameters);
            check(
                    parameters.get("DEPTH") % 4 == 0
                            && parameters.get("TILE_M") * parameters.get("DEPTH") / 4 % group == 0
                            && parameters.get("TILE_N") * parameters.get("DEPTH") / 4 % group == 0,
                    "cannot be copied in equal shares",
                    parameters);
        } else {
            check(List.of(2, 4, 8, 16).contains(parameters.get("V")), "has no such vectors", parameters);
            check(parameters.get("VECTORS") <= 4, "has more than 4 vectors", parameters);
            check(16 % parameters.get("ROWS") == 0, "does not divide 16 rows", parameters);
            check(parameters.get("SHARE") % parameters.get("ROWS") == 0, "cuts through tiles", parameters);
        }
    }

    private static void check(boolean right, String fault, Map<String, Integer> parameters) {
        if (!right) {
            throw new IllegalArgumentException("a tile of " + new TreeMap<>(parameters) + " " + fault);
        }
    }

    /** From text such as {@code gpu TILE_M=64 TILE_N=64 ITEM_M=4 ITEM_N=4 DEPTH=16}, which {@link #toString} gives back. */
    static MatmulTile parse(String text) {
        String[] words = text.trim().split("\\s+");
        if (!words[0].equals("cpu") && !words[0].equals("gpu")) {
            throw new IllegalArgumentException("\"" + text + "\" begins with neither cpu nor gpu");
        }
        Map<String, Integer> parameters = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException("\"" + words[i] + "\" is no NAME=VALUE");
            }
            parameters.put(pair[0], Integer.valueOf(pair[1]));
        }
        return new MatmulTile(words[0].equals("gpu"), parameters);
    }

    int get(String name) {
        return parameters.get(name);
    }

    /** Work-items in a group of matmul_gpu.cl. */
    int group() {
        return group(parameters);
    }

    private static int group(Map<String, Integer> parameters) {
        return parameters.get("TILE_M")
                / parameters.get("ITEM_M")
                * (parameters.get("TILE_N") / parameters.get("ITEM_N"));
    }

    /** For the compiler. SHARE concerns the host alone. */
    String options() {
        StringJoiner options = new StringJoiner(" ");
        new TreeMap<>(parameters).forEach((name, value) -> {
            if (!name.equals("SHARE")) {
                options.add("-D " + name + "=" + value);
            }
        });
        return options.toString();
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        text.add(gpu ? "gpu" : "cpu");
        new TreeMap<>(parameters).forEach((name, value) -> text.add(name + "=" + value));
        return text.toString();
    }
}
