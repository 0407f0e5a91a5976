package org.clgrad.op;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;

/** Differentiates expressions by the chain rule, from the derivatives that the operations give for single functions. */
final class Differentiation {
    private Differentiation() {}

    /** Operations that are one function of their inputs, by that function. Made late: they are defined in terms of this class. */
    private static final class Rules {
        static final Map<Fn, PointwiseOp> BY_FUNCTION = new EnumMap<>(Fn.class);

        static {
            Stream.of(Arithmetic.RULES, Exponentials.RULES, Activations.RULES, Comparisons.RULES, Losses.RULES)
                    .flatMap(List::stream)
                    .forEach(op -> BY_FUNCTION.put(((Expr.Apply) op.forward()).fn(), op));
        }
    }

    /** The gradient of {@code by}, over the expression's inputs and {@link PointwiseOp#G}. */
    static Expr vjp(Expr e, Expr by) {
        return vjp(e, PointwiseOp.G, by);
    }

    private static Expr vjp(Expr e, Expr g, Expr by) {
        if (e.equals(by)) {
            return g;
        }
        if (!(e instanceof Expr.Apply apply) || !contains(e, by)) {
            return Expr.literal(0);
        }
        PointwiseOp rule = Rules.BY_FUNCTION.get(apply.fn());
        if (rule == null) {
            Expr body = apply.fn().body();
            if (body == null) {
                throw new AssertionError("no derivative is defined for " + apply.fn());
            }
            return vjp(substitute(body, s -> apply.args().get(((Expr.Input) s).index())), g, by);
        }
        Expr sum = Expr.literal(0);
        for (int i = 0; i < apply.args().size(); i++) {
            Expr slope = rule.given(i);
            if (slope == null) {
                throw new AssertionError("no derivative is defined for argument " + i + " of " + apply.fn());
            }
            Expr local = substitute(
                    slope,
                    s -> s.equals(PointwiseOp.G)
                            ? g
                            : s.equals(PointwiseOp.Y) ? apply : apply.args().get(((Expr.Input) s).index()));
            if (!Expr.isLiteral(local, 0)) {
                sum = Expr.add(sum, vjp(apply.args().get(i), local, by));
            }
        }
        return sum;
    }

    private static boolean contains(Expr e, Expr part) {
        return e.equals(part)
                || (e instanceof Expr.Apply apply && apply.args().stream().anyMatch(arg -> contains(arg, part)));
    }

    /** Replaces the input symbols of an expression. */
    static Expr substitute(Expr e, UnaryOperator<Expr> symbols) {
        if (e instanceof Expr.Apply apply) {
            Expr[] args =
                    apply.args().stream().map(arg -> substitute(arg, symbols)).toArray(Expr[]::new);
            return switch (apply.fn()) { // those that simplify
                case ADD -> Expr.add(args[0], args[1]);
                case SUB -> Expr.sub(args[0], args[1]);
                case MUL -> Expr.mul(args[0], args[1]);
                case DIV -> Expr.div(args[0], args[1]);
                case NEG -> Expr.neg(args[0]);
                default -> Expr.of(apply.fn(), args);
            };
        }
        return e instanceof Expr.Input ? symbols.apply(e) : e;
    }
}
