package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.Reduction;
import org.junit.jupiter.api.Test;

/** The names that Java asks for and those in opencl-kernels/ are the same. */
class KernelSourceTest {
    private static final List<String> FILES = List.of(
            "add.cl",
            "mul.cl",
            "pow.cl",
            "bce_with_logits.cl",
            "reduce.cl",
            "matmul_small.cl",
            "matmul_cpu.cl",
            "matmul_gpu.cl",
            "copy.cl");

    private static final Pattern PLAIN = Pattern.compile("(?m)^kernel void (\\w+)\\(");
    private static final Pattern POINTWISE = Pattern.compile("(?m)^#define NAME (\\w+)$");
    private static final Pattern OUTER = Pattern.compile("(?m)^#define OUTER (\\w+)$");
    private static final Pattern INNER = Pattern.compile("(?m)^#define INNER (\\w+)$");
    private static final Pattern BY_MACRO = Pattern.compile("(?m)^MATMUL\\((\\w+),");

    private static Set<String> written(String source) {
        Set<String> names = new TreeSet<>();
        find(PLAIN, source).stream()
                .filter(name -> !Set.of("NAME", "OUTER", "INNER", "JOIN").contains(name)) // templates
                .forEach(names::add);
        for (String name : find(POINTWISE, source)) {
            names.add(name);
            names.add(name + "_strided");
        }
        for (Pattern reduction : List.of(INNER, OUTER)) {
            for (String name : find(reduction, source)) {
                names.add(name);
                names.add(name + "_group");
            }
        }
        names.addAll(find(BY_MACRO, source));
        return names;
    }

    private static Set<String> find(Pattern pattern, String source) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(source);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static Set<String> askedFor() {
        Set<String> names = new TreeSet<>();
        for (String name : Kernels.WRITTEN) {
            names.add(name);
            names.add(name + "_strided");
        }
        for (Reduction kind : Reduction.values()) {
            for (int variant = 0; variant < 4; variant++) {
                names.add(ClReduce.name(kind, (variant & 1) == 0, (variant & 2) == 0));
            }
        }
        for (int lies = 0; lies < 4; lies++) {
            names.add(GpuProducts.name((lies & 1) == 0, (lies & 2) == 0));
        }
        names.addAll(List.of(
                "matmul_small", "matmul_panels", "matmul_pack_left", "matmul_rows", "matmul_dots", "copy", "fill"));
        return names;
    }

    @Test
    void javaAndSourcesNameTheSameKernels() {
        Set<String> written = new TreeSet<>();
        FILES.forEach(file -> written.addAll(written(KernelSource.of(file))));
        assertEquals(askedFor(), written);
    }

    @Test
    void writtenKernelsAreSingleFunctions() {
        Set<String> functions = new TreeSet<>();
        for (Fn fn : Fn.values()) {
            functions.add(ExprSource.kernelName(fn));
            functions.add(fn.kernelName() + "_number");
        }
        assertTrue(functions.containsAll(Kernels.WRITTEN), functions::toString);
    }

    @Test
    void everyFunctionIsDefinedOnce() {
        String source = KernelSource.of("functions.clh");
        for (Fn fn : Fn.values()) {
            String name = Pattern.quote(fn.kernelName());
            Matcher definition = Pattern.compile("(?m)^(FN[12]\\(" + name + ",|static inline T fn_" + name + "\\()")
                    .matcher(source);
            assertEquals(1, definition.results().count(), fn::toString);
        }
    }

    @Test
    void expressionsBecomeText() {
        Expr square = Expr.mul(Expr.input(0), Expr.input(0));
        Expr twice = Expr.add(square, Expr.of(Fn.POW, square, Expr.constant(1)));
        ExprSource.Text text = ExprSource.of(twice, DType.FLOAT32);
        assertEquals("fused", text.name());
        assertEquals(1, text.inputs());
        assertEquals(2, text.constants());
        assertEquals(1, text.source().split("fn_mul").length - 1, "computed once: " + text.source());
        assertEquals("tanh_forward", ExprSource.namedKernel(Expr.of(Fn.TANH, Expr.input(0))));
        assertEquals("div_number", ExprSource.namedKernel(Expr.of(Fn.DIV, Expr.input(0), Expr.constant(0))));
        assertEquals(null, ExprSource.namedKernel(Expr.of(Fn.DIV, Expr.constant(0), Expr.input(0))));
        assertEquals(null, ExprSource.namedKernel(Expr.of(Fn.SUB, Expr.input(1), Expr.input(0))));
    }
}
