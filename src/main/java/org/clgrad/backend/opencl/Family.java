package org.clgrad.backend.opencl;

import org.clgrad.array.DType;
import org.clgrad.backend.ByteSize;
import org.clgrad.backend.NdArray;

/**
 * Which shape of kernels a device runs and their parameters. A CPU device wants wide vectors and no work-groups, a GPU
 * local memory and many work-items. System property {@code clgrad.opencl.family}, {@code cpu} or {@code gpu}, overrides the
 * device's type.
 *
 * @param gpu whether kernels are those for GPUs
 * @param width elements a work-item computes on in pointwise work and reductions
 * @param longestSum steps of a sum that one work-item may take: llvmpipe ends all loops of a work-item, without a word,
 *     after 65,535 iterations together
 * @param mostRowLanes most work-items that have a row together
 * @param cacheBytes of a CPU's caches of the last level: results that are longer are stored past them; {@link #NEVER} where that is
 *     not known to be possible
 */
record Family(boolean gpu, int width, int longestSum, int mostRowLanes, long cacheBytes) {
    static final long NEVER = Long.MAX_VALUE;

    private static final int SHORT_ROW_LANES = 16;
    private static final int LONG_ROW_LANES = 256;
    private static final int MOST_VECTORS = 8; // of a row for each work-item, where more of them can help
    private static final int LLVMPIPE_SUM = 1024;
    private static final int GPU_WIDTH = 4;
    private static final int CPU_WIDTH = 16;
    private static final int CORES_OF_CACHE = 16; // at most; a processor with more has more of them
    private static final int LONG_RUN = 2048; // elements: memory is fetched best in long runs

    /** Work-items in a group that computes elements one run each; compiled once for each size by some drivers, so there is no third. */
    static final long[] GROUP = {64, 1, 1};
    /** The group of a work-item on a CPU that has much to do. */
    static final long[] SINGLE = {1, 1, 1};

    /** Elements that one work-item (CPU) or work-group (GPU) reduces. */
    static final int SEGMENT = 4096;
    /** Rows that a work-item reduces for its columns. */
    static final int OUTER_SEGMENT = 128;
    /** Work-items in a group that reduces. */
    static final int LANES = 64;

    /** Neighbouring vectors of such a group: whole cache lines in single precision. */
    private static final int ACROSS = 8;

    /** Columns that it reduces over rows. */
    static final int GROUP_COLUMNS = ACROSS * GPU_WIDTH;

    Family {
        if (gpu && width == CPU_WIDTH) { // sources ask for W == 16 where they mean a CPU
            throw new IllegalArgumentException("kernels for GPUs have no vectors of " + width);
        }
    }

    static Family of(ClDevice device) {
        String forced = System.getProperty("clgrad.opencl.family", "");
        boolean gpu = switch (forced) {
            case "" -> !device.isCpu();
            case "cpu" -> false;
            case "gpu" -> true;
            default -> throw new IllegalArgumentException("-Dclgrad.opencl.family=" + forced + ": expected cpu or gpu");
        };
        boolean llvmpipe = device.info().name().startsWith("llvmpipe"); // makes vectors of work-items, as GPUs do
        int longestSum = llvmpipe ? LLVMPIPE_SUM : Integer.MAX_VALUE;
        int mostRowLanes = !gpu ? 1 : device.largestGroup() < LONG_ROW_LANES ? LANES : LONG_ROW_LANES;
        return new Family(
                gpu,
                gpu || llvmpipe ? GPU_WIDTH : CPU_WIDTH,
                longestSum,
                mostRowLanes,
                gpu ? NEVER : cacheBytes(device));
    }

    /** PoCL, which compiles by clang, tells the size of one cache. */
    private static long cacheBytes(ClDevice device) {
        if (!device.isPocl()) {
            return NEVER;
        }
        long caches = 1 + (device.info().computeUnits() - 1) / CORES_OF_CACHE;
        long told = device.cacheBytes() > 0 ? caches * device.cacheBytes() : NEVER;
        return ByteSize.of("clgrad.opencl.cache", told);
    }

    /** Whether matrix products use matmul_gpu.cl, whose work-items loop along k only. */
    boolean gpuProducts() {
        return gpu || hasShortLoops();
    }

    private boolean hasShortLoops() {
        return longestSum != Integer.MAX_VALUE;
    }

    /** Whether the caches do not keep all of an array. */
    boolean isPastCache(NdArray array) {
        return array.numel() * array.dtype().bytes() > cacheBytes;
    }

    /** Whether the driver is known to copy by one thread. */
    boolean copiesByOneThread() {
        return cacheBytes != NEVER;
    }

    /** Columns that a work-item reduces over rows. */
    int outerWidth() {
        return gpu ? width : hasShortLoops() ? rowsSideBySide() : LONG_RUN;
    }

    /** Neighbouring vectors of rows that lie side by side, which a work-item of a row program has. */
    private int rowVectors() {
        return gpu ? 1 : 4;
    }

    /** Rows that it has. */
    int rowsSideBySide() {
        return rowVectors() * width;
    }

    /** Work-items that have a row of so many elements together, with a few vectors each. */
    int rowLanes(int elements) {
        int lanes = Math.min(mostRowLanes, SHORT_ROW_LANES);
        while (lanes < mostRowLanes && elements > MOST_VECTORS * width * lanes) {
            lanes *= 4;
        }
        return lanes;
    }

    /** For kernels of row programs. */
    String rowOptions(DType dtype, int lanes, boolean pastCache) {
        return resultOptions(dtype, pastCache) + " -D ROW_LANES=" + lanes + " -D ROW_VECTORS=" + rowVectors();
    }

    /** For kernels of pointwise work and of row programs. */
    String resultOptions(DType dtype, boolean pastCache) {
        return options(dtype) + (pastCache ? " -D LONG_RESULT" : "");
    }

    /** For kernels of updates. */
    String options(DType dtype) {
        return "-D W=" + width + (dtype == DType.FLOAT64 ? " -D FP64" : "");
    }

    /** For kernels that reduce. */
    String reduceOptions(DType dtype) {
        return options(dtype) + " -D SEGMENT=" + SEGMENT + " -D OUTER_SEGMENT=" + OUTER_SEGMENT + " -D OUTER_WIDTH="
                + outerWidth() + " -D LANES=" + LANES + " -D ACROSS=" + ACROSS;
    }
}
