package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.TestDevices.Column;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promise: no error means a correct gradient. Small random programs of views and in-place operations either throw,
 * or their gradients agree with differences of their values.
 */
class RandomProgramsTest {
    private static final int PROGRAMS = Integer.getInteger("clgrad.test.programs", 200);

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#exactColumns")
    void noErrorMeansACorrectGradient(Column column) {
        int ran = 0;
        for (int seed = 0; seed < PROGRAMS; seed++) {
            int program = seed;
            try (Scope scope = Scope.open()) {
                Tensor x = column.leaf(new double[] {0.5, -1.25, 0.75, 1.5, -0.5, 0.25}, 2, 3);
                Tensor y = column.leaf(new double[] {1.25, 0.5, -0.75, 0.625, 1.125, -0.875}, 2, 3);
                Autograd.gradCheck(inputs -> run(program, inputs[0], inputs[1]), x, y);
                ran++;
            } catch (IllegalStateException e) {
                boolean foreseen = e.getMessage().contains("modified by an inplace operation")
                        || e.getMessage().contains("refers to a single memory location");
                if (!foreseen) {
                    throw new AssertionError("program " + program, e);
                }
            } catch (RuntimeException e) {
                throw new AssertionError("program " + program, e);
            }
        }
        assertTrue(ran > PROGRAMS / 2, "most programs are valid: " + ran);
    }

    /** A program that the seed decides; all its choices are independent of values. */
    static Tensor run(int seed, Tensor x, Tensor y) {
        java.util.Random random = new java.util.Random(seed * 7919L + 17);
        List<Tensor> pool = new ArrayList<>(List.of(x, y, x.mul(y), x.clone(), Tensor.zerosLike(x)));
        int steps = 3 + random.nextInt(7);
        for (int i = 0; i < steps; i++) {
            Tensor a = pool.get(2 + random.nextInt(pool.size() - 2));
            Tensor b = pool.get(random.nextInt(pool.size()));
            switch (random.nextInt(3)) {
                case 0 -> pool.add(view(random, a));
                case 1 -> write(random, a, b);
                default -> pool.add(compute(random, a, b));
            }
        }
        Tensor total = Tensor.zeros(x.device(), x.dtype());
        for (int i = 2; i < pool.size(); i++) {
            total = total.add(pool.get(i).mul(0.5 + i).sum());
        }
        return total;
    }

    private static Tensor view(java.util.Random random, Tensor a) {
        int axis = a.dim() == 0 ? 0 : random.nextInt(a.dim());
        return switch (random.nextInt(8)) { // no detach: it stops gradients on purpose
            case 0 -> a.dim() < 2 ? a.unsqueeze(0) : a.transpose(0, a.dim() - 1);
            case 1 -> a.dim() == 0 ? a.unsqueeze(0) : a.select(axis, random.nextInt(a.size(axis)));
            case 2 -> a.dim() == 0 ? a.unsqueeze(0) : a.slice(axis, 0, a.size(axis), 2);
            case 3 -> a.dim() == 0 ? a.reshape(1) : a.slice(axis, a.size(axis) - 1, a.size(axis));
            case 4 -> a.reshape(-1);
            case 5 -> a.unsqueeze(a.dim());
            case 6 -> a.squeeze();
            default -> a.reshape(1, -1);
        };
    }

    private static void write(java.util.Random random, Tensor a, Tensor b) {
        Tensor fitting = fit(a, b);
        switch (random.nextInt(9)) {
            case 0 -> a.add_(fitting);
            case 1 -> a.sub_(fitting, 0.5);
            case 2 -> a.mul_(fitting);
            case 3 -> a.div_(fitting.mul(fitting).add(1));
            case 4 -> a.pow_(2);
            case 5 -> a.copy_(fitting);
            case 6 -> a.fill_(0.75);
            case 7 -> a.mul_(1.5);
            default -> a.add_(a);
        }
    }

    private static Tensor compute(java.util.Random random, Tensor a, Tensor b) {
        return switch (random.nextInt(5)) {
            case 0 -> a.mul(fit(a, b));
            case 1 -> a.add(fit(a, b));
            case 2 -> a.sin();
            case 3 -> a.mul(a);
            default -> a.tanh();
        };
    }

    /** b itself if it broadcasts to a's shape, else its sum. */
    private static Tensor fit(Tensor a, Tensor b) {
        return org.clgrad.array.Broadcast.expands(b.shape(), a.shape()) ? b : b.sum();
    }
}
