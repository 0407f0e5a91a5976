package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.clgrad.array.DType;
import org.clgrad.backend.Backend;
import org.clgrad.backend.DeviceException;
import org.clgrad.backend.Region;
import org.clgrad.backend.TuningStep;

/**
 * Searches for the best tile of each dtype and kind of product. A candidate's answer is checked before its time: one that is
 * wrong, does not compile or fails is discarded. The tile in use stays unless another is faster by more than measurements vary.
 */
final class MatmulTuner {
    private static final double WORTH_A_CHANGE = 1.03;

    private final Backend backend;
    private final MatmulPrograms programs;
    private final MatmulTrial.Product product;

    MatmulTuner(Backend backend, MatmulPrograms programs, MatmulTrial.Product product) {
        this.backend = backend;
        this.programs = programs;
        this.product = product;
    }

    /** Multiplies on a backend with the tile asked for, and no other. */
    static MatmulTrial.Product on(ClBackend backend) {
        MatmulPrograms programs = backend.matmuls();
        return (tile, a, b, out) -> {
            if (!programs.isOnly(tile)) {
                programs.use(tile);
            }
            if (!programs.fits(tile, out.dtype())) {
                throw new DeviceException("the device has no room for groups of " + tile.group());
            }
            backend.matmul(a, b, out);
        };
    }

    /** @return a row for each dtype and kind of product */
    MatmulTable tune(List<DType> dtypes, List<MatmulShape> shapes, Consumer<TuningStep> listener) {
        List<Search> searches = new ArrayList<>();
        for (DType dtype : dtypes) {
            for (MatmulShape shape : shapes) {
                searches.add(new Search(dtype, shape, MatmulCandidates.around(programs.tile(dtype, shape))));
            }
        }
        int total = searches.stream().mapToInt(s -> s.candidates.size()).sum();
        List<MatmulTable.Row> rows = new ArrayList<>();
        int done = 0;
        for (Search search : searches) {
            try (Region region = Region.open()) {
                rows.add(best(search, done, total, listener));
            }
            done += search.candidates.size();
        }
        return new MatmulTable(rows);
    }

    private record Search(DType dtype, MatmulShape shape, List<MatmulTile> candidates) {}

    /** What a tile reached in GFLOP/s, or 0 and what is wrong with it. */
    private record Outcome(double rate, String fault) {}

    private MatmulTable.Row best(Search search, int done, int total, Consumer<TuningStep> listener) {
        int units = backend.describe().computeUnits();
        MatmulTrial trial = new MatmulTrial(backend, search.dtype, MatmulTrial.size(search.shape, units));
        MatmulTile usual = search.candidates.get(0);
        MatmulTile best = usual;
        double rate = 0;
        for (MatmulTile tile : search.candidates) {
            Outcome found = outcome(trial, tile);
            if (found.rate > rate) {
                rate = found.rate;
                best = tile;
            }
            boolean discarded = !found.fault.isEmpty();
            listener.accept(new TuningStep(
                    ++done,
                    total,
                    search.shape + " " + search.dtype,
                    tile.toString(),
                    discarded ? found.fault : gigaflops(found.rate),
                    discarded));
        }
        if (rate == 0) {
            throw new DeviceException("no tile gives right " + search.shape + " products of " + search.dtype);
        }
        if (!best.equals(usual)) {
            double again = outcome(trial, best).rate; // side by side, since the machine may have changed its pace
            double before = outcome(trial, usual).rate;
            best = again >= before * WORTH_A_CHANGE ? best : usual;
            rate = Math.max(again, before);
        }
        String name = backend.describe().name().split(",")[0];
        return new MatmulTable.Row(
                MatmulTable.Match.NAME, name, search.dtype, search.shape, best, "tuned: " + gigaflops(rate));
    }

    private Outcome outcome(MatmulTrial trial, MatmulTile tile) {
        try {
            String fault = trial.fault(product, tile);
            return new Outcome(fault.isEmpty() ? trial.gigaflops(product, tile) : 0, fault);
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return new Outcome(0, "failed: " + reason);
        }
    }

    private static String gigaflops(double rate) {
        return String.format(Locale.ROOT, "%.1f GFLOP/s", rate);
    }
}
