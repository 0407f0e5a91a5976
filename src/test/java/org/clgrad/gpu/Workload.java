package org.clgrad.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.opencl.DryBackend;
import org.clgrad.backend.opencl.DryBackend.Work;
import org.clgrad.nn.Functional;
import org.clgrad.optim.Adam;
import org.clgrad.optim.AdamW;
import org.clgrad.optim.Optimizer;
import org.clgrad.optim.SGD;

/**
 * A program whose kernels are looked at, at one size.
 *
 * @param size as a person writes it
 */
record Workload(String name, String size, Consumer<Maker> program) {
    private static final int MANY = 1 << 24;
    private static final int SIDE = 4096;
    private static final int WEIGHTS = 1 << 20;
    private static final String VECTOR = "2^24";
    private static final String MATRIX = "4096 x 4096";

    /** Makes leaves that require gradients. */
    interface Maker {
        Tensor leaf(int... shape);

        Tensor classes(int... shape);
    }

    /** What runs it takes, in one dtype. */
    List<Work> works(DType dtype) {
        DryBackend backend = new DryBackend();
        try (Scope scope = Scope.open()) {
            program.accept(new Maker() {
                @Override
                public Tensor leaf(int... shape) {
                    return new Tensor(new Variable(NdArray.allocate(backend, dtype, shape))).requiresGrad(true);
                }

                @Override
                public Tensor classes(int... shape) {
                    return new Tensor(new Variable(NdArray.allocate(backend, DType.INT64, shape)));
                }
            });
            return backend.takeWorks();
        }
    }

    static List<Workload> all() {
        return Stream.of(pointwise(), reductions(), rows(), updates())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Workload> pointwise() {
        return List.of(
                of("x + 1", m -> m.leaf(MANY).add(1)),
                of("x + y", m -> m.leaf(MANY).add(m.leaf(MANY))),
                of("(x + 1)^2 and its gradient", m -> both(m.leaf(MANY).add(1).pow(2))),
                of("sigmoid(x y + z) and its gradients", m -> {
                    both(m.leaf(MANY).mul(m.leaf(MANY)).add(m.leaf(MANY)).sigmoid());
                }),
                of("tanh(x) and its gradient", m -> both(m.leaf(MANY).tanh())),
                of("gelu(x) and its gradient", m -> both(m.leaf(MANY).gelu())),
                new Workload("x + bias, relu, and its gradients", MATRIX, m -> {
                    both(m.leaf(SIDE, SIDE).add(m.leaf(SIDE)).relu());
                }),
                of("binary cross entropy with logits and its gradient", m -> {
                    Functional.binaryCrossEntropyWithLogits(
                                    m.leaf(MANY), m.leaf(MANY).detach())
                            .backward();
                }));
    }

    private static List<Workload> reductions() {
        return List.of(
                of("sum of all", m -> m.leaf(MANY).sum()),
                new Workload("sum along rows", MATRIX, m -> m.leaf(SIDE, SIDE).sum(1)),
                new Workload("sum over rows", MATRIX, m -> m.leaf(SIDE, SIDE).sum(0)),
                new Workload("max along rows", MATRIX, m -> m.leaf(SIDE, SIDE).max(1)),
                of("mean of (x - y)^2", m -> Functional.mseLoss(m.leaf(MANY), m.leaf(MANY))),
                new Workload(
                        "sum over rows of x y",
                        MATRIX,
                        m -> m.leaf(SIDE, SIDE).mul(m.leaf(SIDE, SIDE)).sum(0)));
    }

    private static List<Workload> rows() {
        return List.of(
                new Workload(
                        "softmax along rows",
                        MATRIX,
                        m -> both(m.leaf(SIDE, SIDE).softmax(1))),
                new Workload(
                        "softmax over rows",
                        MATRIX,
                        m -> both(m.leaf(SIDE, SIDE).softmax(0))),
                new Workload(
                        "log softmax along rows",
                        MATRIX,
                        m -> both(m.leaf(SIDE, SIDE).logSoftmax(1))),
                new Workload(
                        "log softmax over rows",
                        MATRIX,
                        m -> both(m.leaf(SIDE, SIDE).logSoftmax(0))),
                new Workload("layer norm", MATRIX, m -> {
                    both(Functional.layerNorm(m.leaf(SIDE, SIDE), new int[] {SIDE}, m.leaf(SIDE), m.leaf(SIDE), 1e-5));
                }),
                new Workload("cross entropy with classes", MATRIX, m -> {
                    Functional.crossEntropy(m.leaf(SIDE, SIDE), m.classes(SIDE)).backward();
                }),
                new Workload("cross entropy with probabilities", MATRIX, m -> {
                    Functional.crossEntropy(
                                    m.leaf(SIDE, SIDE), m.leaf(SIDE, SIDE).detach())
                            .backward();
                }),
                new Workload("cross entropy of images", "64 x 64 x 64 x 64", m -> {
                    Functional.crossEntropy(m.leaf(64, 64, 64, 64), m.classes(64, 64, 64))
                            .backward();
                }));
    }

    private static List<Workload> updates() {
        return List.of(
                step("SGD", p -> new SGD(p, 0.1)),
                step("SGD, momentum", p -> new SGD(p, 0.1).momentum(0.9)),
                step(
                        "SGD, Nesterov, decay",
                        p -> new SGD(p, 0.1).momentum(0.9).nesterov(true).weightDecay(1e-4)),
                step("Adam", p -> new Adam(p, 1e-3)),
                step(
                        "Adam, amsgrad, decay",
                        p -> new Adam(p, 1e-3).amsgrad(true).weightDecay(1e-4)),
                step("AdamW", p -> new AdamW(p, 1e-3)));
    }

    private static Workload of(String name, Consumer<Maker> program) {
        return new Workload(name, VECTOR, program);
    }

    private static Workload step(String name, java.util.function.Function<List<Tensor>, Optimizer> optimizer) {
        return new Workload(name, "2^20 weights", m -> {
            Tensor weight = m.leaf(WEIGHTS);
            weight.backward(weight.detach());
            try (Optimizer o = optimizer.apply(Arrays.asList(weight))) {
                o.step();
            }
        });
    }

    private static void both(Tensor result) {
        result.backward(result.detach());
    }
}
