package org.clgrad.table;

import java.util.Arrays;
import org.clgrad.Autograd;
import org.clgrad.Device;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.array.DType;

/** Runs the small shapes of every row, forward and backward, on the device given: for simulators that watch the kernels. */
public final class RunTable {
    private static final int LARGEST = 60; // elements
    private static final int MATRIX_ROWS = 70; // past a tile of the matrix products

    private RunTable() {}

    public static void main(String[] args) {
        Device device = Device.of(args[0]);
        int rows = 0;
        for (Row row : Operations.rows()) {
            for (int[][] shapes : row.shapes()) {
                HostTensor[] inputs = row.inputs(shapes);
                if (Arrays.stream(inputs).mapToInt(x -> x.data().length).sum() <= LARGEST) {
                    run(row, device, inputs);
                }
            }
            rows++;
        }
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.ones(device, DType.FLOAT32, MATRIX_ROWS, 33);
            Tensor b = Tensor.ones(device, DType.FLOAT32, 33, MATRIX_ROWS);
            a.matmul(b).sum().item();
            b.t().matmul(a.t()).sum(0).toFloatArray();
        }
        System.out.println("rows run on " + device.name() + ": " + rows);
    }

    private static void run(Row row, Device device, HostTensor... inputs) {
        try (Scope scope = Scope.open()) {
            Tensor[] tensors = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                float[] floats = new float[inputs[i].data().length];
                for (int j = 0; j < floats.length; j++) {
                    floats[j] = (float) inputs[i].data()[j];
                }
                tensors[i] = Tensor.of(device, floats)
                        .reshape(inputs[i].shape())
                        .detach()
                        .requiresGrad(true);
            }
            Tensor sum = row.call().apply(tensors).sum();
            if (sum.requiresGrad()) {
                Autograd.grad(java.util.List.of(sum), Arrays.asList(tensors), java.util.List.of(), false, false, true);
            }
            sum.item();
        }
    }
}
