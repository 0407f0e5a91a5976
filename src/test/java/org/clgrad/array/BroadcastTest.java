package org.clgrad.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.clgrad.Messages;
import org.junit.jupiter.api.Test;

/** Broadcasting of shapes; the table is NumPy's. */
class BroadcastTest {
    private static int[] s(int... shape) {
        return shape;
    }

    @Test
    void shapes() {
        int[][][] table = {
            {s(), s(), s()},
            {s(), s(2, 3), s(2, 3)},
            {s(3), s(2, 3), s(2, 3)},
            {s(2, 1), s(1, 3), s(2, 3)},
            {s(8, 1, 6, 1), s(7, 1, 5), s(8, 7, 6, 5)},
            {s(0), s(1), s(0)},
            {s(3, 0), s(1), s(3, 0)},
            {s(1, 0), s(4, 1), s(4, 0)},
            {s(1, 1), s(1), s(1, 1)},
        };
        for (int[][] row : table) {
            assertArrayEquals(row[2], Broadcast.shape("add", row[0], row[1]));
            assertArrayEquals(row[2], Broadcast.shape("add", row[1], row[0]));
            assertEquals(true, Broadcast.expands(row[0], row[2]));
            assertEquals(true, Broadcast.expands(row[1], row[2]));
        }
    }

    @Test
    void whatDoesNotFitIsNamed() {
        int[][][] pairs = {{s(3), s(4)}, {s(2, 3), s(2)}, {s(0), s(2)}, {s(2, 1), s(8, 4, 3)}};
        for (int[][] pair : pairs) {
            assertThrows(IllegalArgumentException.class, () -> Broadcast.shape("mul", pair[0], pair[1]));
        }
        Messages.assertNames(
                assertThrows(IllegalArgumentException.class, () -> Broadcast.shape("mul", s(5, 3), s(4))),
                "mul: [5, 3] and [4]: The size of tensor a (3) must match the size of tensor b (4) at non-singleton"
                        + " dimension 1");
    }

    @Test
    void expands() {
        assertEquals(false, Broadcast.expands(s(2, 3), s(3)));
        assertEquals(false, Broadcast.expands(s(3), s(1)));
        assertEquals(false, Broadcast.expands(s(3), s()));
        assertEquals(true, Broadcast.expands(s(1), s(0)));
    }

    @Test
    void stretchedAxes() {
        assertArrayEquals(s(), Broadcast.stretchedAxes(s(2, 3), s(2, 3)));
        assertArrayEquals(s(0), Broadcast.stretchedAxes(s(3), s(2, 3)));
        assertArrayEquals(s(0, 1), Broadcast.stretchedAxes(s(), s(2, 3)));
        assertArrayEquals(s(1), Broadcast.stretchedAxes(s(2, 1), s(2, 3)));
        assertArrayEquals(s(0, 2), Broadcast.stretchedAxes(s(3, 1), s(1, 3, 4)));
        assertArrayEquals(s(0), Broadcast.stretchedAxes(s(1), s(0)));
    }
}
