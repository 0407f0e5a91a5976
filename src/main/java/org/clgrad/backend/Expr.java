package org.clgrad.backend;

import java.util.Arrays;
import java.util.List;

/**
 * Pointwise work as data: a tree of scalar functions over inputs and constants. Equal trees are equal values, so a
 * backend can prepare code once for a structure. The values of {@link Constant} leaves arrive with each call and are not
 * part of the structure; those of {@link Literal} are.
 */
public sealed interface Expr {

    /** The element of input array {@code index}. */
    record Input(int index) implements Expr {
        @Override
        public String toString() {
            return "x" + index;
        }
    }

    /** Value {@code index} of the constants given with the call. */
    record Constant(int index) implements Expr {
        @Override
        public String toString() {
            return "k" + index;
        }
    }

    /** A number that belongs to the structure. */
    record Literal(double value) implements Expr {
        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    /**
     * A function of other expressions.
     *
     * @param hash of the tree, kept since trees are looked up at every call
     * @param nodes functions in the tree
     * @param cost time to compute it, in additions
     */
    record Apply(Fn fn, List<Expr> args, int hash, int nodes, int cost) implements Expr {
        private static final int MANY = 1 << 20;

        @Override
        public boolean equals(Object other) {
            return this == other
                    || (other instanceof Apply that && hash == that.hash && fn == that.fn && args.equals(that.args));
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public String toString() {
            return fn.kernelName() + args.toString().replace('[', '(').replace(']', ')');
        }
    }

    static Expr input(int index) {
        return index < Leaves.KEPT ? Leaves.INPUTS[index] : new Input(index);
    }

    static Expr constant(int index) {
        return index < Leaves.KEPT ? Leaves.CONSTANTS[index] : new Constant(index);
    }

    /** Leaves that are one object each, so that unchanged trees are recognised at once. */
    final class Leaves {
        private static final int KEPT = 32;
        private static final Expr[] INPUTS = new Expr[KEPT];
        private static final Expr[] CONSTANTS = new Expr[KEPT];

        static {
            Arrays.setAll(INPUTS, Input::new);
            Arrays.setAll(CONSTANTS, Constant::new);
        }

        private Leaves() {}
    }

    static Expr literal(double value) {
        return new Literal(value);
    }

    static Expr of(Fn fn, Expr... args) {
        if (args.length != fn.arity()) {
            throw new IllegalArgumentException(fn + " takes " + fn.arity() + " arguments, not " + args.length);
        }
        int nodes = 1;
        int cost = fn.cost();
        for (Expr arg : args) { // shared subtrees count each time, so that a few steps may reach any number
            nodes = Math.min(Apply.MANY, nodes + (arg instanceof Apply apply ? apply.nodes : 0));
            cost = Math.min(Apply.MANY, cost + (arg instanceof Apply apply ? apply.cost : 0));
        }
        return new Apply(fn, List.of(args), 31 * fn.ordinal() + Arrays.hashCode(args), nodes, cost);
    }

    static Expr add(Expr a, Expr b) {
        return isLiteral(a, 0) ? b : isLiteral(b, 0) ? a : of(Fn.ADD, a, b);
    }

    static Expr sub(Expr a, Expr b) {
        return isLiteral(b, 0) ? a : of(Fn.SUB, a, b);
    }

    /** Product; a literal zero absorbs the other factor whatever it is, as an absent term of a derivative should. */
    static Expr mul(Expr a, Expr b) {
        if (isLiteral(a, 0) || isLiteral(b, 0)) {
            return literal(0);
        }
        return isLiteral(a, 1) ? b : isLiteral(b, 1) ? a : of(Fn.MUL, a, b);
    }

    static Expr div(Expr a, Expr b) {
        return isLiteral(a, 0) || isLiteral(b, 1) ? a : of(Fn.DIV, a, b);
    }

    static Expr neg(Expr a) {
        return a instanceof Literal l ? literal(-l.value) : of(Fn.NEG, a);
    }

    /** Whether this is the number {@code value}. */
    static boolean isLiteral(Expr e, double value) {
        return e instanceof Literal l && l.value == value;
    }
}
