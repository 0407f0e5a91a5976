package org.clgrad.op;

import static org.clgrad.backend.Expr.add;
import static org.clgrad.backend.Expr.div;
import static org.clgrad.backend.Expr.input;
import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.backend.Expr.sub;
import static org.clgrad.backend.RowProgram.max;
import static org.clgrad.backend.RowProgram.scalar;
import static org.clgrad.backend.RowProgram.sum;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.GradMode;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.RowProgram;
import org.jspecify.annotations.Nullable;

/**
 * Cross entropy of classes: the negative logarithm of the probability that softmax gives to the target.
 *
 * <pre>
 * l = log sum exp a                          over the classes of a row
 * y = l sum t - sum t a                      da = g (exp(a - l) sum t - t),   dt = g (l - a)       probabilities t
 * y = l - a[c], 0 where c is ignored         da = g (exp(a - l) - [class is c])                    class c
 * </pre>
 */
public final class CrossEntropy {
    /** The class of rows that do not count: PyTorch's ignore_index. */
    public static final long IGNORED = -100;

    private static final double[] NONE = {};
    private static final Expr A = input(0);
    private static final Expr T = input(1);
    private static final Expr CLASS = input(1);
    private static final Expr CHOSEN = input(2);
    private static final Expr LOG_SUM = scalar(1);
    private static final RowProgram.Stage LOG_SUM_EXP =
            sum(of(Fn.EXP, sub(A, scalar(0)))).then(add(scalar(0), of(Fn.LOG, LOG_SUM)));

    /** Over logits and probabilities. */
    private static final RowProgram PROBABILITIES = new RowProgram(
            List.of(max(A), LOG_SUM_EXP, sum(T), sum(mul(T, A))),
            null,
            List.of(sub(mul(LOG_SUM, scalar(2)), scalar(3)), LOG_SUM, scalar(2)));

    /** Over logits, class numbers and the row's class; a class that does not exist makes 0 / 0. */
    private static final RowProgram CLASSES = new RowProgram(
            List.of(
                    max(A),
                    LOG_SUM_EXP,
                    sum(of(Fn.EQ, CLASS, CHOSEN)),
                    sum(of(Fn.SELECT, of(Fn.EQ, CLASS, CHOSEN), A, literal(0))),
                    max(of(Fn.EQ, CHOSEN, literal(IGNORED)))),
            null,
            List.of(of(Fn.SELECT, scalar(4), literal(0), sub(LOG_SUM, div(scalar(3), scalar(2)))), LOG_SUM));

    /** (g, a, t, l, sum t). */
    private static final PointwiseOp SLOPE = new PointwiseOp(
            "CrossEntropy", 5, mul(input(0), sub(mul(of(Fn.EXP, sub(input(1), input(3))), input(4)), input(2))));

    /** (g, a, class, chosen, l). */
    private static final PointwiseOp CLASS_SLOPE = new PointwiseOp(
            "CrossEntropy",
            5,
            of(
                    Fn.SELECT,
                    of(Fn.EQ, input(3), literal(IGNORED)),
                    literal(0),
                    mul(input(0), sub(of(Fn.EXP, sub(input(1), input(4))), of(Fn.EQ, input(2), input(3))))));

    private CrossEntropy() {}

    /**
     * Cross entropy.
     *
     * @param a logits [classes] or [n, classes, ..]
     * @param target probabilities of a's shape and dtype, or INT64 classes of a's shape without the axis of classes
     * @param collect what becomes of the terms; the mean is over rows that count
     */
    public static Variable crossEntropy(Variable a, Variable target, Losses.Collect collect) {
        Recorder.checkFloating("crossEntropy", a);
        int axis = a.dim() == 1 ? 0 : 1;
        if (a.dim() == 0 || a.shape()[axis] == 0) {
            throw new IllegalArgumentException(
                    "crossEntropy: there are no classes in an input of shape " + Shapes.text(a.shape()));
        }
        if (target.dtype() != DType.INT64) {
            Variable terms = ofProbabilities(a, target, axis);
            return collected(terms, null, collect);
        }
        int[] shape = Shapes.reduced(a.shape(), new int[] {axis}, false);
        if (!Arrays.equals(shape, target.shape())) {
            throw new IllegalArgumentException("crossEntropy: input " + Shapes.text(a.shape())
                    + " and classes " + Shapes.text(target.shape()) + ": expected classes of shape "
                    + Shapes.text(shape));
        }
        Variable chosen = Convert.to(target, a.dtype());
        Recorder.checkSameKind("crossEntropy", a, chosen);
        return collected(ofClasses(a, chosen, axis), chosen, collect);
    }

    private static Variable collected(Variable terms, @Nullable Variable chosen, Losses.Collect collect) {
        int[] all = {};
        return switch (collect) {
            case TERMS -> terms;
            case SUM -> Sum.sum(terms, all, false);
            case MEAN ->
                chosen == null
                        ? Sum.mean(terms, all, false)
                        : Arithmetic.div(Sum.sum(terms, all, false), Sum.sum(counted(chosen), all, false));
        };
    }

    /** 1 where a row counts, else 0. */
    private static Variable counted(Variable chosen) {
        return Convert.to(Comparisons.compare(Fn.NE, chosen, IGNORED), chosen.dtype());
    }

    private static Variable ofProbabilities(Variable a, Variable t, int axis) {
        Recorder.checkSameKind("crossEntropy", a, t);
        if (!Arrays.equals(a.shape(), t.shape())) {
            throw new IllegalArgumentException("crossEntropy: input " + Shapes.text(a.shape()) + " and target "
                    + Shapes.text(t.shape()) + ": probabilities have the input's shape; classes are INT64");
        }
        Rows rows = Rows.along(axis, a.shape());
        NdArray[] numbers = numbers(a, rows, 3);
        rows.runForNumbers(PROBABILITIES, new NdArray[] {a.value(), t.value()}, NONE, numbers);
        Variable l = new Variable(numbers[1]);
        Variable sum = new Variable(numbers[2]);
        Variable terms = Recorder.record(
                "CrossEntropyBackward0",
                numbers[0].reshape(Shapes.reduced(a.shape(), new int[] {axis}, false)),
                new Variable[] {a, t},
                Recorder.vjp((g, s) -> slope(Views.unsqueeze(g, axis), s, axis), a, t, l, sum),
                Recorder.vjp(
                        (g, s) -> Arithmetic.neg(
                                Arithmetic.mul(Views.unsqueeze(g, axis), Softmax.logSoftmax(s[0], axis))),
                        a));
        numbers[1].buffer().freeIfUnheld(); // a record holds them
        numbers[2].buffer().freeIfUnheld();
        return terms;
    }

    /** {@code g (softmax(a) sum t - t)}; s is a, t, l and sum t. */
    private static Variable slope(Variable g, Variable[] s, int axis) {
        if (!GradMode.isEnabled()) {
            return SLOPE.apply(g, s[0], s[1], s[2], s[3]);
        }
        Variable sum = Sum.sum(s[1], new int[] {axis}, true); // l and sum t depend on a and t: the record shows it
        return Arithmetic.mul(g, Arithmetic.sub(Arithmetic.mul(Softmax.softmax(s[0], axis), sum), s[1]));
    }

    private static Variable ofClasses(Variable a, Variable target, int axis) {
        Rows rows = Rows.along(axis, a.shape());
        NdArray[] numbers = numbers(a, rows, 2);
        NdArray classes = classes(a, axis);
        Variable chosen = Views.reshape(target, rows.reduced());
        rows.runForNumbers(CLASSES, new NdArray[] {a.value(), classes, chosen.value()}, NONE, numbers);
        Variable l = new Variable(numbers[1]);
        Variable terms = Recorder.record(
                "CrossEntropyBackward0",
                numbers[0].reshape(target.shape()),
                new Variable[] {a},
                Recorder.vjp(
                        (g, s) -> classSlope(Views.unsqueeze(g, axis), s, axis), a, new Variable(classes), chosen, l));
        numbers[1].buffer().freeIfUnheld(); // a record holds them
        classes.buffer().freeIfUnheld();
        return terms;
    }

    /** {@code g (softmax(a) - [class is the target])}, 0 where the target is ignored; s is a, the classes, the target and l. */
    private static Variable classSlope(Variable g, Variable[] s, int axis) {
        if (!GradMode.isEnabled()) {
            return CLASS_SLOPE.apply(g, s[0], s[1], s[2], s[3]);
        }
        Variable hit = Convert.to(Comparisons.compare(Fn.EQ, s[1], s[2]), g.dtype());
        Variable slope = Arithmetic.mul(g, Arithmetic.sub(Softmax.softmax(s[0], axis), hit));
        return Comparisons.masked(counted(s[2]), slope);
    }

    private static NdArray[] numbers(Variable a, Rows rows, int count) {
        NdArray[] numbers = new NdArray[count];
        Arrays.setAll(numbers, i -> a.value().allocateLike(rows.reduced()));
        return numbers;
    }

    /** 0, 1, .. along the axis of classes, of a's dtype. */
    private static NdArray classes(Variable a, int axis) {
        int[] shape = new int[a.dim()];
        Arrays.fill(shape, 1);
        shape[axis] = a.shape()[axis];
        NdArray integers = NdArray.allocate(a.backend(), DType.INT64, shape);
        a.backend().write(LongStream.range(0, shape[axis]).toArray(), integers.buffer());
        NdArray classes = a.value().allocateLike(shape);
        a.backend().copy(integers, classes);
        integers.buffer().freeIfUnheld();
        return classes;
    }
}
