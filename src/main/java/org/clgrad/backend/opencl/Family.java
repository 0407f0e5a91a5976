package org.clgrad.backend.opencl;

import org.clgrad.array.DType;

/**
 * Which shape of kernels a device runs and their parameters. A CPU device wants wide vectors and no work-groups, a GPU
 * local memory and many work-items. System property {@code clgrad.opencl.family}, {@code cpu} or {@code gpu}, overrides the
 * device's type.
 *
 * @param gpu whether kernels are those for GPUs
 * @param width elements a work-item computes on in pointwise work and reductions
 * @param floats floats in a vector register of a CPU
 * @param llvmpipe whether this is Mesa's llvmpipe, which leaves loops after 65535 steps of a work-item, without a word
 */
record Family(boolean gpu, int width, int floats, boolean llvmpipe) {
    private static final int GPU_WIDTH = 4;
    private static final int CPU_WIDTH = 16;

    /** Work-items in a group that computes elements one run each; compiled once for each size by some drivers, so there is one. */
    static final long[] GROUP = {64, 1, 1};
    /** The group of CPU matmul kernels. */
    static final long[] SINGLE = {1, 1, 1};

    /** Side of the block of out that a GPU's work-group computes: large products in FLOAT32 get the large one. */
    static final int TILE = 64;

    static final int LARGE_TILE = 128;
    /** Side of the group, so that a work-item has TILE / SIDE squared elements. */
    static final int SIDE = 16;
    /** Steps of k, on a CPU, between two visits to memory. */
    static final int K_BLOCK = 256;
    /** Elements that one work-item (CPU) or work-group (GPU) reduces. */
    static final int SEGMENT = 4096;
    /** Rows that a work-item reduces for its columns. */
    static final int OUTER_SEGMENT = 128;
    /** Work-items in a group that reduces. */
    static final int LANES = 64;

    static Family of(ClDevice device) {
        String forced = System.getProperty("clgrad.opencl.family", "");
        boolean gpu = switch (forced) {
            case "" -> !device.isCpu();
            case "cpu" -> false;
            case "gpu" -> true;
            default -> throw new IllegalArgumentException("-Dclgrad.opencl.family=" + forced + ": expected cpu or gpu");
        };
        return new Family(
                gpu,
                gpu ? GPU_WIDTH : CPU_WIDTH,
                Math.max(4, Math.min(16, device.nativeFloats())),
                device.info().name().startsWith("llvmpipe"));
    }

    /** Elements in a vector register of a CPU. */
    int lanes(DType dtype) {
        return dtype == DType.FLOAT64 ? floats / 2 : floats;
    }

    /** Rows of a CPU's register tile: with AVX-512 (32 registers) 8 x 3 sums, else (16 registers) 4 x 3. */
    int rows() {
        return floats == 16 ? 8 : 4;
    }

    /** Panels of a, on a CPU, that a work-item multiplies with its panel of b. */
    int rowPanels() {
        return llvmpipe ? 1 : 8;
    }

    /** The longest dot product that the device computes in full; llvmpipe takes some 20 loop steps for each step of k. */
    int longestProduct() {
        return llvmpipe ? 2048 : Integer.MAX_VALUE;
    }

    /** Registers in a row of the tile. */
    int vectors() {
        return 3;
    }

    /** Columns that a work-item reduces over rows. */
    int outerWidth() {
        return gpu ? width : 4 * width;
    }

    /** For a program of its own, beside the one with the small tile. */
    static String largeTileOptions() {
        return "-D W=" + GPU_WIDTH + " -D TILE=" + LARGE_TILE + " -D ITEM=" + LARGE_TILE / SIDE + " -D DEPTH=8";
    }

    String matmulFile() {
        return gpu ? "matmul_gpu.cl" : "matmul_cpu.cl";
    }

    String options(DType dtype) {
        String fp = dtype == DType.FLOAT64 ? " -D FP64" : "";
        return "-D W=" + width + fp + " -D SEGMENT=" + SEGMENT + " -D OUTER_SEGMENT=" + OUTER_SEGMENT
                + " -D OUTER_WIDTH="
                + outerWidth() + " -D LANES=" + LANES
                + (gpu
                        ? " -D TILE=" + TILE + " -D ITEM=" + TILE / SIDE
                        : " -D V=" + lanes(dtype) + " -D ROWS=" + rows() + " -D VECTORS=" + vectors() + " -D K_BLOCK="
                                + K_BLOCK + " -D ROW_PANELS=" + rowPanels());
    }
}
