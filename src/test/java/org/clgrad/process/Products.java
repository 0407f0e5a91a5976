package org.clgrad.process;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.Device;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.clgrad.optim.SGD;

/**
 * Names the Java backend, computes in double precision on the way, and trains a network: arguments are the number of steps and the rows of a
 * batch.
 */
final class Products {
    private Products() {}

    public static void main(String[] args) {
        System.out.println(Device.cpu().name());
        int steps = Integer.parseInt(args[0]);
        int rows = Integer.parseInt(args[1]);
        Device device = Device.cpu();
        Tensor x = Tensor.randn(device, DType.FLOAT32, rows, 784);
        Tensor y = Tensor.rand(device, DType.FLOAT32, rows, 10);
        List<Tensor> parameters = new ArrayList<>();
        for (int[] shape : new int[][] {{784, 256}, {256}, {256, 10}, {10}}) {
            parameters.add(Tensor.rand(device, DType.FLOAT32, shape)
                    .sub(0.5)
                    .mul(0.1)
                    .detach()
                    .requiresGrad(true));
        }
        for (int step = 0; step < 3 * steps; step++) {
            try (Scope scope = Scope.open()) {
                y.pow(y).sin().cos().toFloatArray();
            }
        }
        SGD optimizer = new SGD(parameters, 0.1);
        for (int step = 0; step < steps; step++) {
            try (Scope scope = Scope.open()) {
                optimizer.zeroGrad();
                Tensor hidden =
                        x.matmul(parameters.get(0)).add(parameters.get(1)).relu();
                Tensor out = hidden.matmul(parameters.get(2)).add(parameters.get(3));
                Functional.binaryCrossEntropyWithLogits(out, y).backward();
                optimizer.step();
            }
        }
    }
}
