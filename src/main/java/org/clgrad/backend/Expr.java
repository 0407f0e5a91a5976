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

    /** A function of other expressions. */
    record Apply(Fn fn, List<Expr> args, int hash) implements Expr {
        @Override
        public boolean equals(Object other) {
            return this == other
                    || (other instanceof Apply that && hash == that.hash && fn == that.fn && args.equals(that.args));
        }

        @Override
        public int hashCode() {
            return hash; // kept, since trees are looked up at every call
        }

        @Override
        public String toString() {
            return fn.kernelName() + args.toString().replace('[', '(').replace(']', ')');
        }
    }

    static Expr input(int index) {
        return new Input(index);
    }

    static Expr constant(int index) {
        return new Constant(index);
    }

    static Expr literal(double value) {
        return new Literal(value);
    }

    static Expr of(Fn fn, Expr... args) {
        if (args.length != fn.arity()) {
            throw new IllegalArgumentException(fn + " takes " + fn.arity() + " arguments, not " + args.length);
        }
        return new Apply(fn, List.of(args), 31 * fn.ordinal() + Arrays.hashCode(args));
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
