package org.clgrad.backend.opencl;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Reduction;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/** The compiled kernels of one device: those of opencl-kernels/, and those made for expressions as they come up. */
final class Kernels {
    /** Single functions whose kernels are written out in opencl-kernels/; others are made from their expression. */
    static final Set<String> WRITTEN = Set.of(
            "add_forward",
            "mul_forward",
            "div_number",
            "pow_forward",
            "pow_backward_base",
            "pow_backward_exponent",
            "bce_with_logits_forward",
            "bce_with_logits_backward");

    /** The files of {@link #program}. */
    static final List<String> FILES =
            List.of("add.cl", "mul.cl", "pow.cl", "bce_with_logits.cl", "reduce.cl", "matmul_small.cl", "copy.cl");

    private final Compiler compiler;
    private final Family family;
    private final Map<DType, ClProgram> programs = new ConcurrentHashMap<>();
    private final Map<Conversion, ClProgram> conversions = new ConcurrentHashMap<>();
    private final Map<Typed, Pointwise> pointwise = new ConcurrentHashMap<>();
    private final Map<Reducing, Reduced> reductions = new ConcurrentHashMap<>();
    private final Map<Updating, Single> updates = new ConcurrentHashMap<>();
    private final Map<Rows, Single> rows = new ConcurrentHashMap<>();

    private record Conversion(DType from, DType to) {}

    private record Typed(Expr expr, boolean pastCache, DType dtype) {}

    private record Reducing(Reduction kind, boolean inner, Expr expr, DType dtype) {}

    /** The kernels of a reduction of an expression; {@code group} is null on CPUs. */
    record Reduced(ClKernel single, @Nullable ClKernel group, int inputs, int constants) {}

    private static final boolean AT_ONCE = "always".equals(System.getProperty("clgrad.fusion"));

    /** Nanoseconds that a kernel should have saved before it is compiled, about a tenth of what that takes: most that does comes again for ever. */
    private static final double WORTH = 5e6;

    private static final double LAUNCH = 5e3; // nanoseconds
    private static final double BANDWIDTH = 20; // bytes a nanosecond

    private static final int MOST_COLD = 1 << 14;

    private final Map<Record, Double> saved = new ConcurrentHashMap<>();

    /** Both kernels of an expression, and how many arrays and numbers they take. */
    record Pointwise(ClKernel contiguous, ClKernel strided, int inputs, int constants) {}

    private record Updating(List<Expr> results, int arrays, DType dtype) {}

    private record Rows(RowProgram program, List<Long> steps, int lanes, boolean pastCache, DType dtype) {}

    /** A kernel, and how many numbers it takes. */
    record Single(ClKernel kernel, int constants) {}

    Kernels(Compiler compiler, Family family) {
        this.compiler = compiler;
        this.family = family;
    }

    Family family() {
        return family;
    }

    /** What nearly every caller needs, and soon: in one program, since starting a compiler is what costs. */
    ClProgram program(DType dtype) {
        return programs.computeIfAbsent(
                dtype,
                type -> compiler.compile(
                        "opencl-kernels for " + type,
                        KernelSource.of(FILES.toArray(String[]::new)),
                        family.reduceOptions(type)));
    }

    ClKernel kernel(DType dtype, String name) {
        return program(dtype).kernel(name);
    }

    /** The kernels of copy.cl for a pair of types. */
    ClProgram conversion(DType from, DType to) {
        if (from == to && from.isFloating()) {
            return program(from);
        }
        return conversions.computeIfAbsent(
                new Conversion(from, to),
                pair -> compiler.compile(
                        "copy.cl from " + from + " to " + to,
                        KernelSource.of("copy.cl"),
                        conversionOptions(family, from, to)));
    }

    static String conversionOptions(Family family, DType from, DType to) {
        String how = to == DType.BOOL && from != DType.BOOL
                ? " -D TO_BOOL"
                : to == DType.INT64 && from.isFloating() ? " -D TO_LONG" : "";
        String fp64 = from == DType.FLOAT64 || to == DType.FLOAT64 ? " -D FP64" : "";
        return "-D W=" + family.width() + " -D SOURCE=" + type(from) + " -D TARGET=" + type(to) + how + fp64;
    }

    boolean isWorthCompiling(Expr expr, DType dtype, int passes, long elements) {
        return isWorthCompiling(new Typed(expr, false, dtype), dtype, passes, elements);
    }

    /**
     * Adds up what a kernel would have saved, until it is enough.
     *
     * @param passes over so many elements, each with a launch, that it saves in this call
     */
    boolean isWorthCompiling(Record code, DType dtype, int passes, long elements) {
        Double before = saved.get(code);
        if (AT_ONCE || before != null && before >= WORTH) {
            return true;
        }
        if (saved.size() > MOST_COLD) {
            saved.clear();
        }
        double now = passes * (LAUNCH + 2 * elements * dtype.bytes() / BANDWIDTH); // one written, one read
        return saved.merge(code, now, Double::sum) >= WORTH;
    }

    /**
     * The kernels of an expression.
     *
     * @param pastCache whether the result is stored past the cache
     */
    Pointwise pointwise(Expr expr, boolean pastCache, DType dtype) {
        Typed typed = new Typed(expr, pastCache, dtype);
        Pointwise known = pointwise.get(typed);
        return known != null ? known : pointwise.computeIfAbsent(typed, this::make);
    }

    /** The kernels that reduce the values of an expression. An input by itself has kernels in opencl-kernels/. */
    Reduced reduction(Reduction kind, boolean inner, Expr expr, DType dtype) {
        return reductions.computeIfAbsent(new Reducing(kind, inner, expr, dtype), this::make);
    }

    private Reduced make(Reducing asked) {
        if (asked.expr instanceof Expr.Input) {
            ClProgram program = program(asked.dtype);
            ClKernel single = program.kernel(ClReduce.name(asked.kind, asked.inner, false));
            ClKernel group = family.gpu() ? program.kernel(ClReduce.name(asked.kind, asked.inner, true)) : null;
            return new Reduced(single, group, 1, 0);
        }
        ExprSource.Text text = ExprSource.ofReduction(asked.kind, asked.inner, asked.expr, asked.dtype);
        ClProgram program = compiler.compile(
                "the " + asked.kind + " of " + asked.expr,
                KernelSource.expand(text.source()),
                family.reduceOptions(asked.dtype));
        return new Reduced(
                program.kernel(text.name()),
                family.gpu() ? program.kernel(text.name() + "_group") : null,
                text.inputs(),
                text.constants());
    }

    private Pointwise make(Typed typed) {
        ExprSource.Text text = ExprSource.of(typed.expr, typed.dtype);
        ClProgram program = WRITTEN.contains(text.name()) && !typed.pastCache
                ? program(typed.dtype)
                : compiler.compile(
                        "the kernel of " + typed.expr,
                        KernelSource.expand(text.source()),
                        family.resultOptions(typed.dtype, typed.pastCache));
        return new Pointwise(
                program.kernel(text.name()), program.kernel(text.name() + "_strided"), text.inputs(), text.constants());
    }

    /** The kernel that updates groups of {@code arrays} arrays. */
    Single update(List<Expr> results, int arrays, DType dtype) {
        return updates.computeIfAbsent(new Updating(results, arrays, dtype), asked -> {
            ExprSource.Text text = ExprSource.ofUpdate(results, arrays, dtype);
            ClProgram program = compiler.compile(
                    "the update of " + results, KernelSource.expand(text.source()), family.options(dtype));
            return new Single(program.kernel(text.name()), text.constants());
        });
    }

    /**
     * The kernel of a row program over arrays of these steps.
     *
     * @param lanes work-items that have a row together; 0 where rows lie side by side, and a work-item has several
     * @param pastCache whether the result is stored past the cache
     */
    Single rows(RowProgram program, List<Long> steps, int lanes, boolean pastCache, DType dtype) {
        boolean inner = lanes > 0;
        return rows.computeIfAbsent(new Rows(program, steps, lanes, pastCache, dtype), asked -> {
            RowSource.Text text = RowSource.of(program, steps, inner, dtype);
            ClProgram compiled = compiler.compile(
                    "the kernel of " + program,
                    KernelSource.expand(text.source()),
                    family.rowOptions(dtype, lanes, pastCache));
            return new Single(compiled.kernel(inner ? "rows_inner" : "rows_outer"), text.constants());
        });
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
