package org.clgrad.backend.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.clgrad.array.DType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The matrix product's programs, one for each tile in use, compiled at first use; and which tile to use. */
final class MatmulPrograms {
    private static final Logger LOG = LoggerFactory.getLogger(MatmulPrograms.class);
    private static final String SHIPPED = "matmul-tuning.csv";

    private final Compiler compiler;
    private final ClDevice device;
    private final Family family;
    private final MatmulTable.Traits traits;
    private final Map<String, ClProgram> programs = new ConcurrentHashMap<>();
    private final Map<Wanted, MatmulTile> chosen = new ConcurrentHashMap<>();
    private final Map<Coded, Compiled> endings = new ConcurrentHashMap<>();
    private volatile MatmulTable tuned;

    /** A kernel with an epilogue, and how many arrays (the product among them) and numbers that takes. */
    record Ending(ClKernel kernel, int inputs, int constants) {
        /** Sets the arguments of the epilogue, which come before the place of the product. */
        ClKernel arguments(@Nullable MatmulEpilogue epilogue) {
            return epilogue == null ? kernel : epilogue.arguments(kernel, inputs, constants);
        }
    }

    private record Coded(String options, MatmulEpilogue.Code epilogue) {}

    private record Compiled(ClProgram program, ExprSource.Text text) {}

    private record Wanted(DType dtype, MatmulShape shape) {}

    MatmulPrograms(Compiler compiler, ClDevice device, Family family) {
        this.compiler = compiler;
        this.device = device;
        this.family = family;
        traits = new MatmulTable.Traits(
                device.info().name(), device.architecture(), device.info().vendor(), gpu() ? "GPU" : "CPU");
        tuned = TuningFile.of(device.info()).load();
    }

    /** Whether tiles are those of matmul_gpu.cl. */
    boolean gpu() {
        return family.gpuProducts();
    }

    ClDevice device() {
        return device;
    }

    MatmulTable tuned() {
        return tuned;
    }

    /** Uses other tuned tiles from now on. */
    void use(MatmulTable table) {
        tuned = table;
        chosen.clear();
    }

    /** Uses one tile for all products of all types, where it fits. */
    void use(MatmulTile tile) {
        List<MatmulTable.Row> rows = new ArrayList<>();
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            rows.add(new MatmulTable.Row(MatmulTable.Match.TYPE, traits.type(), dtype, null, tile, "the only one"));
        }
        use(new MatmulTable(rows));
    }

    /** Whether {@link #use(MatmulTile)} was the last to say. */
    boolean isOnly(MatmulTile tile) {
        return tuned.rows().stream()
                        .allMatch(row -> row.shape() == null && row.tile().equals(tile))
                && !tuned.rows().isEmpty();
    }

    /** The first tile that the device can run: tuned here, else shipped. */
    MatmulTile tile(DType dtype, MatmulShape shape) {
        return chosen.computeIfAbsent(new Wanted(dtype, shape), wanted -> {
            for (MatmulTable table : List.of(tuned, shipped())) {
                for (MatmulTile tile : table.find(traits, dtype, shape, gpu())) {
                    if (fits(tile, dtype)) {
                        LOG.debug("{} products of {} on {}: {}", shape, dtype, traits.name(), tile);
                        return tile;
                    }
                }
            }
            throw new IllegalStateException("no tile for " + shape + " products of " + dtype + " fits " + traits);
        });
    }

    /** Whether the device runs the tile's group: registers may leave less than its limit. */
    boolean fits(MatmulTile tile, DType dtype) {
        if (!tile.gpu()) {
            return true;
        }
        ClKernel kernel = kernel(tile, dtype, false, "matmul_forward");
        boolean fits = kernel.largestGroup(device.id()) >= tile.group();
        if (!fits) {
            LOG.info("{} has no room for groups of {}: not used: {}", traits.name(), tile.group(), tile);
        }
        return fits;
    }

    /** @param aligned whether every line is promised to consist of whole quads; see matmul_gpu.cl */
    ClKernel kernel(MatmulTile tile, DType dtype, boolean aligned, String name) {
        String options = options(tile, dtype, aligned);
        return programs.computeIfAbsent(options, o -> compiler.compile(file(tile), KernelSource.of(file(tile)), o))
                .kernel(name);
    }

    /** The same kernel, with work behind it unless that is null. */
    Ending kernel(MatmulTile tile, DType dtype, boolean aligned, String name, @Nullable MatmulEpilogue epilogue) {
        if (epilogue == null) {
            return new Ending(kernel(tile, dtype, aligned, name), 0, 0);
        }
        String options = options(tile, dtype, aligned) + " -D W=" + family.width();
        Compiled compiled = endings.computeIfAbsent(new Coded(options, epilogue.code()), coded -> {
            ExprSource.Text text = ExprSource.ofEpilogue(coded.epilogue, file(tile));
            String title = file(tile) + " with " + coded.epilogue.expr();
            return new Compiled(compiler.compile(title, KernelSource.expand(text.source()), options), text);
        });
        return new Ending(compiled.program.kernel(name), compiled.text.inputs(), compiled.text.constants());
    }

    private static String file(MatmulTile tile) {
        return tile.gpu() ? "matmul_gpu.cl" : "matmul_cpu.cl";
    }

    static String options(MatmulTile tile, DType dtype, boolean aligned) {
        return tile.options() + " -D FEW=" + ClMatmul.FEW + (dtype == DType.FLOAT64 ? " -D FP64" : "")
                + (aligned ? " -D ALIGNED" : "");
    }

    /** The table that comes with the library. */
    static MatmulTable shipped() {
        return Shipped.TABLE;
    }

    private static final class Shipped {
        static final MatmulTable TABLE = read();

        private static MatmulTable read() {
            try (InputStream in = MatmulPrograms.class.getResourceAsStream(SHIPPED)) {
                if (in == null) {
                    throw new IllegalStateException(SHIPPED + " is not on the class path");
                }
                return MatmulTable.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
