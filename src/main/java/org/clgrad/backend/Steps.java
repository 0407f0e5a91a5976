package org.clgrad.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.clgrad.array.DType;

/**
 * Computes an expression one function after the other, with an array for each value on the way: slow, but nothing to compile. Arithmetic on
 * numbers alone (a mean's share of a gradient of 1) is done here.
 */
final class Steps {
    private final NdArray[] inputs;
    private final double[] constants;
    private final NdArray out;
    private final Map<Expr, Integer> uses = new HashMap<>();
    private final Map<Expr, NdArray> values = new HashMap<>();

    private Steps(NdArray[] inputs, double[] constants, NdArray out) {
        this.inputs = inputs;
        this.constants = constants;
        this.out = out;
    }

    static void run(Expr expr, NdArray[] inputs, double[] constants, NdArray out) {
        Steps steps = new Steps(inputs, constants, out);
        if (expr instanceof Expr.Apply apply) {
            steps.count(apply);
            steps.compute(apply, out);
        } else {
            out.backend().runPointwise(expr, inputs, constants, out);
        }
    }

    private void count(Expr.Apply e) {
        if (uses.merge(e, 1, Integer::sum) == 1 && number(e).isEmpty()) {
            for (Expr arg : e.args()) {
                if (arg instanceof Expr.Apply apply) {
                    count(apply);
                }
            }
        }
    }

    private NdArray value(Expr.Apply e) {
        NdArray known = values.get(e);
        if (known == null) {
            known = out.allocateLike(out.shape());
            compute(e, known);
            values.put(e, known);
        }
        return known;
    }

    private void compute(Expr.Apply e, NdArray target) {
        OptionalDouble number = number(e);
        if (number.isPresent()) {
            out.backend().runFill(target, number.getAsDouble());
            return;
        }
        int count = e.args().size();
        NdArray[] arrays = new NdArray[count];
        int last = inTarget(e, target);
        for (int i = 0; i < count; i++) {
            if (i != last && e.args().get(i) instanceof Expr.Apply apply) {
                arrays[i] = value(apply);
            }
        }
        if (last >= 0) {
            compute((Expr.Apply) e.args().get(last), target);
            arrays[last] = target;
        }
        run(e, arrays, target);
        for (int i = 0; i < count; i++) {
            if (i != last && e.args().get(i) instanceof Expr.Apply apply && uses.merge(apply, -1, Integer::sum) == 0) {
                values.get(apply).buffer().freeIfUnheld();
            }
        }
    }

    /** The value of what is arithmetic on numbers, with the bits of a device that rounds as IEEE 754 says: a double's result, rounded, is the float's. */
    private OptionalDouble number(Expr e) {
        if (e instanceof Expr.Constant constant) {
            return OptionalDouble.of(rounded(constants[constant.index()]));
        }
        if (e instanceof Expr.Literal literal) {
            return OptionalDouble.of(rounded(literal.value()));
        }
        double[] args = new double[2];
        if (!(e instanceof Expr.Apply apply) || apply.args().size() > args.length) {
            return OptionalDouble.empty();
        }
        for (int i = 0; i < apply.args().size(); i++) {
            OptionalDouble arg = number(apply.args().get(i));
            if (arg.isEmpty()) {
                return arg;
            }
            args[i] = arg.getAsDouble();
        }
        return switch (apply.fn()) {
            case NEG -> OptionalDouble.of(-args[0]);
            case ADD -> OptionalDouble.of(rounded(args[0] + args[1]));
            case SUB -> OptionalDouble.of(rounded(args[0] - args[1]));
            case MUL -> OptionalDouble.of(rounded(args[0] * args[1]));
            case DIV -> OptionalDouble.of(rounded(args[0] / args[1]));
            default -> OptionalDouble.empty();
        };
    }

    private double rounded(double value) {
        return out.dtype() == DType.FLOAT32 ? (float) value : value;
    }

    /** The argument that is best computed in the place of the result: one that nothing else needs; -1 if there is none, or the place is read. */
    private int inTarget(Expr.Apply e, NdArray target) {
        if (Arrays.stream(inputs).anyMatch(input -> input.buffer() == target.buffer())) {
            return -1;
        }
        for (int i = e.args().size() - 1; i >= 0; i--) {
            if (e.args().get(i) instanceof Expr.Apply apply && uses.get(apply) == 1 && !values.containsKey(apply)) {
                return i;
            }
        }
        return -1;
    }

    /** One function; {@code computed} holds arguments that are functions themselves. */
    private void run(Expr.Apply e, NdArray[] computed, NdArray target) {
        List<NdArray> arrays = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        Expr[] args = new Expr[computed.length];
        for (int i = 0; i < args.length; i++) {
            Expr arg = e.args().get(i);
            if (arg instanceof Expr.Constant constant) {
                args[i] = Expr.constant(numbers.size());
                numbers.add(constants[constant.index()]);
            } else if (arg instanceof Expr.Literal literal) {
                args[i] = Expr.constant(numbers.size());
                numbers.add(literal.value());
            } else {
                args[i] = Expr.input(arrays.size());
                arrays.add(arg instanceof Expr.Input input ? inputs[input.index()] : computed[i]);
            }
        }
        double[] given = numbers.stream().mapToDouble(d -> d).toArray();
        out.backend().runPointwise(Expr.of(e.fn(), args), arrays.toArray(NdArray[]::new), given, target);
    }
}
