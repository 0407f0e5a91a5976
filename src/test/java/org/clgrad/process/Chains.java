package org.clgrad.process;

import java.util.Arrays;
import org.clgrad.Device;
import org.clgrad.Random;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;

/** Prints hashes of results that fusion computes in other kernels; run with fusion on and off. */
final class Chains {
    private Chains() {}

    public static void main(String[] args) {
        Device device = Device.of(args[0]);
        DType dtype = DType.valueOf(args[1]);
        for (int round = 0; round < 4; round++) {
            for (int n : new int[] {3, 1000, 70_001}) {
                Random.manualSeed(n);
                print("chain", chain(Tensor.randn(device, dtype, n)));
                print("step", step(device, dtype, n));
                print("rows", rows(Tensor.randn(device, dtype, 7, n)));
            }
        }
    }

    private static Tensor[] chain(Tensor x) {
        x.requiresGrad(true);
        Tensor y = x.add(1)
                .pow(2)
                .mul(x)
                .sub(x.tanh())
                .exp()
                .add(x.mul(0.5).sigmoid())
                .log1p();
        Tensor loss = y.mul(y).mean();
        loss.backward();
        return new Tensor[] {y, loss, x.grad()};
    }

    private static Tensor[] step(Device device, DType dtype, int n) {
        int rows = Math.min(n, 300);
        Tensor x = Tensor.randn(device, dtype, rows, 20);
        Tensor w = Tensor.randn(device, dtype, 20, 10).requiresGrad(true);
        Tensor b = Tensor.randn(device, dtype, 10).requiresGrad(true);
        Tensor z = x.matmul(w).add(b).relu().mul(0.1).sub(b);
        Tensor loss = Functional.binaryCrossEntropyWithLogits(z, Tensor.rand(device, dtype, rows, 10))
                .add(w.pow(2).sum().mul(0.01));
        loss.backward();
        return new Tensor[] {loss, w.grad(), b.grad()};
    }

    private static Tensor[] rows(Tensor x) {
        Tensor y = x.abs().add(0.1).sqrt();
        return new Tensor[] {
            y.mul(x).sum(new int[] {1}, false),
            y.add(x).max(new int[] {0}, false),
            y.div(x.mul(x).add(1)).sum(),
            y.sub(y.mean(new int[] {1}, true)).mul(2).sum(), // an input that is stretched
            x.transpose(0, 1).exp().sum(new int[] {0}, false) // one that lies another way
        };
    }

    private static void print(String name, Tensor... results) {
        for (Tensor result : results) {
            System.out.println("BITS " + name + " " + Arrays.hashCode(result.toDoubleArray()));
        }
    }
}
