package org.clgrad.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.clgrad.Autograd;
import org.clgrad.Device;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;

/** Prints how fast each device multiplies matrices, works through memory, and takes a small step. */
public final class Rates {
    private static final int ROUNDS = 9;
    private static final double ROUND_SECONDS = 0.15;

    private Rates() {}

    public static void main(String[] args) {
        List<Device> devices = args.length == 0
                ? Device.all()
                : Arrays.stream(args).map(Device::of).toList();
        for (Device device : devices) {
            System.out.println(device + ", " + device.name());
            for (int n : new int[] {64, 256, 512, 768, 1024, 1536}) {
                try (Scope scope = Scope.open()) {
                    Tensor a = Tensor.randn(device, DType.FLOAT32, n, n);
                    Tensor b = Tensor.randn(device, DType.FLOAT32, n, n);
                    double work = 2.0 * n * n * n / 1e9;
                    print("matmul " + n + " NN", "GFLOP/s", work / seconds(device, () -> a.matmul(b)));
                    print("matmul " + n + " NT", "GFLOP/s", work / seconds(device, () -> a.matmul(b.t())));
                    print("matmul " + n + " TN", "GFLOP/s", work / seconds(device, () -> a.t().matmul(b)));
                }
            }
            for (int bits : new int[] {10, 16, 20, 24}) {
                try (Scope scope = Scope.open()) {
                    int n = 1 << bits;
                    Tensor x = Tensor.randn(device, DType.FLOAT32, n);
                    Tensor y = Tensor.rand(device, DType.FLOAT32, n);
                    double floats = 4.0 * n / 1e9;
                    print("add 2^" + bits, "GB/s", 3 * floats / seconds(device, () -> x.add(y)));
                    print("exp 2^" + bits, "GB/s", 2 * floats / seconds(device, x::exp));
                    print("sum 2^" + bits, "GB/s", floats / seconds(device, x::sum));
                    print(
                            "BCE 2^" + bits,
                            "GB/s",
                            2 * floats / seconds(device, () -> Functional.binaryCrossEntropyWithLogits(x, y)));
                }
            }
            Tensor x = Tensor.ones(device, DType.FLOAT32, 5);
            Tensor y = Tensor.zeros(device, DType.FLOAT32, 3);
            Tensor w = Tensor.randn(device, DType.FLOAT32, 5, 3).requiresGrad(true);
            Tensor b = Tensor.randn(device, DType.FLOAT32, 3).requiresGrad(true);
            print(
                    "tutorial step",
                    "us",
                    1e6
                            * seconds(
                                    device,
                                    () -> Autograd.grad(
                                            Functional.binaryCrossEntropyWithLogits(
                                                    x.matmul(w).add(b), y),
                                            w,
                                            b)));
        }
    }

    private static void print(String what, String unit, double value) {
        System.out.printf(Locale.ROOT, "  %-18s %9.1f %s%n", what, value, unit);
    }

    /** Median seconds of one call, over rounds of calls that the device works through without a wait between them. */
    private static double seconds(Device device, Runnable call) {
        int calls = 1;
        double elapsed = round(device, call, calls);
        while (elapsed < ROUND_SECONDS) {
            calls = (int) Math.min(
                    1L << 20, Math.max(2L * calls, (long) (calls * ROUND_SECONDS / Math.max(elapsed, 1e-6))));
            elapsed = round(device, call, calls);
        }
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = round(device, call, calls) / calls;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static double round(Device device, Runnable call, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            try (Scope scope = Scope.open()) {
                call.run();
            }
        }
        device.synchronize();
        return (System.nanoTime() - start) / 1e9;
    }
}
