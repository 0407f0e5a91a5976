package org.clgrad.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clgrad.array.DType;
import org.clgrad.autograd.GradMode;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Backend;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;

/** Updates of many tensors in place by the same formulas, unrecorded: what a step of an optimizer is. */
public final class Update {
    private Update() {}

    private record Kind(Backend backend, DType dtype) {}

    /**
     * In every group, tensor r becomes {@code results.get(r)} of the old values of all tensors of the group; those beyond
     * the results are only read. The backend does it for all groups of one device and dtype at once, in as few kernels as it can.
     *
     * @param groups tensors of one shape, dtype and device each; as many in every group
     * @throws IllegalStateException if a tensor to be written has elements that share memory
     */
    public static void apply(List<Expr> results, List<Variable[]> groups, double... constants) {
        int written = results.size();
        try (GradMode.Guard off = GradMode.set(false)) {
            for (Variable[] group : groups) {
                for (int r = 0; r < written; r++) {
                    InPlace.checkWritable("update", group[r]);
                }
            }
        }
        Map<Kind, List<NdArray[]>> kinds = new LinkedHashMap<>();
        List<NdArray[]> all = new ArrayList<>();
        for (Variable[] group : groups) {
            NdArray[] arrays =
                    Arrays.stream(group).map(v -> v.value().contiguous()).toArray(NdArray[]::new);
            all.add(arrays);
            if (arrays[0].numel() > 0) {
                Kind kind = new Kind(arrays[0].backend(), arrays[0].dtype());
                kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(arrays);
            }
        }
        kinds.forEach((kind, arrays) -> kind.backend.update(results, arrays.toArray(NdArray[][]::new), constants));
        for (int g = 0; g < all.size(); g++) {
            finish(groups.get(g), all.get(g), written);
        }
    }

    /** Brings new values from contiguous copies to where they belong, and notes that these places changed. */
    private static void finish(Variable[] group, NdArray[] arrays, int written) {
        for (int i = 0; i < group.length; i++) {
            NdArray place = group[i].value();
            boolean copied = arrays[i] != place;
            if (copied && i < written && place.numel() > 0) {
                place.backend().copy(arrays[i], place);
            }
            if (copied) {
                arrays[i].buffer().freeIfUnheld();
            }
            if (i < written) {
                place.buffer().contentsChanged();
            }
        }
    }
}
