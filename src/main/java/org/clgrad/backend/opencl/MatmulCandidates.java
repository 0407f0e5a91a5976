package org.clgrad.backend.opencl;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tiles that tuning tries. */
final class MatmulCandidates {
    private static final int SMALLEST_GROUP = 64;
    private static final int LARGEST_GROUP = 256;
    private static final int LARGEST_ITEM = 128; // sums that fit into registers

    private MatmulCandidates() {}

    /** The one in use, then its relatives. */
    static List<MatmulTile> around(MatmulTile base) {
        Set<MatmulTile> tiles = new LinkedHashSet<>();
        tiles.add(base);
        if (base.gpu()) {
            addGpu(tiles);
        } else {
            addCpu(tiles, base.get("V"));
        }
        return List.copyOf(tiles);
    }

    private static void addCpu(Set<MatmulTile> tiles, int lanes) {
        for (int rows : new int[] {4, 8}) {
            for (int vectors : new int[] {2, 3, 4}) {
                for (int block : new int[] {256, 512}) {
                    for (int share : new int[] {128, 256, 512}) {
                        tiles.add(new MatmulTile(
                                false,
                                Map.of(
                                        "V", lanes, "ROWS", rows, "VECTORS", vectors, "K_BLOCK", block, "SHARE",
                                        share)));
                    }
                }
            }
        }
    }

    private static void addGpu(Set<MatmulTile> tiles) {
        int[] sides = {32, 64, 128, 256};
        int[] items = {4, 8, 16};
        for (int tileM : sides) {
            for (int tileN : sides) {
                for (int itemM : items) {
                    for (int itemN : items) {
                        int group = tileM / itemM * (tileN / itemN);
                        for (int depth : new int[] {8, 16, 32}) {
                            boolean equalShares = tileM * depth / 4 % group == 0 && tileN * depth / 4 % group == 0;
                            boolean fits =
                                    group >= SMALLEST_GROUP && group <= LARGEST_GROUP && itemM * itemN <= LARGEST_ITEM;
                            if (fits && equalShares) {
                                tiles.add(new MatmulTile(
                                        true,
                                        Map.of(
                                                "TILE_M", tileM, "TILE_N", tileN, "ITEM_M", itemM, "ITEM_N", itemN,
                                                "DEPTH", depth)));
                            }
                        }
                    }
                }
            }
        }
    }
}
