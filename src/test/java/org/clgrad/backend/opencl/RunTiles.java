package org.clgrad.backend.opencl;

import org.clgrad.array.DType;

/** Multiplies small matrices with every tile of the shipped table on the first device: for simulators that watch the kernels. */
public final class RunTiles {
    /** m, k, n: a few steps and an edge; the second in whole quads. */
    private static final int[][] SIZES = {{21, 10, 22}, {20, 12, 24}};

    private RunTiles() {}

    public static void main(String[] args) {
        ClBackend backend = (ClBackend) OpenCl.discover().devices().get(0).open();
        int tiles = 0;
        for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            MatmulTrial trial = new MatmulTrial(backend, dtype, 1, 1, 1, 1);
            for (MatmulTile tile :
                    ShippedTilesTest.tiles(dtype, backend.matmuls().gpu())) {
                String fault = trial.fault(MatmulTuner.on(backend), tile, SIZES);
                if (!fault.isEmpty()) {
                    throw new AssertionError(tile + " of " + dtype + ": " + fault);
                }
                for (int[] size : SIZES) {
                    fault = new Epilogues(backend, dtype, true, tiles % 2 == 0, 1, size[0], size[1], size[2]).fault();
                    if (!fault.isEmpty()) {
                        throw new AssertionError(tile + " of " + dtype + " with an epilogue: " + fault);
                    }
                }
                tiles++;
            }
        }
        System.out.println("tiles run on " + backend.describe().name() + ": " + tiles);
    }
}
