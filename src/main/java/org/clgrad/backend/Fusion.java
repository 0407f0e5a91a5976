package org.clgrad.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.array.Layout;
import org.clgrad.array.Shapes;
import org.jspecify.annotations.Nullable;

/**
 * Puts the expressions of pending inputs in place of these inputs, so that a chain of pointwise work becomes one kernel.
 *
 * <p>A pending input is taken in if its elements are those of the result, one to one or stretched by broadcasting, and if
 * that does not compute much twice: an expression that is not {@linkplain #CHEAP cheap} is taken in twice at most (by what
 * follows, and by its gradient) and never stretched. What is not taken in is computed first, but for matrix products: they stay
 * inputs, and the work that runs first computes them on its way ({@link PendingProduct}).
 */
final class Fusion {
    /** System property {@code clgrad.fusion}: {@code off} computes every operation when it is called. */
    static final boolean ON = !"off".equals(System.getProperty("clgrad.fusion"));

    /** {@code always} fuses whatever may be fused, however few its elements, and though it may not come again. */
    static final boolean ALWAYS = "always".equals(System.getProperty("clgrad.fusion"));

    /** Arguments of a kernel must fit into 1024 bytes, the least that OpenCL promises. */
    private static final int MOST_INPUTS = 16;

    private static final int MOST_CONSTANTS = 16;
    private static final int MOST_NODES = 32;
    /** Cost of an expression that is no slower than reading its value from memory, in additions. */
    private static final int CHEAP = 12;

    /** Cost of an expression that is better kept than computed once more: two transcendental functions and a little. */
    private static final int COSTLY = 36;

    private final List<NdArray> inputs = new ArrayList<>();
    private double[] constants = {};
    private boolean tookIn;

    private Fusion() {}

    /**
     * The work of an expression, with pending inputs taken in.
     *
     * @param inputs of shape {@code shape}
     */
    static PendingPointwise fuse(Expr expr, NdArray[] inputs, double[] constants, int... shape) {
        if (nodes(expr) <= MOST_NODES) {
            PendingPointwise work = new Fusion().work(expr, inputs, constants, shape);
            if (nodes(work.expr()) <= MOST_NODES) {
                return work;
            }
            work.end();
        }
        for (NdArray input : inputs) {
            input.buffer().settle();
        }
        return new Fusion().work(expr, inputs, constants, shape);
    }

    private PendingPointwise work(Expr expr, NdArray[] given, double[] own, int... shape) {
        Expr[] symbols = new Expr[given.length];
        try {
            for (int i = 0; i < given.length; i++) {
                symbols[i] = symbol(given[i]);
            }
        } catch (RuntimeException | Error e) { // an input could not be computed
            inputs.forEach(input -> input.buffer().giveBack());
            throw e;
        }
        int shift = constants.length;
        append(own);
        return new PendingPointwise(
                renamed(expr, symbols, shift), tookIn, inputs.toArray(NdArray[]::new), constants, shape);
    }

    private Expr symbol(NdArray array) {
        Buffer buffer = array.buffer();
        if (buffer.isPending()) {
            synchronized (buffer) {
                if (buffer.pending() instanceof PendingProduct product) {
                    product.used();
                    return Expr.input(slot(array));
                }
                Expr taken = buffer.pending() instanceof PendingPointwise work ? takeIn(work, array.layout()) : null;
                if (taken != null) {
                    return taken;
                }
            }
            buffer.settle();
        }
        return Expr.input(slot(array));
    }

    /** The expression of pending work over this one's inputs, or null if it is to be computed by itself. */
    private @Nullable Expr takeIn(PendingPointwise work, Layout view) {
        int[] unstretched = unstretched(work, view);
        boolean stretches = unstretched != null && Shapes.numel(unstretched) < view.numel();
        if (unstretched == null
                || inputs.size() + work.inputs().length > MOST_INPUTS
                || constants.length + work.constants().length > MOST_CONSTANTS
                || cost(work.expr()) > CHEAP && (work.uses() > 1 || stretches)) {
            return null;
        }
        NdArray[] seen = new NdArray[work.inputs().length];
        for (int i = 0; i < seen.length; i++) {
            NdArray input = work.inputs()[i];
            Layout layout = through(input.layout(), work.shape(), unstretched, view.shape());
            if (layout == null) {
                return null;
            }
            seen[i] = layout == input.layout() ? input : input.with(layout);
        }
        work.used();
        tookIn = true;
        Expr[] symbols = new Expr[seen.length];
        for (int i = 0; i < seen.length; i++) {
            symbols[i] = Expr.input(slot(seen[i]));
        }
        int shift = constants.length;
        append(work.constants());
        return renamed(work.expr(), symbols, shift);
    }

    /** A view's shape with the stretched axes at 1, if the rest of it is all of the work's elements in order; else null. */
    private static int @Nullable [] unstretched(PendingPointwise work, Layout view) {
        if (Arrays.equals(work.shape(), view.shape()) && view.isContiguous()) {
            return view.shape();
        }
        int[] shape = view.shape().clone();
        for (int i = 0; i < shape.length; i++) {
            if (view.strides()[i] == 0) {
                shape[i] = 1;
            }
        }
        boolean all = view.offset() == 0
                && Shapes.numel(shape) == Shapes.numel(work.shape())
                && new Layout(shape, view.strides(), 0).isContiguous();
        return all ? shape : null;
    }

    private static @Nullable Layout through(Layout input, int[] from, int[] unstretched, int[] to) {
        Layout reshaped = Arrays.equals(from, unstretched) ? input : input.reshape(unstretched);
        return reshaped == null || Arrays.equals(unstretched, to) ? reshaped : reshaped.expand(to);
    }

    /** The number of an input array, which is now on loan; equal arrays are one input. */
    private int slot(NdArray array) {
        for (int i = 0; i < inputs.size(); i++) {
            NdArray known = inputs.get(i);
            if (known.buffer() == array.buffer() && known.layout().equals(array.layout())) {
                return i;
            }
        }
        array.buffer().lend();
        inputs.add(array);
        return inputs.size() - 1;
    }

    private void append(double... more) {
        if (more.length > 0) {
            int length = constants.length;
            constants = Arrays.copyOf(constants, length + more.length);
            System.arraycopy(more, 0, constants, length, more.length);
        }
    }

    private static int nodes(Expr expr) {
        return expr instanceof Expr.Apply apply ? apply.nodes() : 0;
    }

    private static int cost(Expr expr) {
        return expr instanceof Expr.Apply apply ? apply.cost() : 0;
    }

    static boolean isCostly(Expr expr) {
        return cost(expr) > COSTLY;
    }

    /** The expression with other expressions for its inputs, and the numbers of its constants moved up. */
    private static Expr renamed(Expr e, Expr[] symbols, int shift) {
        boolean same = shift == 0;
        for (int i = 0; i < symbols.length && same; i++) {
            same = symbols[i] == Expr.input(i);
        }
        return same ? e : substitute(e, symbols, shift);
    }

    /** The expression with other expressions for its inputs. */
    static Expr substitute(Expr e, Expr... symbols) {
        return substitute(e, symbols, 0);
    }

    private static Expr substitute(Expr e, Expr[] symbols, int shift) {
        if (e instanceof Expr.Input input) {
            return symbols[input.index()];
        }
        if (e instanceof Expr.Constant constant) {
            return shift == 0 ? e : Expr.constant(constant.index() + shift);
        }
        if (!(e instanceof Expr.Apply apply)) {
            return e;
        }
        Expr[] args = new Expr[apply.args().size()];
        boolean same = true;
        for (int i = 0; i < args.length; i++) {
            Expr arg = apply.args().get(i);
            args[i] = substitute(arg, symbols, shift);
            same &= args[i] == arg;
        }
        return same ? e : Expr.of(apply.fn(), args);
    }
}
