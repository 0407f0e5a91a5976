package org.clgrad.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.clgrad.Tensor;

/**
 * An operation.
 *
 * @param name for messages
 * @param covers the method of the library that this tests
 * @param call the operation on tensors
 * @param reference the same in plain loops
 * @param domains values of each input
 * @param shapes shapes of the inputs, one list for each call
 */
record Row(
        String name,
        String covers,
        Function<Tensor[], Tensor> call,
        Function<HostTensor[], HostTensor> reference,
        List<Domain> domains,
        List<int[][]> shapes) {

    private static final int[][] SHAPES = {{}, {1}, {7}, {0, 3}, {3, 5}, {2, 3, 4}, {1003}, {2, 1, 3, 2}};

    /** An operation on one tensor of any shape. */
    static Row unary(String name, UnaryOperator<Tensor> op, DoubleUnaryOperator reference, Domain domain) {
        List<int[][]> shapes = new ArrayList<>();
        for (int[] shape : SHAPES) {
            shapes.add(new int[][] {shape});
        }
        return new Row(name, method(name), t -> op.apply(t[0]), x -> x[0].map(reference), List.of(domain), shapes);
    }

    /** An operation on two tensors that broadcast. */
    static Row binary(
            String name, BinaryOperator<Tensor> op, DoubleBinaryOperator reference, Domain first, Domain second) {
        List<int[][]> shapes = List.of(
                new int[][] {{}, {}},
                new int[][] {{7}, {7}},
                new int[][] {{3, 5}, {3, 5}},
                new int[][] {{3, 5}, {5}},
                new int[][] {{5}, {3, 5}},
                new int[][] {{3, 1}, {1, 5}},
                new int[][] {{3, 5}, {}},
                new int[][] {{1}, {2, 3, 4}},
                new int[][] {{2, 1, 4}, {3, 1}},
                new int[][] {{0, 3}, {3}},
                new int[][] {{37, 29}, {37, 29}});
        return new Row(
                name,
                method(name),
                t -> op.apply(t[0], t[1]),
                x -> x[0].zip(x[1], reference),
                List.of(first, second),
                shapes);
    }

    /** Any other operation. */
    static Row of(
            String name,
            Function<Tensor[], Tensor> call,
            Function<HostTensor[], HostTensor> reference,
            Domain domain,
            int[][]... shapes) {
        return new Row(
                name,
                method(name),
                call,
                reference,
                java.util.Collections.nCopies(shapes[0].length, domain),
                List.of(shapes));
    }

    /** The first word of a row's name is the method it tests. */
    private static String method(String name) {
        return name.split(" ")[0];
    }

    HostTensor[] inputs(int[][] of) {
        HostTensor[] inputs = new HostTensor[of.length];
        for (int i = 0; i < of.length; i++) {
            inputs[i] = domains.get(i).values(i + 1, of[i]);
        }
        return inputs;
    }

    @Override
    public String toString() {
        return name;
    }
}
