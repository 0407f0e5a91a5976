package org.clgrad.table;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** A row-major tensor of doubles: what references compute with. */
record HostTensor(double[] data, int... shape) {

    static HostTensor zeros(int... shape) {
        return new HostTensor(new double[size(shape)], shape);
    }

    static int size(int... shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** The element at an index; axes of size 1 stretch, axes in front of this tensor's are ignored. */
    double at(int... index) {
        int position = 0;
        for (int i = 0; i < shape.length; i++) {
            int own = index[index.length - shape.length + i];
            position = position * shape[i] + (shape[i] == 1 ? 0 : own);
        }
        return data[position];
    }

    /** Every index of a shape, in row-major order. */
    static int[][] indices(int... shape) {
        int[][] all = new int[size(shape)][shape.length];
        for (int i = 0; i < all.length; i++) {
            int rest = i;
            for (int d = shape.length - 1; d >= 0; d--) {
                all[i][d] = rest % shape[d];
                rest /= shape[d];
            }
        }
        return all;
    }

    /** A tensor from the value at each index. */
    static HostTensor generate(java.util.function.ToDoubleFunction<int[]> value, int... shape) {
        return new HostTensor(Arrays.stream(indices(shape)).mapToDouble(value).toArray(), shape);
    }

    HostTensor map(DoubleUnaryOperator f) {
        return new HostTensor(Arrays.stream(data).map(f).toArray(), shape);
    }

    HostTensor zip(HostTensor other, DoubleBinaryOperator f) {
        return generate(i -> f.applyAsDouble(at(i), other.at(i)), broadcast(shape, other.shape));
    }

    static int[] broadcast(int[] a, int[] b) {
        int dim = Math.max(a.length, b.length);
        int[] out = new int[dim];
        for (int i = 1; i <= dim; i++) {
            int sizeA = i <= a.length ? a[a.length - i] : 1;
            int sizeB = i <= b.length ? b[b.length - i] : 1;
            out[dim - i] = sizeA == 1 ? sizeB : sizeA;
        }
        return out;
    }

    /** Combines the elements along axes, which become 1. */
    HostTensor fold(double start, DoubleBinaryOperator f, int... axes) {
        int[] reduced = shape.clone();
        for (int axis : axes.length == 0
                ? java.util.stream.IntStream.range(0, shape.length).toArray()
                : axes) {
            reduced[axis] = 1;
        }
        HostTensor out = zeros(reduced);
        Arrays.fill(out.data, start);
        for (int[] index : indices(shape)) {
            int position = 0;
            for (int d = 0; d < shape.length; d++) {
                position = position * reduced[d] + (reduced[d] == 1 ? 0 : index[d]);
            }
            out.data[position] = f.applyAsDouble(out.data[position], at(index));
        }
        return out;
    }

    HostTensor reshape(int... newShape) {
        return new HostTensor(data, newShape);
    }

    /** Batched matrix product of tensors with at least two axes; batch axes broadcast. */
    HostTensor matmul(HostTensor other) {
        int k = shape[shape.length - 1];
        int[] batch =
                broadcast(Arrays.copyOf(shape, shape.length - 2), Arrays.copyOf(other.shape, other.shape.length - 2));
        int[] out = Arrays.copyOf(batch, batch.length + 2);
        out[batch.length] = shape[shape.length - 2];
        out[batch.length + 1] = other.shape[other.shape.length - 1];
        return generate(
                index -> {
                    int[] left = index.clone();
                    int[] right = index.clone();
                    double sum = 0;
                    for (int i = 0; i < k; i++) {
                        left[left.length - 1] = i;
                        right[right.length - 2] = i;
                        sum += at(left) * other.at(right);
                    }
                    return sum;
                },
                out);
    }
}
