package org.clgrad;

import java.lang.reflect.Array;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Backend;
import org.clgrad.backend.NdArray;

/** Makes tensors from data, constants, sequences and random numbers. */
final class Factories {
    private Factories() {}

    static Tensor of(Device device, Object data, int... shape) {
        Objects.requireNonNull(data, "of: the data is null");
        int length = Array.getLength(data);
        int[] checked = shape.length == 0 ? new int[] {length} : Shapes.checked("of", shape);
        if (Shapes.numel(checked) != length) {
            throw new IllegalArgumentException("of: shape " + Shapes.text(checked) + " has " + Shapes.numel(checked)
                    + " elements, the data has " + length);
        }
        return upload("of", device, data, checked);
    }

    static Tensor full(String operation, Device device, DType dtype, double value, int... shape) {
        NdArray array = allocate(operation, device, dtype, shape);
        if (array.numel() > 0) {
            array.backend().fill(array, value);
        }
        return new Tensor(new Variable(array));
    }

    static Tensor empty(Device device, DType dtype, int... shape) {
        return new Tensor(new Variable(allocate("empty", device, dtype, shape)));
    }

    static Tensor eye(Device device, DType dtype, int rows, int columns) {
        int[] shape = Shapes.checked("eye", rows, columns);
        return generate("eye", device, dtype, i -> i / shape[1] == i % shape[1] ? 1 : 0, shape);
    }

    static Tensor arange(Device device, DType dtype, double start, double end, double step) {
        if (step == 0 || Double.isNaN(step)) {
            throw new IllegalArgumentException("arange: step must be nonzero");
        }
        double count = Math.ceil((end - start) / step);
        if (!(count >= 0)) {
            throw new IllegalArgumentException("arange: upper bound and lower bound inconsistent with step sign: "
                    + start + " to " + end + " by " + step);
        }
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "arange: " + start + " to " + end + " by " + step + " has too many elements");
        }
        return generate("arange", device, dtype, i -> start + i * step, (int) count);
    }

    static Tensor linspace(Device device, DType dtype, double start, double end, int steps) {
        double step = steps > 1 ? (end - start) / (steps - 1) : 0;
        // from both ends, so that the last is exactly the end
        return generate(
                "linspace",
                device,
                dtype,
                i -> i < steps / 2 ? start + step * i : steps > 1 ? end - step * (steps - 1 - i) : start,
                steps);
    }

    /** @param draw fills an array of doubles from the generator */
    static Tensor random(
            String operation, java.util.function.Consumer<double[]> draw, Device device, DType dtype, int... shape) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException(operation + ": random numbers are floating-point, not " + dtype);
        }
        double[] values = new double[hostLength(operation, Shapes.checked(operation, shape))];
        draw.accept(values);
        return generate(operation, device, dtype, i -> values[i], shape);
    }

    private static Tensor generate(
            String operation, Device device, DType dtype, IntToDoubleFunction value, int... shape) {
        int length = hostLength(operation, Shapes.checked(operation, shape));
        Object data = switch (dtype) {
            case FLOAT32 -> new float[length];
            case FLOAT64 -> new double[length];
            case INT64 -> new long[length];
            case BOOL -> new boolean[length];
        };
        for (int i = 0; i < length; i++) {
            double v = value.applyAsDouble(i);
            switch (dtype) {
                case FLOAT32 -> ((float[]) data)[i] = (float) v;
                case FLOAT64 -> ((double[]) data)[i] = v;
                case INT64 -> ((long[]) data)[i] = (long) v;
                case BOOL -> ((boolean[]) data)[i] = v != 0;
            }
        }
        return upload(operation, device, data, shape);
    }

    private static int hostLength(String operation, int... shape) {
        long numel = Shapes.numel(shape);
        if (numel > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    operation + ": shape " + Shapes.text(shape) + " has more elements than a Java array can");
        }
        return (int) numel;
    }

    private static Tensor upload(String operation, Device device, Object data, int... shape) {
        Object host = data;
        DType dtype = DType.BOOL;
        if (data instanceof float[]) {
            dtype = DType.FLOAT32;
        } else if (data instanceof double[]) {
            dtype = DType.FLOAT64;
        } else if (data instanceof long[]) {
            dtype = DType.INT64;
        } else {
            boolean[] flags = (boolean[]) data;
            byte[] bytes = new byte[flags.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (flags[i] ? 1 : 0);
            }
            host = bytes;
        }
        NdArray array = allocate(operation, device, dtype, shape);
        if (array.numel() > 0) {
            array.backend().write(host, array.buffer());
        }
        return new Tensor(new Variable(array));
    }

    private static NdArray allocate(String operation, Device device, DType dtype, int... shape) {
        Backend backend = Objects.requireNonNull(device, operation + ": the device is null")
                .backend();
        Objects.requireNonNull(dtype, operation + ": the dtype is null");
        return NdArray.allocate(backend, dtype, Shapes.checked(operation, shape));
    }
}
