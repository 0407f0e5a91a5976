package org.clgrad.backend.opencl;

import java.util.Arrays;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;

/** The host's side of update.clh: one launch for as many groups as its kernel takes. */
final class ClUpdate {
    /** Groups that a kernel takes: with seven arrays each its arguments stay under 1024 bytes, which every device allows. */
    private static final int GROUPS = 8;

    private final ClBackend backend;
    private final Kernels kernels;

    ClUpdate(ClBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void run(List<Expr> results, NdArray[][] groups, double[] constants) {
        DType dtype = groups[0][0].dtype();
        Kernels.Single update = kernels.update(results, groups[0].length, dtype);
        for (int first = 0; first < groups.length; first += GROUPS) {
            launch(
                    update,
                    dtype,
                    Arrays.copyOfRange(groups, first, Math.min(groups.length, first + GROUPS)),
                    constants);
        }
    }

    private void launch(Kernels.Single update, DType dtype, NdArray[][] groups, double[] constants) {
        int width = kernels.family().width();
        long[] sizes = new long[GROUPS];
        long items = 0;
        for (int g = 0; g < groups.length; g++) {
            sizes[g] = groups[g][0].numel();
            items += (sizes[g] + width - 1) / width;
        }
        long all = items;
        backend.submit(() -> {
            ClKernel kernel = update.kernel().begin();
            for (int g = 0; g < GROUPS; g++) {
                for (NdArray array :
                        groups[Math.min(g, groups.length - 1)]) { // something must stand for what is not used
                    kernel.buffer(ClBuffer.of(array)).int64(array.layout().offset());
                }
            }
            for (int i = 0; i < update.constants(); i++) {
                kernel.scalar(dtype, constants[i]);
            }
            kernel.int64s(sizes).launch(all, Family.GROUP);
        });
    }
}
