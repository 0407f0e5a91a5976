package org.clgrad.table;

import static org.clgrad.table.Domain.ANY;
import static org.clgrad.table.Domain.AWAY_FROM_ZERO;
import static org.clgrad.table.Domain.POSITIVE;
import static org.clgrad.table.Domain.UNIT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.clgrad.Device;
import org.clgrad.Tensor;
import org.clgrad.array.Shapes;
import org.clgrad.nn.Approximation;
import org.clgrad.nn.Functional;
import org.clgrad.nn.Reduction;

/** The rows. */
final class Operations {
    private static final int[][] ONE_VECTOR = {{7}};
    private static final int[][] ONE_MATRIX = {{3, 5}};
    private static final int[][] ONE_CUBE = {{2, 3, 4}};

    private Operations() {}

    static List<Row> rows() {
        return Stream.of(
                        pointwise(),
                        numbers(),
                        choices(),
                        reductions(),
                        products(),
                        shapes(),
                        inPlace(),
                        losses(),
                        rowWise())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> pointwise() {
        return List.of(
                Row.binary("add", Tensor::add, (a, b) -> a + b, ANY, ANY),
                Row.binary("sub", Tensor::sub, (a, b) -> a - b, ANY, ANY),
                Row.binary("mul", Tensor::mul, (a, b) -> a * b, ANY, ANY),
                Row.binary("div", Tensor::div, (a, b) -> a / b, ANY, POSITIVE),
                Row.binary("pow", Tensor::pow, Math::pow, POSITIVE, ANY),
                Row.unary("neg", Tensor::neg, x -> -x, ANY),
                Row.unary("exp", Tensor::exp, Math::exp, ANY),
                Row.unary("log", Tensor::log, Math::log, POSITIVE),
                Row.unary("log1p", Tensor::log1p, Math::log1p, POSITIVE),
                Row.unary("sqrt", Tensor::sqrt, Math::sqrt, POSITIVE),
                Row.unary("sin", Tensor::sin, Math::sin, ANY),
                Row.unary("cos", Tensor::cos, Math::cos, ANY),
                Row.unary("tanh", Tensor::tanh, Math::tanh, ANY),
                Row.unary("sigmoid", Tensor::sigmoid, x -> 1 / (1 + Math.exp(-x)), ANY),
                Row.unary("relu", Tensor::relu, x -> Math.max(x, 0), AWAY_FROM_ZERO),
                Row.unary("erf", Tensor::erf, Operations::erf, ANY),
                Row.unary("gelu", Tensor::gelu, x -> x * (1 + erf(x / Math.sqrt(2))) / 2, ANY),
                Row.unary(
                        "gelu tanh",
                        t -> Functional.gelu(t, Approximation.TANH),
                        x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3)))) / 2,
                        ANY),
                Row.unary("abs", Tensor::abs, Math::abs, AWAY_FROM_ZERO),
                Row.unary("sign", Tensor::sign, Math::signum, AWAY_FROM_ZERO));
    }

    /** A series of positive terms: 2 / sqrt(pi) exp(-x x) (x + 2 x^3 / 3 + 4 x^5 / 15 + ..). */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-18; k += 2) {
            term *= 2 * x * x / k;
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    private static List<Row> numbers() {
        return List.of(
                Row.unary("add number", t -> t.add(1.5), x -> x + 1.5, ANY),
                Row.unary("sub number", t -> t.sub(1.5), x -> x - 1.5, ANY),
                Row.unary("rsub", t -> t.rsub(1.5), x -> 1.5 - x, ANY),
                Row.unary("mul number", t -> t.mul(-1.5), x -> x * -1.5, ANY),
                Row.unary("div number", t -> t.div(1.5), x -> x / 1.5, ANY),
                Row.unary("rdiv", t -> t.rdiv(1.5), x -> 1.5 / x, POSITIVE),
                Row.unary("pow 0", t -> t.pow(0), x -> 1, ANY),
                Row.unary("pow 1", t -> t.pow(1), x -> x, ANY),
                Row.unary("pow 2", t -> t.pow(2), x -> x * x, ANY),
                Row.unary("pow 3", t -> t.pow(3), x -> x * x * x, ANY),
                Row.unary("pow 5", t -> t.pow(5), x -> Math.pow(x, 5), AWAY_FROM_ZERO),
                Row.unary("pow 0.5", t -> t.pow(0.5), Math::sqrt, POSITIVE),
                Row.unary("pow -1.5", t -> t.pow(-1.5), x -> Math.pow(x, -1.5), POSITIVE),
                Row.unary("rpow", t -> t.rpow(1.5), x -> Math.pow(1.5, x), ANY));
    }

    private static List<Row> choices() {
        Domain beside = new Domain(-1.93, 2.07, Double.NaN);
        return List.of(
                Row.binary("maximum", Tensor::maximum, Math::max, new Domain(-2, 0.9, 0.5), new Domain(0.5, 0.5, 9)),
                Row.binary("minimum", Tensor::minimum, Math::min, new Domain(-2, 0.9, 0.5), new Domain(0.5, 0.5, 9)),
                Row.unary("clamp", t -> t.clamp(0, 9), x -> Math.min(Math.max(x, 0), 9), AWAY_FROM_ZERO),
                Row.binary(
                        "where",
                        (a, b) -> Tensor.where(mask(a, b), a.mul(a), b),
                        (a, b) -> a > b ? a * a : b,
                        new Domain(-2, -0.1, Double.NaN),
                        new Domain(0.1, 2, Double.NaN)),
                Row.binary(
                        "where method",
                        (a, b) -> a.where(mask(b, a), b.mul(b)),
                        (a, b) -> b > a ? a : b * b,
                        new Domain(-2, -0.1, Double.NaN),
                        new Domain(0.1, 2, Double.NaN)),
                comparison("eq", (a, b) -> a.eq(b), (a, b) -> a == b ? 1 : 0, beside),
                comparison("ne", (a, b) -> a.ne(b), (a, b) -> a != b ? 1 : 0, beside),
                comparison("lt", (a, b) -> a.lt(b), (a, b) -> a < b ? 1 : 0, beside),
                comparison("le", (a, b) -> a.le(b), (a, b) -> a <= b ? 1 : 0, beside),
                comparison("gt", (a, b) -> a.gt(b), (a, b) -> a > b ? 1 : 0, beside),
                comparison("ge", (a, b) -> a.ge(b), (a, b) -> a >= b ? 1 : 0, beside));
    }

    private static Tensor mask(Tensor a, Tensor b) {
        return a.detach().gt(b.detach());
    }

    /** A comparison has no gradient; what is differentiated is the product with a constant mask. */
    private static Row comparison(
            String name,
            java.util.function.BinaryOperator<Tensor> op,
            java.util.function.DoubleBinaryOperator reference,
            Domain beside) {
        return Row.binary(
                name,
                (a, b) -> op.apply(a.detach().mul(0).add(1), b.detach().mul(0).add(2))
                        .to(a.dtype())
                        .mul(a),
                (a, b) -> reference.applyAsDouble(1, 2) * a,
                ANY,
                beside);
    }

    private static List<Row> reductions() {
        List<Row> rows = new ArrayList<>();
        int[][][] shapes = {{{}}, {{7}}, {{3, 5}}, {{2, 3, 4}}, {{1003}}, {{2, 3, 2, 2}}, {{33, 70}}};
        rows.add(Row.of("sum", t -> t[0].sum(), x -> x[0].fold(0, Double::sum).reshape(), ANY, shapes));
        rows.add(Row.of("sum nothing", t -> t[0].sum(), x -> HostTensor.zeros(), ANY, new int[][] {{0, 3}}));
        rows.add(Row.of(
                "mean",
                t -> t[0].mean(),
                x -> x[0].fold(0, Double::sum).map(s -> s / x[0].data().length).reshape(),
                ANY,
                shapes));
        rows.add(Row.of("max", t -> t[0].max(), x -> x[0].fold(-9, Math::max).reshape(), ANY, ONE_MATRIX, ONE_CUBE));
        rows.add(Row.of("min", t -> t[0].min(), x -> x[0].fold(9, Math::min).reshape(), ANY, ONE_MATRIX, ONE_CUBE));
        for (int[] axes : new int[][] {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}}) {
            String suffix = " over " + Arrays.toString(axes);
            double n = Arrays.stream(axes).map(a -> ONE_CUBE[0][a]).reduce(1, (a, b) -> a * b);
            rows.add(Row.of(
                    "sum" + suffix, t -> t[0].sum(axes, true), x -> x[0].fold(0, Double::sum, axes), ANY, ONE_CUBE));
            rows.add(Row.of(
                    "mean" + suffix,
                    t -> t[0].mean(axes, true),
                    x -> x[0].fold(0, Double::sum, axes).map(s -> s / n),
                    ANY,
                    ONE_CUBE));
            rows.add(Row.of(
                    "max" + suffix, t -> t[0].max(axes, true), x -> x[0].fold(-9, Math::max, axes), ANY, ONE_CUBE));
            rows.add(Row.of(
                    "min" + suffix, t -> t[0].min(axes, true), x -> x[0].fold(9, Math::min, axes), ANY, ONE_CUBE));
        }
        rows.add(Row.of(
                "sum axis, dropped",
                t -> t[0].sum(-2),
                x -> x[0].fold(0, Double::sum, 1).reshape(2, 4),
                ANY,
                ONE_CUBE));
        return rows;
    }

    private static List<Row> products() {
        return List.of(
                Row.of("matmul", t -> t[0].matmul(t[1]), x -> x[0].matmul(x[1]), ANY, new int[][][] {
                    {{3, 4}, {4, 5}},
                    {{1, 1}, {1, 1}},
                    {{17, 33}, {33, 9}},
                    {{65, 70}, {70, 67}},
                    {{2, 3, 4}, {4, 5}},
                    {{2, 3, 4}, {2, 4, 5}},
                    {{4, 5}, {3, 5, 2}},
                    {{2, 1, 3, 4}, {3, 4, 2}},
                    {{0, 4}, {4, 5}},
                    {{3, 0}, {0, 5}}
                }),
                Row.of(
                        "matmul vectors",
                        t -> t[0].matmul(t[1]),
                        x -> x[0].reshape(1, 7).matmul(x[1].reshape(7, 1)).reshape(),
                        ANY,
                        new int[][] {{7}, {7}}),
                Row.of(
                        "matmul vector, matrix",
                        t -> t[0].matmul(t[1]),
                        x -> x[0].reshape(1, 5).matmul(x[1]).reshape(3),
                        ANY,
                        new int[][] {{5}, {5, 3}}),
                Row.of(
                        "matmul matrix, vector",
                        t -> t[0].matmul(t[1]),
                        x -> x[0].matmul(x[1].reshape(5, 1)).reshape(3),
                        ANY,
                        new int[][] {{3, 5}, {5}}),
                Row.of(
                        "matmul batch, vector",
                        t -> t[0].matmul(t[1]),
                        x -> x[0].matmul(x[1].reshape(4, 1)).reshape(2, 3),
                        ANY,
                        new int[][] {{2, 3, 4}, {4}}),
                Row.of(
                        "matmul vector, batch",
                        t -> t[0].matmul(t[1]),
                        x -> x[0].reshape(1, 3).matmul(x[1]).reshape(2, 4),
                        ANY,
                        new int[][] {{3}, {2, 3, 4}}));
    }

    private static List<Row> shapes() {
        return List.of(
                Row.of("reshape", t -> t[0].reshape(4, -1), x -> x[0].reshape(4, 6), ANY, ONE_CUBE),
                Row.of("flatten", t -> t[0].flatten(), x -> x[0].reshape(24), ANY, ONE_CUBE),
                Row.of(
                        "transpose",
                        t -> t[0].transpose(0, -1),
                        x -> HostTensor.generate(i -> x[0].at(i[2], i[1], i[0]), 4, 3, 2),
                        ANY,
                        ONE_CUBE),
                Row.of("t", t -> t[0].t(), x -> HostTensor.generate(i -> x[0].at(i[1], i[0]), 5, 3), ANY, ONE_MATRIX),
                Row.of(
                        "permute",
                        t -> t[0].permute(2, 0, 1),
                        x -> HostTensor.generate(i -> x[0].at(i[1], i[2], i[0]), 4, 2, 3),
                        ANY,
                        ONE_CUBE),
                Row.of(
                        "expand",
                        t -> t[0].expand(4, -1, 5),
                        x -> HostTensor.generate(i -> x[0].at(i), 4, 3, 5),
                        ANY,
                        new int[][] {{3, 1}}),
                Row.of("unsqueeze", t -> t[0].unsqueeze(1), x -> x[0].reshape(3, 1, 5), ANY, ONE_MATRIX),
                Row.of("squeeze", t -> t[0].squeeze(1), x -> x[0].reshape(3, 5), ANY, new int[][] {{3, 1, 5}}),
                Row.of("squeeze all", t -> t[0].squeeze(), x -> x[0].reshape(3, 5), ANY, new int[][] {{3, 1, 5}}),
                Row.of(
                        "slice",
                        t -> t[0].slice(1, 1, 4),
                        x -> HostTensor.generate(i -> x[0].at(i[0], i[1] + 1), 3, 3),
                        ANY,
                        ONE_MATRIX),
                Row.of(
                        "slice step",
                        t -> t[0].slice(0, 1, 7, 3),
                        x -> HostTensor.generate(i -> x[0].at(1 + 3 * i[0]), 2),
                        ANY,
                        ONE_VECTOR),
                Row.of(
                        "select",
                        t -> t[0].select(1, -1),
                        x -> HostTensor.generate(i -> x[0].at(i[0], 4), 3),
                        ANY,
                        ONE_MATRIX),
                Row.of("get", t -> t[0].get(1, 2), x -> HostTensor.generate(i -> x[0].at(1, 2)), ANY, ONE_MATRIX),
                Row.of("contiguous", t -> t[0].t().contiguous().t(), x -> x[0], ANY, ONE_MATRIX),
                Row.of("clone", t -> t[0].clone(), x -> x[0], ANY, ONE_MATRIX, ONE_CUBE),
                Row.of(
                        "cat",
                        t -> Tensor.cat(List.of(t[0], t[1], t[0]), 1),
                        x -> HostTensor.generate(
                                i -> i[1] < 2
                                        ? x[0].at(i)
                                        : i[1] < 5 ? x[1].at(i[0], i[1] - 2) : x[0].at(i[0], i[1] - 5),
                                3,
                                7),
                        ANY,
                        new int[][] {{3, 2}, {3, 3}}));
    }

    private static List<Row> inPlace() {
        return List.of(
                Row.of("add_", t -> t[0].clone().add_(t[1]), x -> x[0].zip(x[1], Double::sum), ANY, twice()),
                Row.of(
                        "add_ scaled",
                        t -> t[0].clone().add_(t[1], -2),
                        x -> x[0].zip(x[1], (a, b) -> a - 2 * b),
                        ANY,
                        twice()),
                Row.of("add_ number", t -> t[0].clone().add_(2), x -> x[0].map(v -> v + 2), ANY, ONE_MATRIX),
                Row.of("sub_", t -> t[0].clone().sub_(t[1]), x -> x[0].zip(x[1], (a, b) -> a - b), ANY, twice()),
                Row.of("sub_ number", t -> t[0].clone().sub_(2), x -> x[0].map(v -> v - 2), ANY, ONE_MATRIX),
                Row.of("mul_", t -> t[0].clone().mul_(t[1]), x -> x[0].zip(x[1], (a, b) -> a * b), ANY, twice()),
                Row.of("mul_ number", t -> t[0].clone().mul_(3), x -> x[0].map(v -> v * 3), ANY, ONE_MATRIX),
                Row.of("div_", t -> t[0].clone().div_(t[1]), x -> x[0].zip(x[1], (a, b) -> a / b), POSITIVE, twice()),
                Row.of("div_ number", t -> t[0].clone().div_(3), x -> x[0].map(v -> v / 3), ANY, ONE_MATRIX),
                Row.of("pow_", t -> t[0].clone().pow_(2), x -> x[0].map(v -> v * v), ANY, ONE_MATRIX),
                Row.of(
                        "clamp_",
                        t -> t[0].clone().clamp_(0, 9),
                        x -> x[0].map(v -> Math.max(v, 0)),
                        AWAY_FROM_ZERO,
                        ONE_MATRIX),
                Row.of("zero_", t -> t[0].clone().zero_().add(t[0]), x -> x[0], ANY, ONE_MATRIX),
                Row.of("fill_", t -> t[0].clone().fill_(3).mul(t[0]), x -> x[0].map(v -> 3 * v), ANY, ONE_MATRIX),
                Row.of(
                        "copy_",
                        t -> t[0].clone().copy_(t[1]).mul(t[0]),
                        x -> x[0].zip(x[1], (a, b) -> a * b),
                        ANY,
                        twice()),
                Row.of(
                        "mul_ through a view",
                        t -> {
                            Tensor base = t[0].mul(1);
                            base.t().slice(0, 1, 5, 2).mul_(t[1].slice(0, 0, 3));
                            return base;
                        },
                        x -> HostTensor.generate(i -> x[0].at(i) * (i[1] == 1 || i[1] == 3 ? x[1].at(i[0]) : 1), 3, 5),
                        ANY,
                        twice()));
    }

    private static int[][][] twice() {
        return new int[][][] {{{3, 5}, {5}}};
    }

    private static List<Row> losses() {
        int[][] two = {{3, 5}, {3, 5}};
        int[][] four = {{3, 5}, {3, 5}, {5}, {5}};
        return List.of(
                loss("binaryCrossEntropyWithLogits none", Reduction.NONE, two),
                loss("binaryCrossEntropyWithLogits mean", Reduction.MEAN, two, new int[][] {{1003}, {1003}}),
                loss("binaryCrossEntropyWithLogits sum", Reduction.SUM, two),
                new Row(
                        "binaryCrossEntropyWithLogits weighted",
                        "binaryCrossEntropyWithLogits",
                        t -> Functional.binaryCrossEntropyWithLogits(t[0], t[1], t[2], t[3], Reduction.MEAN),
                        x -> bce(x[0], x[1], x[3])
                                .zip(x[2], (l, w) -> l * w)
                                .fold(0, Double::sum)
                                .map(s -> s / 15)
                                .reshape(),
                        List.of(ANY, UNIT, POSITIVE, POSITIVE),
                        List.<int[][]>of(four)),
                Row.of(
                        "mseLoss",
                        t -> Functional.mseLoss(t[0], t[1]),
                        x -> squares(x).fold(0, Double::sum).map(s -> s / 15).reshape(),
                        ANY,
                        two),
                Row.of(
                        "mseLoss none",
                        t -> Functional.mseLoss(t[0], t[1], Reduction.NONE),
                        Operations::squares,
                        ANY,
                        two),
                Row.of(
                        "mseLoss sum",
                        t -> Functional.mseLoss(t[0], t[1], Reduction.SUM),
                        x -> squares(x).fold(0, Double::sum).reshape(),
                        ANY,
                        two),
                Row.of("to", t -> t[0].to(Device.cpu()).to(t[0].device()), x -> x[0], ANY, ONE_MATRIX));
    }

    private static List<Row> rowWise() {
        List<Row> rows = new ArrayList<>();
        for (int axis : new int[] {0, 1, -1}) {
            int[][][] shapes = {
                {{3, 5}},
                {{2, 3, 4}},
                {{0, 3}},
                {{2, 0, 3}},
                {{37, 70}},
                {{5, 1}},
                {{2, 300, 2}},
                {{3, 2100}},
                {{3, 513}}
            };
            rows.add(Row.of("softmax " + axis, t -> t[0].softmax(axis), x -> softmax(x[0], axis), ANY, shapes));
            rows.add(Row.of(
                    "logSoftmax " + axis,
                    t -> Functional.logSoftmax(t[0], axis),
                    x -> softmax(x[0], axis).map(Math::log),
                    ANY,
                    shapes));
        }
        rows.add(Row.of(
                "softmax vector",
                t -> Functional.softmax(t[0], 0),
                x -> softmax(x[0], 0),
                ANY,
                ONE_VECTOR,
                new int[][] {{1003}}));
        rows.add(Row.of("softmax scalar", t -> t[0].softmax(-1), x -> x[0].map(v -> 1), ANY, new int[][] {{}}));
        int[][] plain = {{3, 5}, {5}, {5}};
        int[][] deep = {{2, 3, 4}, {4}, {4}};
        int[][] wide = {{7, 1100}, {1100}, {1100}};
        rows.add(Row.of(
                "layerNorm",
                t -> Functional.layerNorm(t[0], lastAxis(t[0]), t[1], t[2]),
                x -> normalized(x[0], 1e-5, x[0].shape().length - 1)
                        .zip(x[1], (z, w) -> z * w)
                        .zip(x[2], Double::sum),
                ANY,
                plain,
                deep,
                wide));
        rows.add(Row.of(
                "layerNorm weight",
                t -> Functional.layerNorm(t[0], lastAxis(t[0]), t[1], null),
                x -> normalized(x[0], 1e-5, 1).zip(x[1], (z, w) -> z * w),
                ANY,
                new int[][] {{3, 5}, {5}}));
        rows.add(Row.of(
                "layerNorm bias",
                t -> Functional.layerNorm(t[0], lastAxis(t[0]), null, t[1], 0.1),
                x -> normalized(x[0], 0.1, 1).zip(x[1], Double::sum),
                ANY,
                new int[][] {{3, 5}, {5}}));
        rows.add(Row.of(
                "layerNorm two axes",
                t -> Functional.layerNorm(t[0], new int[] {3, 4}, t[1], null),
                x -> normalized(x[0], 1e-5, 1, 2).zip(x[1], (z, w) -> z * w),
                ANY,
                new int[][] {{2, 3, 4}, {3, 4}}));
        for (Reduction reduction : Reduction.values()) {
            rows.add(new Row(
                    "crossEntropy " + reduction,
                    "crossEntropy",
                    t -> Functional.crossEntropy(t[0], t[1], reduction),
                    x -> reduced(entropies(x[0], x[1]), reduction),
                    List.of(ANY, UNIT),
                    List.of(
                            new int[][] {{3, 5}, {3, 5}},
                            new int[][] {{5}, {5}},
                            new int[][] {{2, 3, 4}, {2, 3, 4}},
                            new int[][] {{2, 40, 3}, {2, 40, 3}})));
            rows.add(Row.of(
                    "crossEntropy classes " + reduction,
                    t -> Functional.crossEntropy(t[0], classes(t[0]), reduction),
                    x -> reduced(entropies(x[0], chosen(x[0])), reduction),
                    ANY,
                    new int[][][] {{{3, 5}}, {{5}}, {{2, 3, 4}}, {{37, 70}}}));
        }
        return rows;
    }

    private static int[] lastAxis(Tensor t) {
        return new int[] {t.size(-1)};
    }

    private static HostTensor normalized(HostTensor x, double eps, int... axes) {
        double n = Arrays.stream(axes).map(a -> x.shape()[a]).reduce(1, (a, b) -> a * b);
        HostTensor centered = x.zip(x.fold(0, Double::sum, axes), (v, s) -> v - s / n);
        HostTensor squares = centered.zip(centered, (a, b) -> a * b).fold(0, Double::sum, axes);
        return centered.zip(squares, (v, s) -> v / Math.sqrt(s / n + eps));
    }

    /** Row r is of class 3 r modulo the number of classes. */
    private static Tensor classes(Tensor x) {
        int axis = x.dim() == 1 ? 0 : 1;
        int[] shape = Shapes.reduced(x.shape(), new int[] {axis}, false);
        long[] classes = new long[HostTensor.size(shape)];
        for (int r = 0; r < classes.length; r++) {
            classes[r] = 3L * r % x.size(axis);
        }
        return Tensor.of(x.device(), classes).reshape(shape);
    }

    private static HostTensor chosen(HostTensor x) {
        int axis = x.shape().length == 1 ? 0 : 1;
        return HostTensor.generate(
                i -> {
                    int row = axis == 0 ? 0 : i[0];
                    for (int d = 2; d < i.length; d++) {
                        row = row * x.shape()[d] + i[d];
                    }
                    return i[axis] == 3 * row % x.shape()[axis] ? 1 : 0;
                },
                x.shape());
    }

    private static HostTensor entropies(HostTensor x, HostTensor t) {
        int axis = x.shape().length == 1 ? 0 : 1;
        return softmax(x, axis)
                .zip(t, (p, w) -> -w * Math.log(p))
                .fold(0, Double::sum, axis)
                .reshape(Shapes.reduced(x.shape(), new int[] {axis}, false));
    }

    private static HostTensor reduced(HostTensor terms, Reduction reduction) {
        double n = reduction == Reduction.MEAN ? terms.data().length : 1;
        return reduction == Reduction.NONE
                ? terms
                : new HostTensor(new double[] {Arrays.stream(terms.data()).sum() / n});
    }

    private static HostTensor softmax(HostTensor x, int axis) {
        HostTensor powers = x.map(Math::exp);
        return powers.zip(powers.fold(0, Double::sum, axis < 0 ? axis + x.shape().length : axis), (p, s) -> p / s);
    }

    private static HostTensor squares(HostTensor[] x) {
        return x[0].zip(x[1], (a, b) -> (a - b) * (a - b));
    }

    private static Row loss(String name, Reduction reduction, int[][]... shapes) {
        return new Row(
                name,
                "binaryCrossEntropyWithLogits",
                t -> Functional.binaryCrossEntropyWithLogits(t[0], t[1], reduction),
                x -> {
                    HostTensor terms = bce(x[0], x[1], new HostTensor(new double[] {1}));
                    double n = reduction == Reduction.MEAN ? terms.data().length : 1;
                    return reduction == Reduction.NONE
                            ? terms
                            : terms.fold(0, Double::sum).map(s -> s / n).reshape();
                },
                List.of(ANY, UNIT),
                List.of(shapes));
    }

    /** The definition, term by term: -(p y log s + (1 - y) log(1 - s)) with s = sigmoid x. */
    private static HostTensor bce(HostTensor x, HostTensor y, HostTensor p) {
        HostTensor positive =
                x.zip(y, (a, b) -> -b * Math.log(1 / (1 + Math.exp(-a)))).zip(p, (l, w) -> l * w);
        HostTensor negative = x.zip(y, (a, b) -> -(1 - b) * Math.log(1 - 1 / (1 + Math.exp(-a))));
        return positive.zip(negative, Double::sum);
    }
}
