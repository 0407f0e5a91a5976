package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortcutTest {
    private static final int N = 20_000; // more than two pieces

    /** Doubles numbers below 100, and is wrong about others. */
    private static boolean doubleSmall(float[] a, int ia, float[] o, int io, int n) {
        boolean isExact = true;
        for (int i = 0; i < n; i++) {
            isExact &= a[ia + i] < 100;
            o[io + i] = a[ia + i] < 100 ? 2 * a[ia + i] : -1;
        }
        return isExact;
    }

    private static void doubleAll(float[] a, int ia, float[] o, int io, int n) {
        for (int i = 0; i < n; i++) {
            o[io + i] = 2 * a[ia + i];
        }
    }

    private final Shortcut shortcut = new Shortcut(ShortcutTest::doubleSmall, ShortcutTest::doubleAll);

    private static float[] numbers() {
        float[] numbers = new float[2 * N];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i % 150;
        }
        return numbers;
    }

    private static float[] doubled() {
        float[] doubled = numbers();
        for (int i = 0; i < N; i++) {
            doubled[i] *= 2;
        }
        return Arrays.copyOf(doubled, N);
    }

    @Test
    void allNumbersAreRight() {
        float[] out = new float[N];
        shortcut.run(numbers(), 0, out, 0, N);
        assertArrayEquals(doubled(), out);
    }

    @Test
    void theInputMayBeOverwritten() {
        float[] numbers = numbers();
        shortcut.run(numbers, 0, numbers, 0, N);
        assertArrayEquals(doubled(), Arrays.copyOf(numbers, N));
    }

    @Test
    void inputAndOutputMayLieBesideOneAnother() {
        float[] numbers = numbers();
        shortcut.run(numbers, 0, numbers, N, N);
        assertArrayEquals(doubled(), Arrays.copyOfRange(numbers, N, 2 * N));
    }

    @Test
    void onlyAPieceWithSpecialNumbersTakesTheLongLoop() {
        float[] numbers = new float[N];
        numbers[N / 2] = 200;
        List<Integer> taken = new ArrayList<>();
        Shortcut counting = new Shortcut(ShortcutTest::doubleSmall, (a, ia, o, io, n) -> {
            taken.add(ia);
            doubleAll(a, ia, o, io, n);
        });
        float[] out = new float[N];
        counting.run(numbers, 0, out, 0, N);
        assertEquals(List.of(1 << 13), taken);
        assertEquals(400, out[N / 2]);
    }

    @Test
    void theLongLoopIsLeftOutWhereItIsNotNeeded() {
        Shortcut small = new Shortcut(ShortcutTest::doubleSmall, (a, ia, o, io, n) -> {
            throw new IllegalStateException("needed");
        });
        float[] numbers = {1, 2, 3, 4};
        small.run(numbers, 0, numbers, 0, 4);
        assertArrayEquals(new float[] {2, 4, 6, 8}, numbers);
    }
}
