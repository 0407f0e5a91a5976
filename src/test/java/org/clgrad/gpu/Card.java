package org.clgrad.gpu;

import org.clgrad.backend.opencl.DryBackend.Work;
import org.clgrad.backend.opencl.GpuSources;

/** Cards with the numbers of their data sheets, and the speed that these allow. Sources: docs/gpu-kernels.md. */
enum Card {
    H100("H100 SXM", "NVIDIA H100 80GB HBM3", "sm_90", "NVIDIA Corporation", 67_000, 3350, 132, 132, 128),
    MI210("MI210", "AMD Instinct MI210", "gfx90a", "Advanced Micro Devices, Inc.", 22_600, 1638, 104, 104, 64),
    RX_7900(
            "RX 7900 XTX",
            "AMD Radeon RX 7900 XTX",
            "gfx1100",
            "Advanced Micro Devices, Inc.",
            61_400,
            960,
            96,
            96,
            128),
    A770("Arc A770", "Intel(R) Arc(TM) A770 Graphics", "", "Intel(R) Corporation", 17_200, 560, 32, 512, 128);

    /** Floats that a core's local memory delivers in a clock: 128 bytes. */
    private static final double LOCAL_FLOATS = 32;

    private static final double GIGA = 1e9;

    private final String title;
    private final String device;
    private final String architecture;
    private final String vendor;
    private final double gigaflops;
    private final double gigabytes;
    private final int cores;
    private final int computeUnits;
    private final int lanes;

    /**
     * @param gigaflops peak of float32, a fused multiply-add counted as two
     * @param gigabytes of memory in a second
     * @param cores that have a local memory each
     * @param computeUnits as OpenCL counts them
     * @param lanes multiply-adds of a core in a clock
     */
    Card(
            String title,
            String device,
            String architecture,
            String vendor,
            double gigaflops,
            double gigabytes,
            int cores,
            int computeUnits,
            int lanes) {
        this.title = title;
        this.device = device;
        this.architecture = architecture;
        this.vendor = vendor;
        this.gigaflops = gigaflops;
        this.gigabytes = gigabytes;
        this.cores = cores;
        this.computeUnits = computeUnits;
        this.lanes = lanes;
    }

    String title() {
        return title;
    }

    double gigaflops() {
        return gigaflops;
    }

    double gigabytes() {
        return gigabytes;
    }

    int cores() {
        return cores;
    }

    private static double bytes(Work work) {
        return work.read() + work.written();
    }

    /** The least seconds for a kernel: bytes through memory, or operations at one addition a lane and clock. */
    double seconds(Work work) {
        return Math.max(memorySeconds(work), arithmeticSeconds(work));
    }

    boolean isBoundByMemory(Work work) {
        return memorySeconds(work) >= arithmeticSeconds(work);
    }

    private double memorySeconds(Work work) {
        return bytes(work) / (gigabytes * GIGA);
    }

    private double arithmeticSeconds(Work work) {
        return work.operations() / (gigaflops / 2 * GIGA);
    }

    /** Ceilings of a float32 product of n x n matrices with the tile that the shipped table has for this card. */
    Product product(int n) {
        return new Product(this, n, GpuSources.tile(device, architecture, vendor, computeUnits, n));
    }

    /** A product and what limits it; in GFLOP/s where nothing else is said. */
    record Product(Card card, int n, GpuSources.Tile tile) {
        private static final int FLOAT = 4;

        long groups() {
            long down = (n + tile.tileM() - 1) / tile.tileM();
            return down * ((n + tile.tileN() - 1) / tile.tileN());
        }

        /** Operations for each byte that a group reads from global memory: 2 M N / (4 (M + N)). */
        double intensity() {
            return 2.0 * tile.tileM() * tile.tileN() / (FLOAT * (tile.tileM() + tile.tileN()));
        }

        /** As if every group read its strips from memory, and no cache had them. */
        double uncached() {
            return Math.min(card.gigaflops, intensity() * card.gigabytes);
        }

        /** As if each matrix went through memory once: 2 n^3 / (3 n^2 4) operations for a byte. */
        double cached() {
            return Math.min(card.gigaflops, n / 6.0 * card.gigabytes);
        }

        /** Elements that a work-item reads from local memory for each multiply-add: (M + N) / (M N) of its own tile. */
        double localReads() {
            return (tile.itemM() + tile.itemN()) / (double) (tile.itemM() * tile.itemN());
        }

        double local() {
            return card.gigaflops * Math.min(1, LOCAL_FLOATS / card.lanes / localReads());
        }

        /** Share of the cores that have work, on average: groups / (cores ceil(groups / cores)). */
        double busy() {
            long rounds = (groups() + card.cores - 1) / card.cores;
            return groups() / (double) (rounds * card.cores);
        }

        double attainable() {
            return Math.min(local() * busy(), cached());
        }

        double milliseconds() {
            return 2.0 * n * n * n / (attainable() * 1e6);
        }

        String bound() {
            if (cached() < local() * busy()) {
                return "memory";
            }
            String core = local() < card.gigaflops ? "local memory" : "arithmetic";
            return busy() < 0.9 ? core + ", idle cores" : core;
        }
    }
}
