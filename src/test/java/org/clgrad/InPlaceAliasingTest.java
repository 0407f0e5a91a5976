package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Writing to a tensor from another view of its own memory uses the values from before. */
class InPlaceAliasingTest {
    private static final String COLUMNS = "org.clgrad.TestDevices#columns";
    private static final int N = 5000; // several blocks of work

    private static Tensor counting(TestDevices.Column column, int... shape) {
        double end = 1;
        for (int size : shape) {
            end *= size;
        }
        return Tensor.arange(column.device(), column.dtype(), 0, end, 1).reshape(shape);
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void fromAShiftedView(TestDevices.Column column) {
        try (Scope scope = Scope.open()) {
            Tensor sums = counting(column, N);
            sums.slice(0, 1, N).add_(sums.slice(0, 0, N - 1));
            Tensor copies = counting(column, N);
            copies.slice(0, 1, N).copy_(copies.slice(0, 0, N - 1));
            double[] sum = sums.toDoubleArray();
            double[] copy = copies.toDoubleArray();
            for (int i = 1; i < N; i++) {
                assertEquals(2.0 * i - 1, sum[i]);
                assertEquals(i - 1.0, copy[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void fromItsTranspose(TestDevices.Column column) {
        try (Scope scope = Scope.open()) {
            int n = 70;
            Tensor sums = counting(column, n, n);
            sums.add_(sums.t());
            Tensor copies = counting(column, n, n);
            copies.copy_(copies.t());
            double[] sum = sums.toDoubleArray();
            double[] copy = copies.toDoubleArray();
            for (int i = 0; i < n * n; i++) {
                int across = i % n * n + i / n;
                assertEquals(i + across, sum[i]);
                assertEquals(across, copy[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void fromOneOfItsElements(TestDevices.Column column) {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.full(column.device(), column.dtype(), 3, N);
            x.mul_(x.select(0, 0));
            for (double value : x.toDoubleArray()) {
                assertEquals(9, value);
            }
        }
    }
}
