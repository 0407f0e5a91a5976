package org.clgrad.backend.opencl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;

/** What the drivers of GPUs are given to compile: the files, and what is made for expressions, row programs and updates. */
public final class GpuSources {
    private static final Family GPU = new Family(true, 4, Integer.MAX_VALUE, 256, Family.NEVER);
    private static final int ITEMS = (int) Family.GROUP[0];
    /** What follows the product of a layer: a bias and relu. */
    private static final Expr LAYER = Expr.of(Fn.RELU, Expr.add(Expr.input(0), Expr.input(1)));

    private static final List<DType> FLOATING = List.of(DType.FLOAT32, DType.FLOAT64);

    private GpuSources() {}

    /** The files, with every set of options that the library has for them on a GPU. */
    public static List<GpuSource> files() {
        List<GpuSource> all = new ArrayList<>();
        for (DType dtype : FLOATING) {
            for (String file : Kernels.FILES) {
                all.add(source(family(file), file, KernelSource.of(file), GPU.reduceOptions(dtype)));
            }
        }
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                if (from != to || !from.isFloating()) { // those are among the files
                    String options = Kernels.conversionOptions(GPU, from, to);
                    all.add(source(GpuSource.Family.COPY, "copy.cl", KernelSource.of("copy.cl"), options));
                }
            }
        }
        all.addAll(tiles());
        all.add(source(GpuSource.Family.CPU, "matmul_cpu.cl", KernelSource.of("matmul_cpu.cl"), ""));
        return all;
    }

    private static GpuSource.Family family(String file) {
        return switch (file) {
            case "reduce.cl" -> GpuSource.Family.REDUCTION;
            case "matmul_small.cl" -> GpuSource.Family.MATMUL;
            case "copy.cl" -> GpuSource.Family.COPY;
            default -> GpuSource.Family.POINTWISE;
        };
    }

    /** Every tile of the shipped table, with lines in whole quads and without, and with work behind the product. */
    private static List<GpuSource> tiles() {
        List<GpuSource> all = new ArrayList<>();
        for (DType dtype : FLOATING) {
            for (MatmulTile tile : ShippedTilesTest.tiles(dtype, true)) {
                for (boolean aligned : new boolean[] {true, false}) {
                    String options = MatmulPrograms.options(tile, dtype, aligned);
                    all.add(product(title(tile, dtype), KernelSource.of("matmul_gpu.cl"), options, tile));
                    MatmulEpilogue.Code layer = new MatmulEpilogue.Code(LAYER, 0, false, dtype);
                    String text = ExprSource.ofEpilogue(layer, "matmul_gpu.cl").source();
                    all.add(product(title(tile, dtype) + ", bias, relu", KernelSource.expand(text), options, tile));
                }
            }
        }
        return all;
    }

    private static GpuSource product(String title, String text, String options, MatmulTile tile) {
        return new GpuSource(GpuSource.Family.MATMUL, title, text, options, tile.group());
    }

    private static String title(MatmulTile tile, DType dtype) {
        return dtype + " " + tile.get("TILE_M") + " x " + tile.get("TILE_N") + " by " + tile.get("ITEM_M") + " x "
                + tile.get("ITEM_N") + ", depth " + tile.get("DEPTH");
    }

    /**
     * The tile of the shipped table for a product, as a device of these traits chooses it.
     *
     * @param title as in {@link #files}
     */
    public record Tile(String title, int tileM, int tileN, int itemM, int itemN) {}

    /** The tile of a float32 product of n x n matrices. */
    public static Tile tile(String device, String architecture, String vendor, int computeUnits, int n) {
        MatmulTile tile = MatmulPrograms.shipped()
                .find(
                        new MatmulTable.Traits(device, architecture, vendor, "GPU"),
                        DType.FLOAT32,
                        MatmulShape.of(1, n, n, n, computeUnits),
                        true)
                .get(0);
        return new Tile(
                title(tile, DType.FLOAT32),
                tile.get("TILE_M"),
                tile.get("TILE_N"),
                tile.get("ITEM_M"),
                tile.get("ITEM_N"));
    }

    /** Each function by itself, and a sum of as many products as fusion puts into one kernel. */
    public static List<GpuSource> functions() {
        List<GpuSource> all = new ArrayList<>();
        for (DType dtype : FLOATING) {
            for (Fn fn : Fn.values()) {
                Expr[] inputs =
                        IntStream.range(0, fn.arity()).mapToObj(Expr::input).toArray(Expr[]::new);
                all.add(pointwise(Expr.of(fn, inputs), dtype).titled("fn_" + fn.kernelName()));
            }
            all.add(pointwise(products(16), dtype).titled("x0 k0 + .. + x15 k15, as much as fusion takes in"));
            for (boolean inner : new boolean[] {true, false}) {
                all.add(reduction(Reduction.SUM, inner, products(ClReduce.MOST_INPUTS), dtype)
                        .titled("sum of x0 k0 + .. + x7 k7, as much as a reduction takes in"));
            }
        }
        return all;
    }

    private static Expr products(int count) {
        Expr sum = Expr.mul(Expr.input(0), Expr.constant(0));
        for (int i = 1; i < count; i++) {
            sum = Expr.add(sum, Expr.mul(Expr.input(i), Expr.constant(i)));
        }
        return sum;
    }

    static GpuSource pointwise(Expr expr, DType dtype) {
        return source(
                GpuSource.Family.POINTWISE,
                expr.toString(),
                KernelSource.expand(ExprSource.of(expr, dtype).source()),
                GPU.options(dtype));
    }

    static GpuSource reduction(Reduction kind, boolean inner, Expr expr, DType dtype) {
        String text = expr instanceof Expr.Input
                ? KernelSource.of(inner || kind != Reduction.SUM ? "reduce.cl" : "add.cl")
                : KernelSource.expand(
                        ExprSource.ofReduction(kind, inner, expr, dtype).source());
        return source(GpuSource.Family.REDUCTION, kind + " of " + expr, text, GPU.reduceOptions(dtype));
    }

    /** @param elements of a row that is contiguous, else 0 */
    static GpuSource rows(RowProgram program, List<Long> steps, int elements, DType dtype) {
        int lanes = elements > 0 ? GPU.rowLanes(elements) : 0;
        return source(
                GpuSource.Family.ROWS,
                program.stages().size()
                        + (program.stages().size() == 1 ? " stage" : " stages")
                        + (program.result() == null ? "" : " and a result"),
                KernelSource.expand(
                        RowSource.of(program, steps, lanes > 0, dtype).source()),
                GPU.rowOptions(dtype, lanes, false));
    }

    static GpuSource update(List<Expr> results, int arrays, DType dtype) {
        return source(
                GpuSource.Family.UPDATE,
                results.size() + " of " + arrays + " arrays",
                KernelSource.expand(ExprSource.ofUpdate(results, arrays, dtype).source()),
                GPU.options(dtype));
    }

    private static GpuSource source(GpuSource.Family family, String title, String text, String options) {
        return new GpuSource(family, title, text, options, ITEMS);
    }

    /** Names of the files that are sources of their own. */
    static List<String> fileNames() {
        List<String> names = new ArrayList<>(Kernels.FILES);
        names.addAll(Arrays.asList("matmul_gpu.cl", "matmul_cpu.cl"));
        return names;
    }
}
