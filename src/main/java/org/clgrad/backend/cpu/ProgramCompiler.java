package org.clgrad.backend.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * Flattens an expression: bodies of functions that have no loop are inlined, equal subexpressions become one value, functions of
 * which only the last needs the others become one loop where there is such a loop, and a block is reused as soon as nothing reads it any more.
 */
final class ProgramCompiler<A> {
    /** A value is an input, a scalar or the result of a function; equal values are one. */
    private record Value(@Nullable Expr leaf, @Nullable Fn fn, List<Integer> args, boolean scalar) {}

    private static final Set<Fn> AFFINE = EnumSet.of(Fn.ADD, Fn.SUB, Fn.MUL);

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
     * A program for an expression of a row program, where the numbers of stages are constants of the call, from {@code first} on.
     */
    static <A> Program<A> compileWithNumbers(Expr expr, int first, Loops<A> loops) {
        ProgramCompiler<A> compiler = new ProgramCompiler<>(loops);
        int[] own = compiler.inputs(RowProgram.SYMBOLS);
        for (int s = 0; s < RowProgram.STAGES; s++) {
            own[RowProgram.INPUTS + s] = compiler.number(new Value(Expr.constant(first + s), null, List.of(), true));
        }
        compiler.result(expr, own);
        return compiler.assemble(own.length, false);
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
                own[RowProgram.KEPT_SYMBOL] = value;
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

    /** How a function's value is computed: by a loop, of values that it takes as arrays and scalars that it takes as numbers. */
    private record Plan<A>(Loops.Loop<A> loop, List<Integer> args, List<Integer> numbers, int cost) {
        Program.Step<A> step(int[] slot, int inputs, int target) {
            int[] from = args.stream().mapToInt(arg -> slot[arg]).toArray();
            int[] scalars =
                    numbers.stream().mapToInt(number -> slot[number] - inputs).toArray();
            return new Program.Step<>(loop, from, scalars, target);
        }
    }

    /** In one loop with other functions if there is such a loop, if possible one that takes scalars as numbers. */
    private Plan<A> plan(Value value, int[] uses) {
        Plan<A> affine = affine(value, uses);
        Plan<A> plan = affine != null && affine.cost > loops.cost(fn(value)) ? affine : linear(value, uses);
        plan = plan != null ? plan : pair(value, uses);
        if (plan != null) {
            return plan;
        }
        return affine != null ? affine : single(value);
    }

    /** A product of an array and a scalar, or an array as such a product. */
    private record Term(int factor, int of, boolean isProduct) {}

    /** The value as a product, if nothing else needs it. */
    private Term term(int value, int[] uses) {
        Value product = values.get(value);
        if (product.fn == Fn.MUL && uses[value] == 1) {
            boolean isFirst = isScalar(product.args.get(0));
            if (isFirst != isScalar(product.args.get(1))) {
                return new Term(product.args.get(isFirst ? 0 : 1), product.args.get(isFirst ? 1 : 0), true);
            }
        }
        return new Term(literal(1), value, false);
    }

    /**
     * Of sums, differences and products of an array and a scalar, and sums and differences of such a product and a scalar: factor x + summand,
     * to the bit, since a factor 1, a summand -0 and changes of sign are exact.
     */
    private @Nullable Plan<A> affine(Value value, int[] uses) {
        if (!AFFINE.contains(fn(value)) || isScalar(value.args.get(0)) == isScalar(value.args.get(1))) {
            return null;
        }
        boolean isLeft = isScalar(value.args.get(0));
        int x = value.args.get(isLeft ? 1 : 0);
        int scalar = value.args.get(isLeft ? 0 : 1);
        int cost = loops.cost(fn(value));
        if (fn(value) == Fn.MUL) {
            return new Plan<>(loops.affine(), List.of(x), List.of(scalar, literal(-0.0)), cost);
        }
        Term term = term(x, uses);
        int factor = fn(value) == Fn.SUB && isLeft ? negative(term.factor) : term.factor;
        int summand = fn(value) == Fn.SUB && !isLeft ? negative(scalar) : scalar;
        cost += term.isProduct ? loops.cost(Fn.MUL) : 0;
        return new Plan<>(loops.affine(), List.of(term.of), List.of(factor, summand), cost);
    }

    /** Of sums and differences of arrays of which at least one is multiplied by a scalar: f x + g y, to the bit likewise. */
    private @Nullable Plan<A> linear(Value value, int[] uses) {
        boolean isSum = fn(value) == Fn.ADD || fn(value) == Fn.SUB;
        if (!isSum || value.args.stream().anyMatch(this::isScalar)) {
            return null;
        }
        Term left = term(value.args.get(0), uses);
        Term right = term(value.args.get(1), uses);
        if (!left.isProduct && !right.isProduct) {
            return null;
        }
        int other = fn(value) == Fn.SUB ? negative(right.factor) : right.factor;
        int products = (left.isProduct ? 1 : 0) + (right.isProduct ? 1 : 0);
        int cost = loops.cost(fn(value)) + products * loops.cost(Fn.MUL);
        return new Plan<>(loops.linear(), List.of(left.of, right.of), List.of(left.factor, other), cost);
    }

    private boolean isScalar(int value) {
        return values.get(value).scalar;
    }

    private int literal(double number) {
        return number(new Value(new Expr.Literal(number), null, List.of(), true));
    }

    private int negative(int scalar) {
        return values.get(scalar).leaf instanceof Expr.Literal known
                ? literal(-known.value())
                : number(new Value(null, Fn.NEG, List.of(scalar), true));
    }

    /** A value and the one that it alone needs, in one loop. */
    private @Nullable Plan<A> pair(Value second, int[] uses) {
        for (int i = 0; i < 2 && second.args.size() == 2; i++) {
            Value first = values.get(second.args.get(i));
            boolean isAlone = first.fn != null && !first.scalar && uses[second.args.get(i)] == 1;
            Loops.Ternary<A> loop = isAlone ? loops.pair(fn(first), fn(second), i == 1) : null;
            if (loop != null) {
                List<Integer> args = List.of(first.args.get(0), first.args.get(1), second.args.get(1 - i));
                int cost = loops.cost(fn(first)) + loops.cost(fn(second));
                return new Plan<>(loop, args, List.of(), cost);
            }
        }
        return null;
    }

    private Plan<A> single(Value value) {
        Fn fn = fn(value);
        List<Integer> args = value.args;
        int cost = loops.cost(fn);
        return switch (fn.arity()) {
            case 1 -> new Plan<>(loops.unary(fn), args, List.of(), cost);
            case 2 -> {
                boolean isFixedPower = fn == Fn.POW && isScalar(args.get(1));
                List<Integer> numbers = isFixedPower ? List.of(args.get(1)) : List.of();
                yield new Plan<>(loops.binary(fn), args, numbers, cost);
            }
            default -> new Plan<>(loops.ternary(fn), args, List.of(), cost);
        };
    }

    /** How often each value is an argument or a result. */
    private int[] uses() {
        int[] uses = new int[values.size()];
        values.forEach(value -> value.args.forEach(arg -> uses[arg]++));
        results.forEach(result -> uses[result]++);
        return uses;
    }

    private Program<A> assemble(int inputs, boolean toOutput) {
        int[] uses = uses();
        int functions = values.size(); // plans add scalars
        List<@Nullable Plan<A>> plans = new ArrayList<>();
        for (int v = 0; v < functions; v++) {
            Value value = values.get(v);
            plans.add(value.scalar || value.fn == null ? null : plan(value, uses));
        }
        boolean[] needed = new boolean[values.size()]; // what a body does not use of its arguments is not computed
        boolean[] isArray = new boolean[values.size()]; // scalars too, where a loop takes them so
        int[] lastUse = new int[values.size()];
        for (int result : results) {
            needed[result] = true;
            isArray[result] = true;
            lastUse[result] = values.size();
        }
        for (int v = values.size() - 1; v >= 0; v--) {
            if (!needed[v]) {
                continue;
            }
            Plan<A> plan = v < functions ? plans.get(v) : null;
            for (int arg : plan == null ? values.get(v).args : plan.args) {
                needed[arg] = true;
                isArray[arg] |= plan != null;
                lastUse[arg] = Math.max(lastUse[arg], v);
            }
            if (plan != null) {
                plan.numbers.forEach(number -> needed[number] = true);
                plan.numbers.forEach(number -> values.get(number).args.forEach(arg -> needed[arg] = true));
            }
        }
        int[] slot = new int[values.size()];
        Arrays.setAll(slot, v -> v); // that of an input
        int[] literals = scalars(needed, true);
        int[] computed = scalars(needed, false);
        int[] all = IntStream.concat(Arrays.stream(literals), Arrays.stream(computed))
                .toArray();
        boolean[] scalarIsArray = new boolean[all.length];
        boolean needsBlocks = false;
        for (int i = 0; i < all.length; i++) {
            slot[all[i]] = inputs + i;
            scalarIsArray[i] = isArray[all[i]];
            needsBlocks |= isArray[all[i]];
        }
        int firstTemporary = inputs + all.length;
        Deque<Integer> free = new ArrayDeque<>();
        int temporaries = 0;
        int cost = 0;
        List<Program.Step<A>> steps = new ArrayList<>();
        int[] ends = new int[results.size()];
        for (int v = inputs; v < functions; v++) {
            Plan<A> plan = plans.get(v);
            if (plan == null || !needed[v]) {
                continue;
            }
            int at = v;
            plan.args.stream()
                    .distinct()
                    .filter(arg -> lastUse[arg] == at && slot[arg] >= firstTemporary)
                    .forEach(arg -> free.push(slot[arg])); // before the target is chosen: a loop may work in place
            if (toOutput && v == results.get(0)) {
                slot[v] = Program.OUTPUT;
            } else {
                slot[v] = free.isEmpty() ? firstTemporary + temporaries++ : free.pop();
            }
            steps.add(plan.step(slot, inputs, slot[v]));
            cost += plan.cost;
            for (int r = 0; r < ends.length; r++) {
                ends[r] += v < known.get(r) ? 1 : 0;
            }
        }
        return new Program<>(
                inputs,
                Arrays.stream(literals).mapToDouble(this::rounded).toArray(),
                Arrays.stream(computed)
                        .mapToObj(v -> scalar(values.get(v), inputs, slot))
                        .toList(),
                scalarIsArray,
                needsBlocks || temporaries > 0,
                temporaries,
                steps,
                results.stream().mapToInt(v -> slot[v]).toArray(),
                ends,
                Math.max(cost, 1));
    }

    /** The scalars that are needed: those that are literals, or those that a call computes. */
    private int[] scalars(boolean[] needed, boolean areLiterals) {
        return IntStream.range(0, values.size())
                .filter(v -> needed[v] && isScalar(v) && values.get(v).leaf instanceof Expr.Literal == areLiterals)
                .toArray();
    }

    private double rounded(int literal) {
        return values.get(literal).leaf instanceof Expr.Literal number ? loops.rounded(number.value()) : Double.NaN;
    }

    private static Program.Scalar scalar(Value value, int inputs, int[] slot) {
        if (value.leaf instanceof Expr.Constant constant) {
            return new Program.Scalar(constant.index(), null, new int[0]);
        }
        return new Program.Scalar(
                -1,
                value.fn,
                value.args.stream().mapToInt(arg -> slot[arg] - inputs).toArray());
    }

    private static Fn fn(Value value) {
        if (value.fn == null) {
            throw new IllegalStateException("not a function: " + value);
        }
        return value.fn;
    }
}
