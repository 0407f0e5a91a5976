package org.clgrad.process;

import org.clgrad.Autograd;
import org.clgrad.Device;
import org.clgrad.Random;
import org.clgrad.Tensor;
import org.clgrad.TestDevices;
import org.clgrad.array.DType;
import org.clgrad.backend.MemoryStats;
import org.clgrad.nn.Functional;

/** Trains in many small steps and closes nothing. Arguments: device, steps, outputs of the layer. */
public final class SmallSteps {
    private SmallSteps() {}

    public static void main(String[] args) {
        Device device = Device.of(args[0]);
        int steps = Integer.parseInt(args[1]);
        int outputs = Integer.parseInt(args[2]);
        Random.manualSeed(0);
        Tensor x = Tensor.ones(device, DType.FLOAT32, 5);
        Tensor y = Tensor.zeros(device, DType.FLOAT32, outputs);
        Tensor w = Tensor.randn(device, DType.FLOAT32, 5, outputs).requiresGrad(true);
        Tensor b = Tensor.randn(device, DType.FLOAT32, outputs).requiresGrad(true);
        step(x, y, w, b); // makes the gradients
        long before = TestDevices.bytesInUse(device);
        double first = 0;
        double last = 0;
        for (int i = 0; i < steps; i++) {
            Tensor loss = step(x, y, w, b);
            if (i == 0) {
                first = loss.item();
            } else if (i == steps - 1) {
                last = loss.item();
            }
        }
        long after = TestDevices.bytesInUse(device);
        MemoryStats stats = device.memoryStats();
        System.out.println(
                device + " loss " + first + " to " + last + ", bytes " + before + " to " + after + ", " + stats);
        if (after != before || !(last < first) || stats.peak() > stats.budget()) {
            System.exit(1);
        }
    }

    private static Tensor step(Tensor x, Tensor y, Tensor w, Tensor b) {
        Tensor loss = Functional.binaryCrossEntropyWithLogits(x.matmul(w).add(b), y);
        loss.backward();
        try (var guard = Autograd.noGrad()) {
            for (Tensor parameter : new Tensor[] {w, b}) {
                parameter.sub_(parameter.grad(), 0.01);
                parameter.grad().zero_();
            }
        }
        return loss;
    }
}
