package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.clgrad.TestDevices.Column;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code Tensor.backward} and {@code Tensor.grad}. */
class BackwardTest {
    private static final String COLUMNS = "org.clgrad.TestDevices#columns";
    private final Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void theTutorial(Column column) {
        Tensor w = column.tensor(new double[] {1, 0, -1, 2, 0.5, 0}, 2, 3).requiresGrad(true);
        Tensor b = column.vector(0.5, -0.5, 0.25).requiresGrad(true);
        Tensor z = column.vector(1, 1).matmul(w).add(b);
        Functional.binaryCrossEntropyWithLogits(z, column.vector(0, 0, 0)).backward();
        double[] expected = new double[3];
        double[] logits = z.toDoubleArray();
        for (int i = 0; i < 3; i++) {
            expected[i] = 1 / (1 + Math.exp(-logits[i])) / 3;
        }
        assertArrayEquals(expected, b.grad().toDoubleArray(), 1e-6);
        assertArrayEquals(new int[] {2, 3}, w.grad().shape());
        assertArrayEquals(expected, w.grad().select(0, 1).toDoubleArray(), 1e-6);
    }

    @ParameterizedTest
    @MethodSource(COLUMNS)
    void theTutorialsJacobianProduct(Column column) {
        Tensor inp = Tensor.eye(column.device(), column.dtype(), 5, 5).requiresGrad(true);
        Tensor out = inp.add(1).pow(2);
        for (int call = 1; call <= 2; call++) {
            out.backward(Tensor.onesLike(inp), true);
            assertEquals(4.0 * call, inp.grad().get(0, 0).item());
            assertEquals(2.0 * call, inp.grad().get(0, 1).item());
        }
        inp.grad().zero_();
        out.backward(Tensor.onesLike(inp), true);
        assertEquals(4, inp.grad().get(4, 4).item());
    }

    @Test
    void gradIsNullBeforeTheFirstAndAccumulates() {
        assertNull(x.grad());
        x.mul(2).sum().backward();
        assertArrayEquals(new float[] {2, 2, 2}, x.grad().toFloatArray());
        x.mul(x).sum().backward();
        assertArrayEquals(new float[] {4, 6, 8}, x.grad().toFloatArray());
        x.grad(null);
        assertNull(x.grad());
    }

    @Test
    void gradIsUpdatedInPlaceSoThatAliasesSeeIt() {
        x.sum().backward();
        Tensor alias = x.grad();
        x.sum().backward();
        assertArrayEquals(new float[] {2, 2, 2}, alias.toFloatArray());
    }

    @Test
    void onlyScalarsNeedNoSeed() {
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> x.mul(2).backward());
        Messages.assertNames(e, "grad can be implicitly created only for scalar outputs", "[3]");
        Tensor one = Tensor.ones(1, 1).requiresGrad(true);
        one.mul(3).backward();
        assertEquals(3, one.grad().item());
    }

    @Test
    void aSeedHasTheOutputsShape() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> x.mul(2).backward(Tensor.ones(2)));
        Messages.assertNames(
                e, "Mismatch in shape: grad_output[0] has a shape of [2] and output[0] has a shape of [3].");
        if (Device.getDefault().describe().fp64()) {
            Tensor wrong = Tensor.ones(Device.getDefault(), DType.FLOAT64, 3);
            Messages.assertNames(
                    assertThrows(IllegalArgumentException.class, () -> x.mul(2).backward(wrong)), "float64", "float32");
        }
        assertNull(x.grad());
    }

    @Test
    void aSeedIsNotChangedAndNotTakenOver() {
        Tensor seed = Tensor.of(new float[] {1, 2, 3});
        x.add(0).backward(seed);
        x.grad().fill_(9);
        assertArrayEquals(new float[] {1, 2, 3}, seed.toFloatArray());
        seed.fill_(5);
        assertArrayEquals(new float[] {9, 9, 9}, x.grad().toFloatArray());
    }

    @Test
    void whatHasNoGraphCannotGoBackward() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> Tensor.ones(3).sum().backward());
        Messages.assertNames(e, "element 0 of tensors does not require grad and does not have a grad_fn");
    }

    @Test
    void aLeafCanGoBackwardItself() {
        Tensor s = Tensor.scalar(4).requiresGrad(true);
        s.backward();
        s.backward();
        assertEquals(2, s.grad().item());
    }

    @Test
    void theGraphIsFreedUnlessRetained() {
        Tensor y = x.mul(x).sum();
        y.backward(null, true);
        y.backward();
        assertArrayEquals(new float[] {4, 8, 12}, x.grad().toFloatArray());
        IllegalStateException e = assertThrows(IllegalStateException.class, y::backward);
        Messages.assertNames(
                e,
                "Trying to backward through the graph a second time (or directly access saved tensors after they have"
                        + " already been freed).",
                "retainGraph",
                "MulBackward0");
    }

    @Test
    void aGraphWithoutSavedValuesCanBeUsedAgain() {
        Tensor y = x.add(1).sum(); // as in PyTorch
        y.backward();
        y.backward();
        assertArrayEquals(new float[] {2, 2, 2}, x.grad().toFloatArray());
    }

    @Test
    void createGraphMakesTheGradientDifferentiable() {
        Tensor y = x.pow(3).sum();
        y.backward(null, false, true);
        assertTrue(x.grad().requiresGrad());
        Tensor first = x.grad();
        x.grad(null);
        first.sum().backward();
        assertArrayEquals(new float[] {6, 12, 18}, x.grad().toFloatArray());
    }

    @Test
    void createGraphAccumulatesOutOfPlace() {
        x.pow(2).sum().backward(null, false, true);
        Tensor first = x.grad();
        x.pow(2).sum().backward(null, false, true);
        assertArrayEquals(new float[] {2, 4, 6}, first.toFloatArray());
        assertArrayEquals(new float[] {4, 8, 12}, x.grad().toFloatArray());
        assertTrue(x.grad().requiresGrad());
    }

    @Test
    void higherDerivatives() {
        Tensor s = Tensor.scalar(2).requiresGrad(true);
        Tensor d = s.pow(5);
        double[] expected = {80, 160, 240, 240, 120, 0};
        for (double value : expected) {
            d = Autograd.grad(List.of(d), List.of(s), List.of(), false, true, false)
                    .get(0);
            assertEquals(value, d.item(), 1e-3);
        }
    }

    @Test
    void aDerivativeThatIsConstantHasZeroForItsDerivative() {
        for (Tensor y :
                List.of(x.sum(), x.mul(3).sum(), x.mean(), x.sub(1).neg().sum(), x.select(0, 1))) {
            Tensor g = Autograd.grad(List.of(y), List.of(x), List.of(), false, true, false)
                    .get(0);
            assertTrue(g.requiresGrad(), "a gradient with a graph");
            Tensor second = Autograd.grad(g.sum(), x).get(0);
            assertArrayEquals(new float[] {0, 0, 0}, second.toFloatArray());
        }
    }

    @Test
    void retainGradKeepsTheGradientOfWhatIsNoLeaf() {
        Tensor y = x.mul(2).retainGrad();
        Tensor z = y.mul(y).sum();
        assertNull(y.grad());
        z.backward(null, true);
        assertArrayEquals(new float[] {4, 8, 12}, y.grad().toFloatArray());
        y.grad().zero_();
        z.backward();
        assertArrayEquals(new float[] {4, 8, 12}, y.grad().toFloatArray());
        assertArrayEquals(new float[] {16, 32, 48}, x.grad().toFloatArray());
        assertNull(z.grad());
    }

    @Test
    void retainGradOfALeafDoesNothingAndOfAConstantIsAnError() {
        x.retainGrad();
        x.sum().backward();
        assertArrayEquals(new float[] {1, 1, 1}, x.grad().toFloatArray());
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> Tensor.ones(1).retainGrad());
        Messages.assertNames(e, "can't retain_grad on Tensor that has requires_grad=False");
    }

    @Test
    void theGradientOfALeafThatIsNotUsedStaysNull() {
        Tensor unused = Tensor.ones(2).requiresGrad(true);
        x.sum().backward();
        assertNull(unused.grad());
        assertNotNull(x.grad());
        assertFalse(x.grad().requiresGrad());
    }

    @Test
    void gradMayBeReplacedBeforeABackward() {
        x.grad(Tensor.of(new float[] {10, 20, 30}));
        x.sum().backward();
        assertArrayEquals(new float[] {11, 21, 31}, x.grad().toFloatArray());
    }

    /** Whichever way it came: by a sum over rows, or from a view of the leaf. */
    @Test
    void aGradientMayBeWrittenToWithARecord() {
        Tensor x = Tensor.ones(4, 3);
        for (UnaryOperator<Tensor> use : List.<UnaryOperator<Tensor>>of(
                b -> x.add(b), b -> b.reshape(3, 1), b -> b.unsqueeze(0).expand(4, 3), b -> b.mul(2))) {
            Tensor b = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
            use.apply(b).sum().backward();
            float[] before = b.grad().toFloatArray();
            b.grad().add_(b.mul(2));
            assertTrue(b.grad().requiresGrad());
            assertArrayEquals(
                    new float[] {before[0] + 2, before[1] + 4, before[2] + 6},
                    b.grad().toFloatArray());
        }
    }

    /** One element that all share cannot be added to. */
    @Test
    void aReplacedGradientMayBeExpanded() {
        Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
        Tensor ten = Tensor.scalar(10);
        x.grad(ten.expand(3));
        x.mul(x).sum().backward();
        assertArrayEquals(new float[] {12, 14, 16}, x.grad().toFloatArray());
        assertEquals(10, ten.item());
    }

    @Test
    void aTensorIsNotItsOwnGradient() {
        Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
        Messages.assertNames(
                assertThrows(IllegalArgumentException.class, () -> x.grad(x)), "can't assign Variable as its own grad");
    }

    @Test
    void aLeafThatWasFrozenGetsNoGradient() {
        Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
        Tensor w = Tensor.of(new float[] {3, 4}).requiresGrad(true);
        Tensor loss = x.mul(w).sum();
        x.requiresGrad(false);
        loss.backward(null, true);
        assertNull(x.grad());
        assertArrayEquals(new float[] {1, 2}, w.grad().toFloatArray());
        x.requiresGrad(true);
        loss.backward();
        assertArrayEquals(new float[] {3, 4}, x.grad().toFloatArray());
    }

    @Test
    void aLeafThatWasWrittenToIsNoneAnyMore() {
        Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
        Tensor w = Tensor.of(new float[] {3, 4}).requiresGrad(true);
        Tensor loss = x.mul(2).sum();
        x.requiresGrad(false);
        x.add_(w);
        Messages.assertNames(
                assertThrows(IllegalStateException.class, loss::backward),
                "leaf variable has been moved into the graph interior",
                "[2]",
                "AddBackward0");
    }

    @Test
    void aReplacedGradientMustFit() {
        Messages.assertNames(
                assertThrows(IllegalArgumentException.class, () -> x.grad(Tensor.ones(2))), "grad", "[2]", "[3]");
        Messages.assertNames(
                assertThrows(IllegalArgumentException.class, () -> x.grad(Tensor.of(new long[] {1, 2, 3}))),
                "int64",
                "float32");
    }
}
