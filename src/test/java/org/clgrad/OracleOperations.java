package org.clgrad;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.clgrad.array.DType;
import org.clgrad.nn.Approximation;
import org.clgrad.nn.Functional;
import org.clgrad.nn.Reduction;
import org.jspecify.annotations.Nullable;

/** The operations of src/test/python/oracle.py, by the same names. */
final class OracleOperations {
    /** From the inputs and the numeric arguments. */
    interface Operation extends BiFunction<Tensor[], double[], Tensor> {}

    private static final Map<String, Operation> BY_NAME = new HashMap<>(OracleInPlace.PROGRAMS);

    static {
        put("add", (t, a) -> t.length > 1 ? t[0].add(t[1]) : t[0].add(a[0]));
        put("sub", (t, a) -> t.length > 1 ? t[0].sub(t[1]) : t[0].sub(a[0]));
        put("rsub", (t, a) -> t[0].rsub(a[0]));
        put("mul", (t, a) -> t.length > 1 ? t[0].mul(t[1]) : t[0].mul(a[0]));
        put("div", (t, a) -> t.length > 1 ? t[0].div(t[1]) : t[0].div(a[0]));
        put("rdiv", (t, a) -> t[0].rdiv(a[0]));
        put("pow", (t, a) -> t.length > 1 ? t[0].pow(t[1]) : t[0].pow(a[0]));
        put("rpow", (t, a) -> t[0].rpow(a[0]));
        put("neg", (t, a) -> t[0].neg());
        put("exp", (t, a) -> t[0].exp());
        put("log", (t, a) -> t[0].log());
        put("log1p", (t, a) -> t[0].log1p());
        put("sqrt", (t, a) -> t[0].sqrt());
        put("sin", (t, a) -> t[0].sin());
        put("cos", (t, a) -> t[0].cos());
        put("abs", (t, a) -> t[0].abs());
        put("sign", (t, a) -> t[0].sign());
        put("sigmoid", (t, a) -> t[0].sigmoid());
        put("tanh", (t, a) -> t[0].tanh());
        put("erf", (t, a) -> t[0].erf());
        put("gelu", (t, a) -> t[0].gelu());
        put("geluTanh", (t, a) -> Functional.gelu(t[0], Approximation.TANH));
        put("relu", (t, a) -> t[0].relu());
        put("clamp", (t, a) -> t[0].clamp(a[0], a[1]));
        put("where", (t, a) -> Tensor.where(t[0].gt(0), t[1], t[2]));
        put("maximum", (t, a) -> t[0].maximum(t[1]));
        put("minimum", (t, a) -> t[0].minimum(t[1]));

        put("sum", (t, a) -> a.length == 0 ? t[0].sum() : t[0].sum(axes(a), a[0] != 0));
        put("mean", (t, a) -> a.length == 0 ? t[0].mean() : t[0].mean(axes(a), a[0] != 0));
        put("max", (t, a) -> a.length == 0 ? t[0].max() : t[0].max(axes(a), a[0] != 0));
        put("min", (t, a) -> a.length == 0 ? t[0].min() : t[0].min(axes(a), a[0] != 0));

        put("reshape", (t, a) -> t[0].reshape(ints(a)));
        put("transpose", (t, a) -> t[0].transpose((int) a[0], (int) a[1]));
        put("permute", (t, a) -> t[0].permute(ints(a)));
        put("expand", (t, a) -> t[0].expand(ints(a)));
        put("unsqueeze", (t, a) -> t[0].unsqueeze((int) a[0]));
        put("squeeze", (t, a) -> a.length == 0 ? t[0].squeeze() : t[0].squeeze((int) a[0]));
        put("slice", (t, a) -> t[0].slice((int) a[0], (int) a[1], (int) a[2], (int) a[3]));
        put("select", (t, a) -> t[0].select((int) a[0], (int) a[1]));
        put("cat", (t, a) -> Tensor.cat(List.of(t), (int) a[0]));
        put("clone", (t, a) -> t[0].clone());
        put("contiguousOfTransposed", (t, a) -> t[0].t().contiguous().mul(t[0].t()));
        put("matmul", (t, a) -> t[0].matmul(t[1]));
        put("matmulTransposed", (t, a) -> t[0].transpose(-1, -2).matmul(t[1].transpose(-1, -2)));

        put("bce", (t, a) -> Functional.binaryCrossEntropyWithLogits(t[0], t[1], reduction(a)));
        put("bceWeight", (t, a) -> Functional.binaryCrossEntropyWithLogits(t[0], t[1], t[2], null, reduction(a)));
        put("bcePositive", (t, a) -> Functional.binaryCrossEntropyWithLogits(t[0], t[1], null, t[2], reduction(a)));
        put("bceBoth", (t, a) -> Functional.binaryCrossEntropyWithLogits(t[0], t[1], t[2], t[3], reduction(a)));
        put("mse", (t, a) -> Functional.mseLoss(t[0], t[1], reduction(a)));

        put("softmax", (t, a) -> t[0].softmax((int) a[0]));
        put("logSoftmax", (t, a) -> t[0].logSoftmax((int) a[0]));
        put("layerNorm", (t, a) -> layerNorm(t[0], t.length > 1 ? t[1] : null, t.length > 2 ? t[2] : null, a));
        put("layerNormBias", (t, a) -> layerNorm(t[0], null, t[1], a));
        put("crossEntropy", (t, a) -> Functional.crossEntropy(t[0], t[1], reduction(a)));
        put("classEntropy", (t, a) -> Functional.crossEntropy(t[0], t[1].to(DType.INT64), reduction(a)));

        put("sharedInput", (t, a) -> t[0].mul(t[0]).add(t[0].exp()).div(t[0].cos()));
        put(
                "fanOut",
                (t, a) -> t[0].sin().mul(t[1]).sum().mul(t[0]).add(t[1].tanh().mul(t[0].select(0, 0))));
        put(
                "tutorial",
                (t, a) -> Functional.binaryCrossEntropyWithLogits(
                        t[0].matmul(t[1]).add(t[2]), t[3]));
    }

    private OracleOperations() {}

    private static void put(String name, Operation operation) {
        BY_NAME.put(name, operation);
    }

    static Tensor apply(Oracle.Case c, Tensor... inputs) {
        Operation operation = BY_NAME.get(c.operation());
        if (operation == null) {
            throw new AssertionError("no operation " + c.operation());
        }
        return operation.apply(inputs, c.arguments());
    }

    private static Tensor layerNorm(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double... a) {
        int[] shape = Arrays.copyOfRange(x.shape(), x.dim() - (int) a[0], x.dim());
        return Functional.layerNorm(x, shape, weight, bias, a[1]);
    }

    private static int[] ints(double... a) {
        return Arrays.stream(a).mapToInt(x -> (int) x).toArray();
    }

    private static int[] axes(double... a) {
        return ints(Arrays.copyOfRange(a, 1, a.length));
    }

    private static Reduction reduction(double... a) {
        return Reduction.values()[(int) a[0]];
    }
}
