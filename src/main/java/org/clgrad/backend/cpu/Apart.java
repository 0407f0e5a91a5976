package org.clgrad.backend.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * Loops that the JVM compiles by themselves. It would compile them as parts of the methods that call them, as many as it has room for
 * ({@code NodeCountInliningCutoff}). Of the last one some operations then stay calls, with objects for vectors, and it takes up to ten times as
 * long as it should, as long as the process lives; which one that is depends on what the process did before. A method handle that is no constant
 * is a call that the compiler does not look through, and as quick as any call of one of several methods, some 6 ns.
 */
final class Apart {
    private Apart() {}

    static <A> Loops.Unary<A> unary(Loops.Unary<A> loop) {
        MethodHandle run = run(Loops.Unary.class, loop);
        return (a, ia, o, io, n) -> {
            try {
                run.invokeExact((Object) a, ia, (Object) o, io, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.Attempt<A> attempt(Loops.Attempt<A> loop) {
        MethodHandle run = run(Loops.Attempt.class, loop);
        return (a, ia, o, io, n) -> {
            try {
                return (boolean) run.invokeExact((Object) a, ia, (Object) o, io, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.Binary<A> binary(Loops.Binary<A> loop) {
        MethodHandle run = run(Loops.Binary.class, loop);
        return (a, ia, b, ib, o, io, n) -> {
            try {
                run.invokeExact((Object) a, ia, (Object) b, ib, (Object) o, io, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.Ternary<A> ternary(Loops.Ternary<A> loop) {
        MethodHandle run = run(Loops.Ternary.class, loop);
        return (a, ia, b, ib, c, ic, o, io, n) -> {
            try {
                run.invokeExact((Object) a, ia, (Object) b, ib, (Object) c, ic, (Object) o, io, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.Affine<A> affine(Loops.Affine<A> loop) {
        MethodHandle run = run(Loops.Affine.class, loop);
        return (a, ia, factor, summand, o, io, n) -> {
            try {
                run.invokeExact((Object) a, ia, factor, summand, (Object) o, io, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.Linear<A> linear(Loops.Linear<A> loop) {
        MethodHandle run = run(Loops.Linear.class, loop);
        return (a, ia, f, b, ib, g, o, io, n) -> {
            try {
                run.invokeExact((Object) a, ia, f, (Object) b, ib, g, (Object) o, io, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.Moments<A> moments(Loops.Moments<A> loop) {
        MethodHandle run = run(Loops.Moments.class, loop);
        return (p, ip, m, im, v, iv, g, ig, constants, n) -> {
            try {
                run.invokeExact((Object) p, ip, (Object) m, im, (Object) v, iv, (Object) g, ig, constants, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.FoldEach<A> foldEach(Loops.FoldEach<A> loop) {
        MethodHandle run = run(Loops.FoldEach.class, loop);
        return (a, ia, n, rows, scratch, is, o, io) -> {
            try {
                run.invokeExact((Object) a, ia, n, rows, (Object) scratch, is, (Object) o, io);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    static <A> Loops.FoldFive<A> foldFive(Loops.FoldFive<A> loop) {
        MethodHandle run = run(Loops.FoldFive.class, loop);
        return (b, ib, a, ia, step, o, io, n) -> {
            try {
                return (boolean) run.invokeExact((Object) b, ib, (Object) a, ia, step, (Object) o, io, n);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        };
    }

    /** The only method of an interface, of this object. */
    private static <T> MethodHandle run(Class<T> type, T loop) {
        try {
            return MethodHandles.lookup().unreflect(type.getMethods()[0]).bindTo(loop);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Throws an error; returns an exception. */
    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
    }
}
