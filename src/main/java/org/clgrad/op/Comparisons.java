package org.clgrad.op;

import static org.clgrad.backend.Expr.literal;
import static org.clgrad.backend.Expr.mul;
import static org.clgrad.backend.Expr.of;
import static org.clgrad.op.PointwiseOp.A;
import static org.clgrad.op.PointwiseOp.B;
import static org.clgrad.op.PointwiseOp.C;
import static org.clgrad.op.PointwiseOp.G;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Expr;
import org.clgrad.backend.Fn;
import org.clgrad.backend.NdArray;

/**
 * Functions that choose, and the comparisons, which have no gradient.
 *
 * <pre>
 * y = |a|             da = g sign(a), 0 at 0
 * y = max(a, b)       g goes to the larger; at a tie both get half
 * y = c ? a : b       g goes to the one chosen
 * y = clamp(a, l, h)  da = g where l <= a <= h, else 0
 * </pre>
 */
public final class Comparisons {
    private static final Expr ZERO = literal(0);
    private static final Expr HALF = mul(G, literal(0.5));

    private static final PointwiseOp ABS = new PointwiseOp("Abs", 1, of(Fn.ABS, A), mul(G, of(Fn.SIGN, A)));
    private static final PointwiseOp SIGN = new PointwiseOp("Sign", 1, of(Fn.SIGN, A), ZERO);
    private static final PointwiseOp MAXIMUM =
            new PointwiseOp("Maximum", 2, of(Fn.MAXIMUM, A, B), unless(Fn.LT), unless(Fn.GT));
    private static final PointwiseOp MINIMUM =
            new PointwiseOp("Minimum", 2, of(Fn.MINIMUM, A, B), unless(Fn.GT), unless(Fn.LT));
    private static final PointwiseOp WHERE = new PointwiseOp(
            "Where", 3, of(Fn.SELECT, A, B, C), ZERO, of(Fn.SELECT, A, G, ZERO), of(Fn.SELECT, A, ZERO, G));
    private static final PointwiseOp MASKED =
            new PointwiseOp("Where", 2, of(Fn.SELECT, A, B, ZERO), ZERO, of(Fn.SELECT, A, G, ZERO));

    private static final Map<Fn, PointwiseOp> COMPARE = new EnumMap<>(Fn.class);
    private static final Map<Fn, PointwiseOp> COMPARE_SCALAR = new EnumMap<>(Fn.class);

    static {
        for (Fn fn : List.of(Fn.EQ, Fn.NE, Fn.LT, Fn.LE, Fn.GT, Fn.GE)) {
            COMPARE.put(fn, new PointwiseOp(fn.kernelName(), 2, of(fn, A, B), ZERO, ZERO));
            COMPARE_SCALAR.put(fn, new PointwiseOp(fn.kernelName(), 1, of(fn, A, Expr.constant(0)), ZERO));
        }
    }

    static final List<PointwiseOp> RULES = Stream.concat(
                    Stream.of(ABS, SIGN, MAXIMUM, MINIMUM, WHERE), COMPARE.values().stream())
            .toList();

    private static final Expr LOW = Expr.constant(0);
    private static final Expr HIGH = Expr.constant(1);
    private static final PointwiseOp CLAMP = new PointwiseOp(
            "ClampBackward1",
            1,
            of(Fn.MINIMUM, of(Fn.MAXIMUM, A, LOW), HIGH),
            of(Fn.SELECT, mul(of(Fn.GE, A, LOW), of(Fn.LE, A, HIGH)), G, ZERO));

    private Comparisons() {}

    /** The gradient of A unless it lost against B, half of it at a tie. */
    private static Expr unless(Fn lost) {
        return of(Fn.SELECT, of(lost, A, B), ZERO, of(Fn.SELECT, of(Fn.EQ, A, B), HALF, G));
    }

    public static Variable abs(Variable a) {
        return ABS.apply(a);
    }

    public static Variable sign(Variable a) {
        return SIGN.apply(a);
    }

    public static Variable maximum(Variable a, Variable b) {
        return MAXIMUM.apply(a, b);
    }

    public static Variable minimum(Variable a, Variable b) {
        return MINIMUM.apply(a, b);
    }

    /**
     * a where the condition holds, else b.
     *
     * @param condition BOOL
     */
    public static Variable where(Variable condition, Variable a, Variable b) {
        if (condition.dtype() != DType.BOOL) {
            throw new IllegalArgumentException("where: expected condition to be a bool tensor, but got "
                    + condition.dtype() + ": compare, or convert with to(DType.BOOL)");
        }
        NdArray mask = NdArray.allocate(condition.backend(), a.dtype(), condition.shape());
        try {
            mask.backend().copy(condition.value(), mask);
            return WHERE.apply(new Variable(mask), a, b);
        } finally {
            mask.buffer().freeIfUnheld();
        }
    }

    /** min(max(a, low), high); NaN stays NaN. */
    public static Variable clamp(Variable a, double low, double high) {
        return CLAMP.apply(new double[] {low, high}, a);
    }

    public static Variable clampInPlace(Variable a, double low, double high) {
        return CLAMP.applyInPlace(new double[] {low, high}, a);
    }

    /** A BOOL mask of where a comparison (one of EQ, NE, LT, LE, GT, GE) holds. It has no gradient. */
    public static Variable compare(Fn comparison, Variable a, Variable b) {
        return mask(COMPARE.get(comparison).compute(new double[0], a, b));
    }

    /** A BOOL mask of where a comparison with a number holds. */
    public static Variable compare(Fn comparison, Variable a, double k) {
        return mask(COMPARE_SCALAR.get(comparison).compute(new double[] {k}, a));
    }

    private static Variable mask(NdArray numbers) {
        NdArray mask = NdArray.allocate(numbers.backend(), DType.BOOL, numbers.shape());
        mask.backend().copy(numbers, mask);
        numbers.buffer().freeIfUnheld();
        return new Variable(mask);
    }

    /** g where the mask is not 0, else 0; the mask is of g's dtype. */
    static Variable masked(Variable mask, Variable g) {
        return MASKED.apply(mask, g);
    }
}
