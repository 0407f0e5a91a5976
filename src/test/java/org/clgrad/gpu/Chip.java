package org.clgrad.gpu;

import java.util.Locale;

/** Chips that kernels are compiled for, and how many waves (warps) of a kernel fit on each of their schedulers. */
enum Chip {
    SM_80("A100", 164),
    SM_90("H100", 228),
    GFX906("MI50, Radeon VII", 0),
    GFX90A("MI210, MI250", 0),
    GFX1030("RX 6800, 6900", 0),
    GFX1100("RX 7900", 0);

    private static final int SCHEDULERS = 4;
    private static final int REGISTERS = 65536;
    private static final int REGISTER_UNIT = 256;
    private static final int WARP = 32;
    private static final int MOST_WARPS = 64;
    private static final int MOST_GROUPS = 32;
    private static final int RESERVED = 1024; // bytes of local memory that the driver takes for each group

    private final String cards;
    private final int localKilobytes;

    /** @param localKilobytes local memory of a multiprocessor; 0 where the compiler tells occupancy by itself */
    Chip(String cards, int localKilobytes) {
        this.cards = cards;
        this.localKilobytes = localKilobytes;
    }

    /** As compilers call it. */
    String target() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Cards that have it. */
    String cards() {
        return cards;
    }

    boolean nvidia() {
        return localKilobytes > 0;
    }

    /**
     * Waves on each scheduler of an NVIDIA multiprocessor: the least of what registers, local memory, groups and warps allow.
     * Limits of compute capability 8.0 and 9.0: CUDA C++ Programming Guide, technical specifications; a warp gets registers in
     * units of 256, warps in fours: CUDA Occupancy Calculator.
     */
    double waves(int registers, int localBytes, int group) {
        int warps = (group + WARP - 1) / WARP;
        int perWarp = (registers * WARP + REGISTER_UNIT - 1) / REGISTER_UNIT * REGISTER_UNIT;
        int byRegisters = REGISTERS / perWarp / SCHEDULERS * SCHEDULERS / warps;
        int byLocal = localKilobytes * 1024 / (localBytes + RESERVED);
        int groups = Math.min(Math.min(byRegisters, byLocal), Math.min(MOST_GROUPS, MOST_WARPS / warps));
        return groups * warps / (double) SCHEDULERS;
    }
}
