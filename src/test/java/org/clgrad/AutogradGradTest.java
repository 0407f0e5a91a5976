package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.clgrad.TestDevices.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code Autograd.grad}, and the checks of gradients. */
class AutogradGradTest {
    private final Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
    private final Tensor y = Tensor.of(new float[] {4, 5, 6}).requiresGrad(true);

    @Test
    void itTouchesNoGrad() {
        List<Tensor> grads = Autograd.grad(x.mul(y).sum(), x, y);
        assertArrayEquals(new float[] {4, 5, 6}, grads.get(0).toFloatArray());
        assertArrayEquals(new float[] {1, 2, 3}, grads.get(1).toFloatArray());
        assertNull(x.grad());
        assertNull(y.grad());
        assertFalse(grads.get(0).requiresGrad());
    }

    @Test
    void anUnusedInputIsAnErrorUnlessAllowed() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Autograd.grad(x.sum(), x, y));
        Messages.assertNames(
                e,
                "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if"
                        + " this is the desired behavior.",
                "input 1");
        List<Tensor> grads = Autograd.grad(List.of(x.sum()), List.of(x, y), List.of(), false, false, true);
        assertNull(grads.get(1));
        assertArrayEquals(new float[] {1, 1, 1}, grads.get(0).toFloatArray());
    }

    @Test
    void anInputMustRequireGrad() {
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> Autograd.grad(x.sum(), x, Tensor.ones(3)));
        Messages.assertNames(e, "One of the differentiated Tensors does not require grad", "input 1");
    }

    @Test
    void inputsMayBeInTheMiddleOfTheGraph() {
        Tensor m = x.mul(2);
        Tensor loss = m.mul(m).mul(y).sum();
        List<Tensor> grads = Autograd.grad(loss, m, x);
        assertArrayEquals(new float[] {16, 40, 72}, grads.get(0).toFloatArray());
        assertArrayEquals(new float[] {32, 80, 144}, grads.get(1).toFloatArray());
    }

    @Test
    void theSameInputMayComeTwice() {
        List<Tensor> grads = Autograd.grad(x.mul(x).sum(), x, x);
        assertArrayEquals(new float[] {2, 4, 6}, grads.get(0).toFloatArray());
        assertArrayEquals(new float[] {2, 4, 6}, grads.get(1).toFloatArray());
    }

    @Test
    void theOutputMayBeAnInput() {
        Tensor s = x.sum();
        List<Tensor> grads = Autograd.grad(s, s, x);
        assertEquals(1, grads.get(0).item());
        assertArrayEquals(new float[] {1, 1, 1}, grads.get(1).toFloatArray());
        Tensor leaf = Tensor.scalar(3).requiresGrad(true);
        assertEquals(1, Autograd.grad(leaf, leaf).get(0).item());
    }

    @Test
    void severalOutputsAddUp() {
        List<Tensor> grads = Autograd.grad(
                List.of(x.mul(2), y.sum(), x.mul(x).sum()),
                List.of(x, y),
                Arrays.asList(Tensor.of(new float[] {1, 10, 100}), null, Tensor.scalar(0.5)),
                false,
                false,
                false);
        assertArrayEquals(new float[] {3, 22, 203}, grads.get(0).toFloatArray());
        assertArrayEquals(new float[] {1, 1, 1}, grads.get(1).toFloatArray());
    }

    @Test
    void theSameOutputTwice() {
        Tensor s = x.mul(x).sum();
        Tensor g = Autograd.grad(List.of(s, s), List.of(x), List.of(), false, false, false)
                .get(0);
        assertArrayEquals(new float[] {4, 8, 12}, g.toFloatArray());
    }

    @Test
    void seedsForVectors() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Autograd.grad(x.mul(2), x));
        Messages.assertNames(e, "grad can be implicitly created only for scalar outputs");
        IllegalArgumentException more = assertThrows(
                IllegalArgumentException.class,
                () -> Autograd.grad(
                        List.of(x.sum()),
                        List.of(x),
                        List.of(Tensor.scalar(1), Tensor.scalar(2)),
                        false,
                        false,
                        false));
        Messages.assertNames(more, "got 1 outputs and 2 gradients");
    }

    @Test
    void onlyWhatIsNeededIsComputed() {
        Tensor s = x.mul(x);
        Tensor other = y.mul(y);
        Tensor loss = s.add(other).sum();
        Autograd.grad(List.of(loss), List.of(y), List.of(), false, false, false);
        // the way to x was not taken, so its saved values are there for another pass
        assertArrayEquals(
                new float[] {2, 4, 6},
                Autograd.grad(List.of(s.sum()), List.of(x), List.of(), false, false, false)
                        .get(0)
                        .toFloatArray());
        assertThrows(IllegalStateException.class, () -> Autograd.grad(loss, y));
    }

    @Test
    void createGraphKeepsTheGraph() {
        Tensor loss = x.mul(x).mul(x).sum();
        Tensor g = Autograd.grad(List.of(loss), List.of(x), List.of(), false, true, false)
                .get(0);
        assertTrue(g.requiresGrad());
        assertArrayEquals(
                new float[] {6, 12, 18},
                Autograd.grad(List.of(g.sum()), List.of(x), List.of(), true, false, false)
                        .get(0)
                        .toFloatArray());
        loss.backward();
        assertArrayEquals(new float[] {3, 12, 27}, x.grad().toFloatArray());
    }

    @Test
    void aPenaltyOnTheGradientTrainsThroughIt() {
        Tensor out = x.mul(y).sum();
        Tensor gx = Autograd.grad(List.of(out), List.of(x), List.of(), false, true, false)
                .get(0);
        out.add(gx.pow(2).sum()).backward();
        assertArrayEquals(new float[] {4, 5, 6}, x.grad().toFloatArray());
        assertArrayEquals(new float[] {9, 12, 15}, y.grad().toFloatArray());
    }

    @ParameterizedTest
    @MethodSource("org.clgrad.TestDevices#columns")
    void gradCheckAcceptsAndRefuses(Column column) {
        Tensor a = column.leaf(new double[] {0.5, -1.25, 2}, 3);
        Tensor b = column.leaf(new double[] {1.5, 0.75, -0.5}, 3);
        assertTrue(Autograd.gradCheck(t -> t[0].sin().mul(t[1]), a, b));
        assertTrue(Autograd.gradGradCheck(t -> t[0].sin().mul(t[1].pow(2)), a, b));
        Tensor classes = Tensor.of(column.device(), new long[] {2, 0, 1}, 3); // no number to differentiate by
        assertTrue(Autograd.gradGradCheck(t -> t[1].pow(2).mul(t[0].to(column.dtype())), classes, a));
        GradCheckException e =
                assertThrows(GradCheckException.class, () -> Autograd.gradCheck(t -> t[0].mul(t[0].detach()), a));
        Messages.assertNames(e, "gradCheck", "analytic", "numeric");
    }
}
