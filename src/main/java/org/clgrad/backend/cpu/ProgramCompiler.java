package org.clgrad.backend.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * Flattens an expression: bodies of functions that have no loop are inlined, equal subexpressions become one value, two functions of
 * which only the second needs the first become one loop where there is such a loop, and a block is reused as soon as nothing reads it any more.
 */
final class ProgramCompiler<A> {
    /** A value is an input, a scalar or the result of a function; equal values are one. */
    private record Value(@Nullable Expr leaf, @Nullable Fn fn, List<Integer> args, boolean scalar) {}

    private final Loops<A> loops;
    private final List<Value> values = new ArrayList<>();
    private final Map<Value, Integer> numbers = new HashMap<>();
    private final Map<Expr, Integer> seen = new IdentityHashMap<>();
    private final List<Integer> results = new ArrayList<>();
    private final List<Integer> known = new ArrayList<>(); // values when each result was there

    private ProgramCompiler(Loops<A> loops) {
        this.loops = loops;
    }

    /** A program with one result, which the last step writes wherever the caller wants it. */
    static <A> Program<A> compile(Expr expr, int inputs, Loops<A> loops) {
        return compile(List.of(expr), inputs, loops, true);
    }

    /** A program that leaves its results in slots, of which several may be one. */
    static <A> Program<A> compileToSlots(List<Expr> results, int inputs, Loops<A> loops) {
        return compile(results, inputs, loops, false);
    }

    /**
     * A program whose results are what a row program's stages reduce, its column sums, and then its result if it has one. Values that
     * several of them use are computed once; so a kept value needs no keeping.
     */
    static <A> Program<A> compileStages(RowProgram rows, Loops<A> loops) {
        ProgramCompiler<A> compiler = new ProgramCompiler<>(loops);
        int[] own = compiler.inputs(RowProgram.SYMBOLS);
        for (RowProgram.Stage stage : rows.stages()) {
            int value = compiler.result(stage.element(), own);
            if (stage.kept()) {
                own[RowProgram.SYMBOLS - 1] = value;
            }
        }
        rows.columnSums().forEach(sum -> compiler.result(sum, own));
        if (rows.result() != null) {
            compiler.result(rows.result(), own);
        }
        return compiler.assemble(own.length, false);
    }

    /** A program whose results are the numbers of a row program's stages, over what each reduction gave, and then its row results. */
    static <A> Program<A> compileNumbers(RowProgram rows, Loops<A> loops) {
        ProgramCompiler<A> compiler = new ProgramCompiler<>(loops);
        int[] own = compiler.inputs(RowProgram.SYMBOLS);
        for (int s = 0; s < rows.stages().size(); s++) {
            Expr then = rows.stages().get(s).then();
            own[RowProgram.INPUTS + s] = compiler.result(then == null ? RowProgram.scalar(s) : then, own);
        }
        rows.rowResults().forEach(number -> compiler.result(number, own));
        return compiler.assemble(own.length, false);
    }

    private static <A> Program<A> compile(List<Expr> results, int inputs, Loops<A> loops, boolean toOutput) {
        ProgramCompiler<A> compiler = new ProgramCompiler<>(loops);
        int[] own = compiler.inputs(inputs);
        results.forEach(result -> compiler.result(result, own));
        return compiler.assemble(inputs, toOutput);
    }

    private int[] inputs(int count) {
        int[] own = new int[count];
        Arrays.setAll(own, i -> number(new Value(new Expr.Input(i), null, List.of(), false)));
        return own;
    }

    private int result(Expr expr, int[] own) {
        int value = visit(expr, own, seen);
        results.add(value);
        known.add(values.size());
        return value;
    }

    /** The number of an expression's value, where input i of the expression is value {@code bound[i]}. */
    private int visit(Expr expr, int[] bound, Map<Expr, Integer> seen) {
        if (expr instanceof Expr.Input input) {
            return bound[input.index()];
        }
        if (!(expr instanceof Expr.Apply apply)) {
            return number(new Value(expr, null, List.of(), true));
        }
        Integer known = seen.get(expr);
        if (known != null) {
            return known;
        }
        int[] args = new int[apply.args().size()];
        boolean scalar = true;
        for (int i = 0; i < args.length; i++) {
            args[i] = visit(apply.args().get(i), bound, seen);
            scalar &= values.get(args[i]).scalar;
        }
        Expr body = scalar || !loops.has(apply.fn()) ? apply.fn().body() : null;
        int number = body != null
                ? visit(body, args, new IdentityHashMap<>())
                : number(new Value(null, apply.fn(), Arrays.stream(args).boxed().toList(), scalar));
        seen.put(expr, number);
        return number;
    }

    private int number(Value value) {
        Integer known = numbers.putIfAbsent(value, values.size());
        if (known != null) {
            return known;
        }
        values.add(value);
        return values.size() - 1;
    }

    /** A value and the one that it alone needs, in one loop. */
    private record Pair<A>(Loops.Ternary<A> loop, List<Integer> args, int cost) {}

    private @Nullable Pair<A> pair(Value second, int[] uses) {
        for (int i = 0; i < 2 && !second.scalar && second.args.size() == 2; i++) {
            Value first = values.get(second.args.get(i));
            boolean isAlone = first.fn != null && !first.scalar && uses[second.args.get(i)] == 1;
            Loops.Ternary<A> loop = isAlone ? loops.pair(fn(first), fn(second), i == 1) : null;
            if (loop != null) {
                List<Integer> args = List.of(first.args.get(0), first.args.get(1), second.args.get(1 - i));
                return new Pair<>(loop, args, loops.cost(fn(first)) + loops.cost(fn(second)));
            }
        }
        return null;
    }

    /** How often each value is an argument or a result. */
    private int[] uses() {
        int[] uses = new int[values.size()];
        values.forEach(value -> value.args.forEach(arg -> uses[arg]++));
        results.forEach(result -> uses[result]++);
        return uses;
    }

    private Program<A> assemble(int inputs, boolean toOutput) {
        boolean[] needed = new boolean[values.size()]; // what a body does not use of its arguments is not computed
        int[] lastUse = new int[values.size()];
        int[] uses = uses();
        List<@Nullable Pair<A>> pairs = new ArrayList<>(Collections.nCopies(values.size(), null));
        for (int result : results) {
            needed[result] = true;
            lastUse[result] = values.size();
        }
        for (int v = values.size() - 1; v >= 0; v--) {
            if (!needed[v]) {
                continue;
            }
            Pair<A> pair = pair(values.get(v), uses);
            pairs.set(v, pair);
            for (int arg : pair == null ? values.get(v).args : pair.args) {
                needed[arg] = true;
                lastUse[arg] = Math.max(lastUse[arg], v);
            }
        }
        int[] slot = new int[values.size()];
        List<Program.Scalar> scalars = new ArrayList<>();
        for (int v = 0; v < values.size(); v++) {
            Value value = values.get(v);
            if (v < inputs) {
                slot[v] = v;
            } else if (value.scalar && needed[v]) {
                slot[v] = inputs + scalars.size();
                scalars.add(scalar(value, inputs, slot));
            }
        }
        int firstTemporary = inputs + scalars.size();
        Deque<Integer> free = new ArrayDeque<>();
        int temporaries = 0;
        int cost = 0;
        List<Program.Step<A>> steps = new ArrayList<>();
        int[] ends = new int[results.size()];
        for (int v = inputs; v < values.size(); v++) {
            Value value = values.get(v);
            if (value.scalar || !needed[v]) {
                continue;
            }
            int at = v;
            Pair<A> pair = pairs.get(v);
            List<Integer> args = pair == null ? value.args : pair.args;
            args.stream()
                    .distinct()
                    .filter(arg -> lastUse[arg] == at && slot[arg] >= firstTemporary)
                    .forEach(arg -> free.push(slot[arg])); // before the target is chosen: a loop may work in place
            if (toOutput && v == results.get(0)) {
                slot[v] = Program.OUTPUT;
            } else {
                slot[v] = free.isEmpty() ? firstTemporary + temporaries++ : free.pop();
            }
            int[] from = args.stream().mapToInt(arg -> slot[arg]).toArray();
            steps.add(
                    pair == null
                            ? step(value, inputs, from, slot[v])
                            : new Program.Step<>(null, null, pair.loop, from, slot[v], -1));
            cost += pair == null ? loops.cost(fn(value)) : pair.cost;
            for (int r = 0; r < ends.length; r++) {
                ends[r] += v < known.get(r) ? 1 : 0;
            }
        }
        return new Program<>(
                inputs,
                scalars,
                temporaries,
                steps,
                results.stream().mapToInt(v -> slot[v]).toArray(),
                ends,
                Math.max(cost, 1));
    }

    private static Program.Scalar scalar(Value value, int inputs, int[] slot) {
        if (value.leaf instanceof Expr.Literal literal) {
            return new Program.Scalar(literal.value(), -1, null, new int[0]);
        }
        if (value.leaf instanceof Expr.Constant constant) {
            return new Program.Scalar(0, constant.index(), null, new int[0]);
        }
        int[] args = value.args.stream().mapToInt(arg -> slot[arg] - inputs).toArray();
        return new Program.Scalar(0, -1, value.fn, args);
    }

    private Program.Step<A> step(Value value, int inputs, int[] args, int target) {
        Fn fn = fn(value);
        boolean fixedExponent = fn == Fn.POW && values.get(value.args.get(1)).scalar;
        return switch (fn.arity()) {
            case 1 -> new Program.Step<>(loops.unary(fn), null, null, args, target, -1);
            case 2 ->
                new Program.Step<>(null, loops.binary(fn), null, args, target, fixedExponent ? args[1] - inputs : -1);
            default -> new Program.Step<>(null, null, loops.ternary(fn), args, target, -1);
        };
    }

    private static Fn fn(Value value) {
        if (value.fn == null) {
            throw new IllegalStateException("not a function: " + value);
        }
        return value.fn;
    }
}
