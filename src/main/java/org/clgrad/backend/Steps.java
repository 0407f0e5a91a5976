package org.clgrad.backend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes an expression one function after the other, with an array for each value on the way: slow, but nothing to compile. */
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
        if (uses.merge(e, 1, Integer::sum) == 1) {
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
        List<NdArray> arrays = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        Expr[] args = new Expr[e.args().size()];
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
                arrays.add(arg instanceof Expr.Apply apply ? value(apply) : inputs[((Expr.Input) arg).index()]);
            }
        }
        double[] given = numbers.stream().mapToDouble(d -> d).toArray();
        out.backend().runPointwise(Expr.of(e.fn(), args), arrays.toArray(NdArray[]::new), given, target);
        for (Expr arg : e.args()) {
            if (arg instanceof Expr.Apply apply && uses.merge(apply, -1, Integer::sum) == 0) {
                values.get(apply).buffer().freeIfUnheld();
            }
        }
    }
}
