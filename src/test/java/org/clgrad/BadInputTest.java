package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Wrong calls fail at the call, with the operation, the numbers and the remedy, and leave no memory behind. */
class BadInputTest {
    private static final Class<? extends RuntimeException> ARGUMENT = IllegalArgumentException.class;
    private static final Class<? extends RuntimeException> STATE = IllegalStateException.class;
    private static final Class<? extends RuntimeException> INDEX = IndexOutOfBoundsException.class;
    private static final Class<? extends RuntimeException> NULL = NullPointerException.class;

    private final Tensor a = Tensor.ones(2, 3);
    private final Tensor b = Tensor.ones(4, 5);
    private final Tensor v = Tensor.ones(3);
    private final Tensor s = Tensor.scalar(1);
    private final Tensor ints = Tensor.of(new long[] {1, 2, 3});
    private final Tensor bools = Tensor.of(new boolean[] {true, false, true});
    private final Tensor nothing = Tensor.ones(0, 3);
    private final Tensor leaf = Tensor.ones(2, 3).requiresGrad(true);
    private final Tensor sum = leaf.sum();
    private final List<DynamicTest> tests = new ArrayList<>();

    private void bad(String name, Class<? extends RuntimeException> type, Executable call, Object... parts) {
        tests.add(dynamicTest(name, () -> {
            assertThrows(type, call); // classes are loaded, constants made
            long before = Device.getDefault().memoryStats().inUse();
            Messages.assertNames(assertThrows(type, call), parts);
            assertEquals(before, Device.getDefault().memoryStats().inUse(), "bytes in use");
        }));
    }

    @TestFactory
    Stream<DynamicTest> shapes() {
        String sizes = "must match the size of tensor b";
        bad("add", ARGUMENT, () -> a.add(b), "add", "[2, 3]", "[4, 5]", sizes, "non-singleton dimension");
        bad("sub", ARGUMENT, () -> a.sub(b), "sub: [2, 3] and [4, 5]", sizes);
        bad("pow", ARGUMENT, () -> a.pow(b), "pow: [2, 3] and [4, 5]", sizes);
        bad("maximum", ARGUMENT, () -> a.maximum(b), "maximum: [2, 3] and [4, 5]", sizes);
        bad("gt", ARGUMENT, () -> a.gt(b), "gt: [2, 3] and [4, 5]", sizes);
        bad("where", ARGUMENT, () -> Tensor.where(bools, a, b), "where: [", sizes);
        bad("add_", ARGUMENT, () -> v.add_(a), "add_", "[3]", "doesn't match the broadcast shape [2, 3]");
        bad("mul_", ARGUMENT, () -> a.mul_(b), "mul_", "[2, 3]", "[4, 5]");
        bad("copy_", ARGUMENT, () -> v.copy_(a), "copy_", "[3]", "doesn't match the broadcast shape of [2, 3]");
        bad("add_ recorded", ARGUMENT, () -> v.add_(leaf), "add_");
        bad("matmul", ARGUMENT, () -> a.matmul(b), "matmul: [2, 3] x [4, 5]: inner sizes 3 and 4 differ");
        bad("matmul vector", ARGUMENT, () -> v.matmul(b), "matmul: [3] x [4, 5]: inner sizes 3 and 4 differ");
        bad("matmul vectors", ARGUMENT, () -> v.matmul(b.select(1, 0)), "inner sizes 3 and 4 differ");
        bad("matmul scalar", ARGUMENT, () -> s.matmul(a), "matmul: [] x [2, 3]", "at least 1-D", "mul");
        bad(
                "matmul batches",
                ARGUMENT,
                () -> a.expand(2, 2, 3).matmul(a.t().expand(3, 3, 2)),
                "matmul",
                "[2, 2, 3]",
                "[3, 3, 2]");
        bad(
                "reshape",
                ARGUMENT,
                () -> a.reshape(4, 2),
                "reshape: shape '[4, 2]' is invalid for input of size 6",
                "[2, 3]");
        bad("reshape -1", ARGUMENT, () -> a.reshape(4, -1), "reshape: shape '[4, -1]' is invalid for input of size 6");
        bad(
                "reshape two",
                ARGUMENT,
                () -> a.reshape(-1, -1),
                "reshape: only one dimension can be inferred",
                "[-1, -1]");
        bad("reshape negative", ARGUMENT, () -> a.reshape(-2, -3), "reshape", "[-2, -3]");
        bad("reshape negative and -1", ARGUMENT, () -> a.reshape(-2, -1), "reshape", "[-2, -1]");
        bad("reshape empty", ARGUMENT, () -> nothing.reshape(0, -1), "reshape", "0 elements", "[0, -1]", "any value");
        bad("expand", ARGUMENT, () -> a.expand(4, 3), "expand", "[4, 3]", "[2, 3]");
        bad("expand fewer", ARGUMENT, () -> a.expand(3), "expand", "[3]", "[2, 3]");
        bad("expand new -1", ARGUMENT, () -> a.expand(-1, 2, 3), "expand", "[-1, 2, 3]");
        bad(
                "permute",
                ARGUMENT,
                () -> a.permute(0, 0),
                "permute: [0, 0] is not an order of the 2 axes of shape [2, 3]");
        bad("permute few", ARGUMENT, () -> a.permute(0), "permute: [0] is not an order");
        bad("t", ARGUMENT, () -> a.unsqueeze(0).t(), "t: expects a tensor with <= 2 dimensions, but self is 3D");
        bad(
                "cat",
                ARGUMENT,
                () -> Tensor.cat(List.of(a, b), 0),
                "cat: Sizes of tensors must match except in dimension 0",
                "[2, 3]",
                "[4, 5]",
                "position 1");
        bad("cat none", ARGUMENT, () -> Tensor.cat(List.of(), 0), "cat: expected a non-empty list of Tensors");
        bad(
                "cat scalar",
                ARGUMENT,
                () -> Tensor.cat(List.of(v, s), 0),
                "cat: zero-dimensional tensor (at position 1) cannot be concatenated");
        bad(
                "cat scalars",
                ARGUMENT,
                () -> Tensor.cat(List.of(s, s), 0),
                "cat: zero-dimensional tensor (at position 0)");
        bad(
                "bce",
                ARGUMENT,
                () -> Functional.binaryCrossEntropyWithLogits(a, v),
                "binaryCrossEntropyWithLogits: Target size ([3]) must be the same as input size ([2, 3])");
        bad("mse", ARGUMENT, () -> Functional.mseLoss(a, b), "mseLoss", "[4, 5]", "[2, 3]");
        bad(
                "bce posWeight that is larger",
                ARGUMENT,
                () -> Functional.binaryCrossEntropyWithLogits(v, v, null, a, org.clgrad.nn.Reduction.MEAN),
                "binaryCrossEntropyWithLogits: posWeight of shape [2, 3] does not broadcast to the input's shape [3]");
        bad("grad without inputs", ARGUMENT, () -> Autograd.grad(sum), "grad requires non-empty inputs");
        bad(
                "bce weight",
                ARGUMENT,
                () -> Functional.binaryCrossEntropyWithLogits(a, a, b, null, org.clgrad.nn.Reduction.MEAN),
                "binaryCrossEntropyWithLogits: weight of shape [4, 5] does not broadcast to the input's shape [2, 3]",
                "[4, 5]");
        bad(
                "of",
                ARGUMENT,
                () -> Tensor.of(new float[] {1, 2, 3}, 2, 2),
                "of: shape [2, 2] has 4 elements, the data has 3");
        bad("item", STATE, () -> a.item(), "item: a Tensor with 6 elements cannot be converted to Scalar", "[2, 3]");
        bad(
                "item of none",
                STATE,
                () -> nothing.item(),
                "item: a Tensor with 0 elements cannot be converted to Scalar");
        bad("max of none", ARGUMENT, () -> nothing.max(), "max", "[0, 3]", "size 0");
        bad("min of none", ARGUMENT, () -> nothing.min(0), "min", "axis 0 of size 0");
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> axesAndIndices() {
        String range = "Dimension out of range (expected to be in range of [-2, 1], but got ";
        bad("sum", INDEX, () -> a.sum(2), "sum: " + range + "2)");
        bad("mean", INDEX, () -> a.mean(-3), "mean: " + range + "-3)");
        bad("max", INDEX, () -> a.max(5), "max: " + range + "5)");
        bad("sum twice", ARGUMENT, () -> a.sum(new int[] {1, -1}, false), "sum: axis 1 appears multiple times");
        bad("transpose", INDEX, () -> a.transpose(0, 2), "transpose: " + range + "2)");
        bad("size", INDEX, () -> a.size(2), "size: " + range + "2)");
        bad("cat", INDEX, () -> Tensor.cat(List.of(a, a), 2), "cat: " + range + "2)");
        bad("squeeze", INDEX, () -> a.squeeze(2), "squeeze: " + range + "2)");
        bad(
                "unsqueeze",
                INDEX,
                () -> a.unsqueeze(3),
                "unsqueeze: Dimension out of range (expected to be in range of [-3, 2], but got 3)");
        bad("permute", INDEX, () -> a.permute(0, 2), "permute: " + range + "2)");
        bad(
                "scalar",
                INDEX,
                () -> s.sum(1),
                "sum: Dimension out of range (expected to be in range of [-1, 0], but got 1)");
        bad(
                "select",
                INDEX,
                () -> a.select(0, 2),
                "select: index 2 out of range for tensor of size [2, 3] at dimension 0");
        bad("select negative", INDEX, () -> a.select(1, -4), "select: index -4 out of range");
        bad("select axis", INDEX, () -> a.select(2, 0), "select: " + range + "2)");
        bad("get", INDEX, () -> a.get(0, 3), "get: index 3 is out of bounds for dimension 1 with size 3", "[2, 3]");
        bad("get negative", INDEX, () -> a.get(-3), "get: index -3 is out of bounds for dimension 0 with size 2");
        bad("get too many", INDEX, () -> a.get(0, 1, 0), "get: too many indices for tensor of dimension 2", "[2, 3]");
        bad("size of scalar", INDEX, () -> s.size(0), "size: Dimension specified as 0 but tensor has no dimensions");
        bad("too long", ARGUMENT, () -> s.expand(1 << 16, 1 << 15).toFloatArray(), "[65536, 32768]", "slices");
        bad("select of scalar", ARGUMENT, () -> s.select(0, 0), "select", "0-dim");
        bad("slice of scalar", ARGUMENT, () -> s.slice(0, 0, 1), "slice", "0-dim");
        bad("slice step", ARGUMENT, () -> a.slice(0, 0, 2, 0), "slice", "step must be positive", "0");
        bad("slice backwards", ARGUMENT, () -> a.slice(0, 0, 2, -1), "slice", "step must be positive", "-1");
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> sizes() {
        bad("zeros", ARGUMENT, () -> Tensor.zeros(2, -3), "negative size in shape [2, -3]");
        bad("empty", ARGUMENT, () -> Tensor.empty(-1), "empty: negative size in shape [-1]");
        bad("rand", ARGUMENT, () -> Tensor.rand(-1), "rand: negative size");
        bad("eye", ARGUMENT, () -> Tensor.eye(-1), "eye: negative size");
        bad("of", ARGUMENT, () -> Tensor.of(new float[2], -1, -2), "of: negative size in shape [-1, -2]");
        bad("linspace", ARGUMENT, () -> Tensor.linspace(0, 1, -1), "linspace: negative size");
        bad("many axes", ARGUMENT, () -> Tensor.zeros(new int[17]), "17 dimensions, at most 16 are supported");
        int big = Integer.MAX_VALUE;
        bad("too many elements", ARGUMENT, () -> Tensor.zeros(big, big, big), "more elements than can be addressed");
        bad("more than Java can", ARGUMENT, () -> Tensor.rand(big, 2), "rand", "more elements than a Java array can");
        bad(
                "more than a device can",
                RuntimeException.class,
                () -> Tensor.empty(big, 1 << 16),
                "float32",
                "140737488289792");
        bad(
                "17 axes by unsqueeze",
                ARGUMENT,
                () -> {
                    Tensor t = v;
                    for (int i = 0; i < 16; i++) {
                        t = t.unsqueeze(0);
                    }
                },
                "unsqueeze",
                "17 dimensions, at most 16 are supported");
        bad("arange step", ARGUMENT, () -> Tensor.arange(0, 1, 0), "arange: step must be nonzero");
        bad(
                "arange sign",
                ARGUMENT,
                () -> Tensor.arange(0, 1, -1),
                "arange: upper bound and lower bound inconsistent with step sign");
        bad("arange many", ARGUMENT, () -> Tensor.arange(0, 1e12, 1), "arange", "too many elements");
        bad("arange negative end", ARGUMENT, () -> Tensor.arange(-1), "arange: upper bound and lower bound");
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> dtypesAndDevices() {
        String convert = "convert it with to(DType.FLOAT32)";
        bad("add ints", ARGUMENT, () -> ints.add(ints), "add: int64 tensors hold data and do not compute", convert);
        bad("add bools", ARGUMENT, () -> bools.add(1), "add: bool tensors", convert);
        bad("ints plus floats", ARGUMENT, () -> v.add(ints), "add", "int64", convert);
        bad("log1p ints", ARGUMENT, () -> ints.log1p(), "log1p: int64", convert);
        bad("rsub ints", ARGUMENT, () -> ints.rsub(1), "rsub: int64", convert);
        bad("clamp ints", ARGUMENT, () -> ints.clamp(0, 1), "clamp: int64", convert);
        bad("pow ints", ARGUMENT, () -> ints.pow(2), "pow: int64", convert);
        bad("rpow ints", ARGUMENT, () -> ints.rpow(2), "pow: int64", convert);
        bad("clamp_ ints", ARGUMENT, () -> ints.clamp_(0, 1), "clamp", "int64", convert);
        bad("sum ints", ARGUMENT, () -> ints.sum(), "sum: int64", convert);
        bad("mean bools", ARGUMENT, () -> bools.mean(), "mean: bool", convert);
        bad("max ints", ARGUMENT, () -> ints.max(), "max: int64", convert);
        bad("matmul ints", ARGUMENT, () -> ints.matmul(ints), "matmul: int64", convert);
        bad("matmul mixed", ARGUMENT, () -> a.matmul(ints), "matmul", "float32[2, 3]", "int64[3]", "one dtype");
        bad(
                "cat mixed",
                ARGUMENT,
                () -> Tensor.cat(List.of(v, ints), 0),
                "cat",
                "float32[3]",
                "int64[3]",
                "convert with to(DType.FLOAT32)");
        bad(
                "where",
                ARGUMENT,
                () -> Tensor.where(v, v, v),
                "where: expected condition to be a bool tensor, but got float32");
        bad(
                "rand",
                ARGUMENT,
                () -> Tensor.rand(Device.getDefault(), DType.INT64, 2),
                "rand",
                "floating-point",
                "int64");
        bad("mse", ARGUMENT, () -> Functional.mseLoss(v, ints), "mseLoss", "int64");
        bad(
                "bce",
                ARGUMENT,
                () -> Functional.binaryCrossEntropyWithLogits(v, ints),
                "binaryCrossEntropyWithLogits",
                "int64");
        if (Device.getDefault().describe().fp64()) {
            Tensor wide = Tensor.ones(Device.getDefault(), DType.FLOAT64, 3);
            bad(
                    "mul mixed",
                    ARGUMENT,
                    () -> v.mul(wide),
                    "mul: float32[3]",
                    "float64[3]",
                    "convert with to(DType.FLOAT32)");
            bad("mul_ mixed", ARGUMENT, () -> v.mul_(wide), "mul", "float64[3]", "convert with to(DType.FLOAT32)");
            bad("gt mixed", ARGUMENT, () -> v.gt(wide), "gt", "float64[3]");
        }
        if (Device.getDefault().isOpenCl()) {
            Tensor there = Tensor.ones(Device.cpu(), DType.FLOAT32, 3);
            bad(
                    "devices",
                    ARGUMENT,
                    () -> v.add(there),
                    "add",
                    "same device",
                    "to(Device)",
                    Device.cpu().name());
        }
        bad(
                "device",
                org.clgrad.backend.DeviceException.class,
                () -> Device.of("nonesuch"),
                "no device 'nonesuch'",
                "cpu",
                "Choose cpu, opencl, opencl:N, gpu");
        bad(
                "device number",
                org.clgrad.backend.DeviceException.class,
                () -> Device.opencl(99),
                "no device 'opencl:99'");
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> nulls() {
        Tensor none = null;
        bad("add", NULL, () -> a.add(none), "add: an argument is null");
        bad("matmul", NULL, () -> a.matmul(none), "matmul: an argument is null");
        bad("copy_", NULL, () -> a.copy_(none), "copy_: an argument is null");
        bad("where", NULL, () -> Tensor.where(null, a, a), "where: an argument is null");
        bad("cat", NULL, () -> Tensor.cat(null, 0), "cat: the list of tensors is null");
        bad("cat element", NULL, () -> Tensor.cat(java.util.Arrays.asList(a, null), 0), "cat: an argument is null");
        bad("of", NULL, () -> Tensor.of((float[]) null), "of: the data is null");
        bad("device", NULL, () -> Tensor.ones(null, DType.FLOAT32, 1), "the device is null");
        bad("dtype", NULL, () -> Tensor.ones(Device.getDefault(), null, 1), "the dtype is null");
        bad("to dtype", NULL, () -> a.to((DType) null), "to: the dtype is null");
        bad("to device", NULL, () -> a.to((Device) null), "to: the device is null");
        bad(
                "bce",
                NULL,
                () -> Functional.binaryCrossEntropyWithLogits(null, a),
                "binaryCrossEntropyWithLogits: the input is null");
        bad("mse", NULL, () -> Functional.mseLoss(a, null), "mseLoss: the target is null");
        bad("reduction", NULL, () -> Functional.mseLoss(a, a, null), "the reduction is null");
        bad("shape", NULL, () -> Tensor.zeros((int[]) null), "the shape is null");
        bad("reshape", NULL, () -> a.reshape((int[]) null), "reshape: the shape is null");
        bad("expand", NULL, () -> a.expand((int[]) null), "expand: the shape is null");
        bad("axes", NULL, () -> a.sum(null, false), "sum: the axes are null");
        bad("grad input", NULL, () -> Autograd.grad(sum, none), "grad: an argument is null");
        return tests.stream();
    }
}
