package org.clgrad.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Collapsed loops visit what the plain ones do, in the same order. */
class LoopNestTest {

    private static long[] visited(LoopNest nest, int layout) {
        long total = Arrays.stream(nest.sizes()).reduce(1, (a, b) -> a * b);
        long[] out = new long[Math.toIntExact(total)];
        for (int n = 0; n < out.length; n++) {
            long rest = n;
            long at = nest.offsets()[layout];
            for (int d = nest.depth() - 1; d >= 0; d--) {
                at += rest % nest.sizes()[d] * nest.strides()[layout][d];
                rest /= nest.sizes()[d];
            }
            out[n] = at;
        }
        return out;
    }

    @Test
    void randomLayoutsTogether() {
        Random random = new Random(1);
        for (int n = 0; n < 10_000; n++) {
            Layout first = LayoutTest.random(random, true);
            int[] shape = first.shape();
            Layout second = shuffled(random, shape);
            Layout third = Layout.contiguous(shape);
            LoopNest nest = LoopNest.of(first, second, third);
            assertTrue(nest.depth() >= 1 && nest.depth() <= Math.max(1, shape.length));
            if (first.numel() == 0) {
                continue;
            }
            assertArrayEquals(LayoutTest.positions(first), visited(nest, 0), first::toString);
            assertArrayEquals(LayoutTest.positions(second), visited(nest, 1), second::toString);
            assertArrayEquals(LayoutTest.positions(third), visited(nest, 2), third::toString);
        }
    }

    /** Another layout of the shape: axes in memory in another order. */
    private static Layout shuffled(Random random, int... shape) {
        Integer[] order = new Integer[shape.length];
        Arrays.setAll(order, i -> i);
        java.util.Collections.shuffle(Arrays.asList(order), random);
        long[] strides = new long[shape.length];
        long step = 1 + random.nextInt(2);
        for (int axis : order) {
            strides[axis] = step;
            step *= Math.max(1, shape[axis]);
        }
        return new Layout(shape, strides, random.nextInt(7));
    }

    @Test
    void contiguousLayoutsAreOneLoop() {
        LoopNest nest = LoopNest.of(Layout.contiguous(2, 3, 4), Layout.contiguous(2, 3, 4));
        assertArrayEquals(new long[] {24}, nest.sizes());
        assertTrue(nest.isContiguous());
        assertTrue(LoopNest.of(Layout.contiguous()).isContiguous());
        assertTrue(LoopNest.of(Layout.contiguous(1, 1)).isContiguous());
    }

    @Test
    void aTransposeIsTwoLoopsAndABroadcastOneMerged() {
        LoopNest transposed = LoopNest.of(Layout.contiguous(4, 3).transpose(0, 1), Layout.contiguous(3, 4));
        assertEquals(2, transposed.depth());
        assertFalse(transposed.isContiguous());
        LoopNest scalar = LoopNest.of(Layout.contiguous().expand(2, 3, 4), Layout.contiguous(2, 3, 4));
        assertEquals(1, scalar.depth());
        assertEquals(0, scalar.strides()[0][0]);
        assertFalse(scalar.isContiguous());
    }

    @Test
    void anEmptyShapeHasAnEmptyLoop() {
        LoopNest nest = LoopNest.of(Layout.contiguous(2, 0, 3));
        assertEquals(0, Arrays.stream(nest.sizes()).reduce(1, (a, b) -> a * b));
    }
}
