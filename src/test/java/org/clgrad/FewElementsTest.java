package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.clgrad.array.DType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Java computes results of few elements at once, and lets others wait. */
class FewElementsTest {
    @BeforeEach
    void fusionIsOn() {
        Assumptions.assumeTrue(System.getProperty("clgrad.fusion", "on").equals("on"), "fusion is chosen");
    }

    private static boolean isPending(Tensor tensor) {
        return tensor.variable().value().buffer().isPending();
    }

    private static Tensor ones(int... shape) {
        return Tensor.ones(Device.cpu(), DType.FLOAT32, shape);
    }

    @Test
    void pointwiseWork() {
        assertFalse(isPending(ones(511).add(1)));
        assertTrue(isPending(ones(512).add(1)));
    }

    @Test
    void productsOfMatrices() {
        assertFalse(isPending(ones(1, 2000).matmul(ones(2000, 1))));
        assertTrue(isPending(ones(20, 1).matmul(ones(1, 26))));
    }
}
