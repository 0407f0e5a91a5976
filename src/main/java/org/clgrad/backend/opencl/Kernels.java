package org.clgrad.backend.opencl;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.jspecify.annotations.Nullable;

/** The compiled kernels of one device: those of opencl-kernels/, and those made for expressions as they come up. */
final class Kernels {
    /** Single functions whose kernels are written out in opencl-kernels/; others are made from their expression. */
    static final Set<String> WRITTEN = Set.of(
            "add_forward",
            "pow_forward",
            "pow_backward_base",
            "pow_backward_exponent",
            "bce_with_logits_forward",
            "bce_with_logits_backward");

    private final Compiler compiler;
    private final Family family;
    private final Map<DType, ClProgram> programs = new ConcurrentHashMap<>();
    private final Map<Conversion, ClProgram> conversions = new ConcurrentHashMap<>();
    private final Map<Typed, Pointwise> pointwise = new ConcurrentHashMap<>();

    private volatile @Nullable ClProgram largeTile;

    private record Conversion(DType from, DType to) {}

    private record Typed(Expr expr, DType dtype) {}

    /** Both kernels of an expression, and how many arrays and numbers they take. */
    record Pointwise(ClKernel contiguous, ClKernel strided, int inputs, int constants) {}

    Kernels(Compiler compiler, Family family) {
        this.compiler = compiler;
        this.family = family;
    }

    Family family() {
        return family;
    }

    /** Sums, powers, cross entropy, reductions and matrix products in one program, since starting a compiler is what costs. */
    ClProgram program(DType dtype) {
        return programs.computeIfAbsent(
                dtype,
                type -> compiler.compile(
                        "opencl-kernels for " + type,
                        KernelSource.of("add.cl", "pow.cl", "bce_with_logits.cl", "reduce.cl", family.matmulFile()),
                        family.options(type)));
    }

    ClKernel kernel(DType dtype, String name) {
        return program(dtype).kernel(name);
    }

    /** Matrix products in FLOAT32 with the large tile, compiled at first use. */
    ClProgram largeTile() {
        ClProgram known = largeTile;
        if (known == null) {
            synchronized (this) {
                known = largeTile;
                if (known == null) {
                    known = compiler.compile(
                            "matmul_gpu.cl", KernelSource.of("matmul_gpu.cl"), Family.largeTileOptions());
                    largeTile = known;
                }
            }
        }
        return known;
    }

    /** The kernels of copy.cl for a pair of types. */
    ClProgram conversion(DType from, DType to) {
        return conversions.computeIfAbsent(new Conversion(from, to), pair -> {
            String how = to == DType.BOOL && from != DType.BOOL
                    ? " -D TO_BOOL"
                    : to == DType.INT64 && from.isFloating() ? " -D TO_LONG" : "";
            String fp64 = from == DType.FLOAT64 || to == DType.FLOAT64 ? " -D FP64" : "";
            return compiler.compile(
                    "copy.cl from " + from + " to " + to,
                    KernelSource.of("copy.cl"),
                    "-D RUN=" + family.width() + " -D SOURCE=" + type(from) + " -D TARGET=" + type(to) + how + fp64);
        });
    }

    Pointwise pointwise(Expr expr, DType dtype) {
        Pointwise known = pointwise.get(new Typed(expr, dtype));
        return known != null ? known : pointwise.computeIfAbsent(new Typed(expr, dtype), this::make);
    }

    private Pointwise make(Typed typed) {
        ExprSource.Text text = ExprSource.of(typed.expr, typed.dtype);
        ClProgram program = WRITTEN.contains(text.name())
                ? program(typed.dtype)
                : compiler.compile(
                        "the kernel of " + typed.expr,
                        KernelSource.expand(text.source()),
                        "-D W=" + family.width() + (typed.dtype == DType.FLOAT64 ? " -D FP64" : ""));
        return new Pointwise(
                program.kernel(text.name()), program.kernel(text.name() + "_strided"), text.inputs(), text.constants());
    }

    private static String type(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case INT64 -> "long";
            case BOOL -> "uchar";
        };
    }
}
