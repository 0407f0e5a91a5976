package org.clgrad.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layouts against the definition: the list of positions that their elements have, in row-major order. */
class LayoutTest {

    /** Where the elements are, by counting indices up. */
    static long[] positions(Layout layout) {
        long[] out = new long[Math.toIntExact(layout.numel())];
        int[] index = new int[layout.dim()];
        for (int n = 0; n < out.length; n++) {
            long at = layout.offset();
            for (int d = 0; d < index.length; d++) {
                at += index[d] * layout.strides()[d];
            }
            out[n] = at;
            for (int d = index.length - 1; d >= 0 && ++index[d] == layout.shape()[d]; d--) {
                index[d] = 0;
            }
        }
        return out;
    }

    /** A view of a view of .. of a contiguous array. */
    static Layout random(Random random, boolean expanded) {
        int[] shape = random.ints(random.nextInt(5), 1, 5).toArray();
        Layout layout = Layout.contiguous(shape);
        for (int step = random.nextInt(5); step > 0; step--) {
            int dim = layout.dim();
            int axis = dim == 0 ? 0 : random.nextInt(dim);
            int size = dim == 0 ? 0 : layout.shape()[axis];
            switch (random.nextInt(expanded ? 6 : 5)) {
                case 0 -> layout = layout.unsqueeze(random.nextInt(dim + 1));
                case 1 -> layout = dim > 0 ? layout.transpose(axis, random.nextInt(dim)) : layout;
                case 2 -> {
                    int start = dim > 0 ? random.nextInt(size + 1) : 0;
                    layout = dim > 0
                            ? layout.slice(axis, start, start + random.nextInt(size - start + 1), 1 + random.nextInt(3))
                            : layout;
                }
                case 3 -> layout = size > 0 ? layout.select(axis, random.nextInt(size)) : layout;
                case 4 -> layout = size == 1 ? layout.squeeze(axis) : layout;
                default -> {
                    int[] wide = new int[dim + 1];
                    wide[0] = 1 + random.nextInt(3);
                    for (int d = 0; d < dim; d++) {
                        wide[d + 1] = layout.shape()[d] == 1 ? 1 + random.nextInt(3) : layout.shape()[d];
                    }
                    layout = layout.expand(wide);
                }
            }
        }
        return layout;
    }

    @Test
    void reshapeIsAViewExactlyWhereStridesAllowOne() {
        Random random = new Random(1);
        int views = 0;
        int copies = 0;
        for (int n = 0; n < 20_000; n++) {
            Layout layout = random(random, true);
            int[] target = factors(random, layout.numel());
            Layout view = layout.reshape(target);
            if (view != null) {
                views++;
                assertArrayEquals(target, view.shape());
                assertArrayEquals(positions(layout), positions(view), () -> layout + " as " + Arrays.toString(target));
            } else {
                copies++;
                long[] at = positions(layout);
                assertTrue(!strided(at, target), () -> layout + " can be viewed as " + Arrays.toString(target));
            }
        }
        assertTrue(views > 5000 && copies > 500, views + " views, " + copies + " copies");
    }

    /** Whether positions in row-major order are those of some strides over the shape. */
    private static boolean strided(long[] at, int... shape) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = shape[d] > 1 ? at[Math.toIntExact(step)] - at[0] : 0;
            step *= shape[d];
        }
        return Arrays.equals(at, positions(new Layout(shape, strides, at[0])));
    }

    /** Random sizes with a given product. */
    private static int[] factors(Random random, long product) {
        List<Integer> sizes = new ArrayList<>();
        long rest = Math.max(product, 1);
        while (rest > 1 || random.nextInt(3) == 0) {
            int size = 1 + random.nextInt((int) Math.min(rest, 6));
            size = rest % size == 0 ? size : (int) rest;
            sizes.add(size);
            rest /= size;
        }
        if (product == 0) {
            sizes.add(0);
        }
        return sizes.stream().mapToInt(i -> i).toArray();
    }

    @Test
    void reshapeToItselfAndOfScalars() {
        assertEquals(Layout.contiguous(1, 1), Layout.contiguous().reshape(1, 1));
        assertEquals(0, Layout.contiguous(1, 1).reshape().dim());
        assertNull(Layout.contiguous(2, 3).transpose(0, 1).reshape(6));
        assertNotNull(Layout.contiguous(2, 3).transpose(0, 1).reshape(3, 1, 2));
        assertArrayEquals(new long[] {12, 3, 1}, Layout.contiguous(5, 4, 3).strides());
    }

    @Test
    void contiguousMeansRowMajorWithoutGaps() {
        Random random = new Random(2);
        for (int n = 0; n < 5000; n++) {
            Layout layout = random(random, true);
            long[] at = positions(layout);
            boolean dense = true;
            for (int i = 0; i < at.length; i++) {
                dense &= at[i] == layout.offset() + i;
            }
            assertEquals(dense, layout.isContiguous(), layout::toString);
        }
    }

    @Test
    void overlapIsNeverMissedAndOrdinaryViewsRaiseNoAlarm() {
        Random random = new Random(3);
        for (int n = 0; n < 5000; n++) {
            boolean expanded = n % 2 == 0;
            Layout layout = random(random, expanded);
            HashSet<Long> distinct = new HashSet<>();
            boolean overlaps = false;
            for (long at : positions(layout)) {
                overlaps |= !distinct.add(at);
            }
            if (overlaps || !expanded) {
                assertEquals(overlaps, layout.mayOverlapItself(), layout::toString);
            }
        }
        assertTrue(new Layout(new int[] {2, 3}, new long[] {1, 1}, 0).mayOverlapItself());
        assertTrue(new Layout(new int[] {3, 2}, new long[] {2, 4}, 0).mayOverlapItself());
    }

    @Test
    void endIsOnePastTheLastElement() {
        Random random = new Random(4);
        for (int n = 0; n < 2000; n++) {
            Layout layout = random(random, true);
            assertEquals(Arrays.stream(positions(layout)).max().orElse(-1) + 1, layout.end(), layout::toString);
        }
    }

    @Test
    void equalityIsThatOfTheNumbers() {
        assertEquals(Layout.contiguous(2, 3), Layout.contiguous(2, 3));
        assertEquals(Layout.contiguous(2, 3).hashCode(), Layout.contiguous(2, 3).hashCode());
        assertTrue(!Layout.contiguous(2, 3).equals(Layout.contiguous(3, 2)));
        assertTrue(!Layout.contiguous(2, 3).equals(Layout.contiguous(2, 3).slice(0, 1, 2, 1)));
    }
}
