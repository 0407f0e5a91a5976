package org.clgrad.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.clgrad.Autograd;
import org.clgrad.Device;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.optim.Adam;
import org.clgrad.optim.Optimizer;

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
        update(device);
        System.out.println("rows run on " + device.name() + ": " + rows);
    }

    /** A step of an optimizer with more parameters than its kernel takes. */
    private static void update(Device device) {
        try (Scope scope = Scope.open()) {
            List<Tensor> parameters = new ArrayList<>();
            for (int size = 1; size < 23; size += 2) {
                parameters.add(Tensor.ones(device, DType.FLOAT32, size).requiresGrad(true));
            }
            for (Tensor parameter : parameters) {
                parameter.mul(parameter).sum().backward();
            }
            Optimizer optimizer = new Adam(parameters, 0.1).amsgrad(true);
            optimizer.step();
            optimizer.zeroGrad(false);
            parameters.get(0).grad().toFloatArray();
        }
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
                Autograd.grad(List.of(sum), Arrays.asList(tensors), List.of(), false, false, true);
            }
            sum.item();
        }
    }
}
