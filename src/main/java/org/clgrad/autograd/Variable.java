package org.clgrad.autograd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.clgrad.backend.Backend;
import org.clgrad.backend.NdArray;
import org.jspecify.annotations.Nullable;

/** A value and its place in the graph: what operations take and give. */
public final class Variable {
    private static final VarHandle HANDLES;

    static {
        try {
            HANDLES = MethodHandles.lookup().findVarHandle(Variable.class, "handles", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final NdArray value;
    private final @Nullable View view;
    private volatile int handles;
    private volatile boolean forgotten;
    private boolean requiresGrad;
    private @Nullable Node gradFn;
    private int output;
    private int histories; // how many this has had
    private @Nullable AccumulateGrad accumulator;
    private @Nullable Variable grad;
    private boolean retainsGrad;

    /**
     * How a view was made, so that its history can be made again after its buffer was written to.
     *
     * @param source the variable that it is a view of, maybe a view itself
     * @param function the operation that made it
     * @param recorded whether grad mode was on then; else the view is a constant
     * @param histories those that the base had had then
     * @param version of the buffer that the view's history is of; who sees it sees that history
     */
    private static final class View {
        final Variable source;
        final UnaryOperator<Variable> function;
        final boolean recorded;
        final int histories;
        volatile int version;

        View(Variable source, UnaryOperator<Variable> function) {
            this.source = source;
            this.function = function;
            this.recorded = GradMode.isEnabled();
            this.histories = source.base().histories;
            this.version = source.value.buffer().version();
        }
    }

    /** A leaf that does not require grad. */
    public Variable(NdArray value) {
        this(value, null);
    }

    private Variable(NdArray value, @Nullable View view) {
        this.value = value;
        this.view = view;
    }

    /** A view of {@code source}: shares its buffer, and its history where in-place operations are concerned. */
    public static Variable viewOf(Variable source, NdArray value, UnaryOperator<Variable> function) {
        return new Variable(value, new View(source, function));
    }

    /** One more refers to this, and holds its memory: a tensor, or the variable whose gradient it is. */
    public void open() {
        if ((int) HANDLES.getAndAdd(this, 1) == 0 && forgotten) {
            synchronized (this) {
                forgotten = false;
            }
        }
        value.buffer().retain();
    }

    /** One less refers to this. After the last nobody can ask for the gradient, so it is given up, and no other takes its place. */
    public void close() {
        if ((int) HANDLES.getAndAdd(this, -1) == 1 && mayGetGrad()) {
            forget();
        }
        value.buffer().release();
    }

    private boolean mayGetGrad() {
        return grad != null || accumulator != null || requiresGrad || retainsGrad;
    }

    /** Says so before it reads handles, as open() changes them before it reads this: one of the two sees the other. */
    private synchronized void forget() {
        forgotten = true;
        if (handles == 0) {
            setGrad(null);
        } else {
            forgotten = false;
        }
    }

    /** Whether something referred to this once, and nothing does any more. */
    boolean isForgotten() {
        return forgotten;
    }

    public NdArray value() {
        return value;
    }

    public int[] shape() {
        return value.shape();
    }

    public int dim() {
        return value.dim();
    }

    public DType dtype() {
        return value.dtype();
    }

    public Backend backend() {
        return value.backend();
    }

    /** Whether gradients are computed for this: set on a leaf, or some input of the operation that made it required them. */
    public boolean requiresGrad() {
        return requiresGrad || gradFn() != null || isStray();
    }

    /** Whether this view, or one that it was made from, was made in noGrad, and the base was given a history since, of which it is no part. */
    private boolean isStray() {
        int now = base().histories;
        for (Variable v = this; v.view != null; v = v.view.source) {
            if (!v.view.recorded && v.view.histories != now) {
                return true;
            }
        }
        return false;
    }

    public boolean isLeaf() {
        return gradFn() == null;
    }

    public void setRequiresGrad(boolean required) {
        if (!isLeaf()) {
            if (required) {
                return;
            }
            throw new IllegalStateException(
                    "you can only change requires_grad flags of leaf variables. If you want to use"
                            + " a computed variable in a subgraph that doesn't require differentiation use"
                            + " var_no_grad = var.detach().");
        }
        if (required && !dtype().isFloating()) {
            throw new IllegalStateException(
                    "only Tensors of floating point dtype can require gradients, this one is " + dtype());
        }
        requiresGrad = required;
    }

    /** The node that made this, or null for a leaf. */
    public @Nullable Node gradFn() {
        if (view != null && view.version != value.buffer().version() && !isStray()) {
            followBase(view);
        }
        return gradFn;
    }

    /** The base was written to: its history is this view's too. Readers in other threads may find out at the same time. */
    private void followBase(View view) {
        synchronized (view) {
            int version = value.buffer().version();
            if (view.version != version && view.recorded && base().requiresGrad()) {
                try (GradMode.Guard on = GradMode.set(true)) {
                    Variable again = view.function.apply(view.source);
                    gradFn = again.gradFn;
                    output = again.output;
                }
            }
            view.version = version;
        }
    }

    /** Which output of {@link #gradFn} this is. */
    public int output() {
        return output;
    }

    /** Makes this an output of a node, in place of any history it had. */
    public void setHistory(Node node, int outputIndex) {
        gradFn = node;
        output = outputIndex;
        requiresGrad = false;
        histories++;
        if (view != null) {
            view.version = value.buffer().version();
        }
    }

    /**
     * Where this variable's gradient goes, or null if it needs none.
     *
     * @throws IllegalStateException if that is not known: this view was made in noGrad, and its base was written to outside
     */
    public @Nullable Edge edge() {
        if (isStray()) {
            throw new IllegalStateException(
                    "A view was created in no_grad mode and its base or another view of its base has been modified"
                            + " inplace with grad mode enabled: a view of shape " + Shapes.text(shape())
                            + ". Make the view outside noGrad(), write to its base inside, or detach() it.");
        }
        Node node = gradFn();
        if (node != null) {
            return new Edge(node, output);
        }
        return requiresGrad ? new Edge(accumulator(), 0) : null;
    }

    private synchronized AccumulateGrad accumulator() {
        if (accumulator == null) {
            accumulator = new AccumulateGrad(this);
        }
        return accumulator;
    }

    public boolean isView() {
        return view != null;
    }

    /** The variable that is not a view, at the root of this one's chain of views; this itself if it is no view. */
    public Variable base() {
        Variable v = this;
        while (v.view != null) {
            v = v.view.source;
        }
        return v;
    }

    /** Whether this view and those it was made from were made while grad mode was on. */
    public boolean viewWasRecorded() {
        for (Variable v = this; v.view != null; v = v.view.source) {
            if (!v.view.recorded) {
                return false;
            }
        }
        return true;
    }

    /** Applies the chain of view operations that leads from {@link #base} to this, to another variable of the base's shape. */
    public Variable replayView(Variable onBase) {
        return view == null ? onBase : view.function.apply(view.source.replayView(onBase));
    }

    /** The accumulated gradient, or null before the first. */
    public synchronized @Nullable Variable grad() {
        return grad;
    }

    /**
     * Replaces the gradient; this variable holds its memory.
     *
     * @throws IllegalArgumentException if it is not of this variable's shape, dtype and device, or is this variable
     */
    public synchronized void setGrad(@Nullable Variable gradient) {
        if (gradient == grad) {
            return;
        }
        if (gradient == this) {
            throw new IllegalArgumentException("grad: can't assign Variable as its own grad: give a clone()");
        }
        if (gradient != null) {
            checkFits(gradient);
            gradient.open();
        }
        if (grad != null) {
            grad.close();
        }
        grad = gradient;
    }

    private void checkFits(Variable gradient) {
        if (!Arrays.equals(gradient.shape(), shape())
                || gradient.dtype() != dtype()
                || gradient.backend() != backend()) {
            throw new IllegalArgumentException("grad: assigned grad has data of a different size, type or device: "
                    + gradient.dtype() + Shapes.text(gradient.shape()) + " on "
                    + gradient.backend().describe().name() + " for a tensor " + dtype() + Shapes.text(shape()) + " on "
                    + backend().describe().name());
        }
    }

    /** Keeps the gradient of a variable that is no leaf. */
    public void retainGrad() {
        if (!requiresGrad()) {
            throw new IllegalStateException("can't retain_grad on Tensor that has requires_grad=False:"
                    + " call requiresGrad(true) on an input of the operation that makes it, before");
        }
        Node node = gradFn();
        if (node != null && !retainsGrad) {
            retainsGrad = true;
            node.retainGradOf(this);
        }
    }

    public boolean retainsGrad() {
        return retainsGrad;
    }

    /** Another array in this variable's place in the graph. Not for leaves that require grad. */
    public Variable withValue(NdArray other) {
        Variable copy = new Variable(other);
        Node node = gradFn();
        if (node != null) {
            copy.setHistory(node, output);
        }
        return copy;
    }

    /** The same value without history. */
    public Variable detach() {
        return new Variable(value);
    }
}
