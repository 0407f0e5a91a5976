package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class FrameTest {
    private static <A> Object array(Frame<A> frame, int slot) {
        return frame.arrays[slot];
    }

    @Test
    void forgetsTheCallersArraysWhenItIsGivenBack() {
        Frames<float[]> frames = new Frames<>(new FloatLoops());
        float[] array = new float[8];
        Frame<float[]> frame = frames.take();
        try (frame) {
            frame.reserve(3);
            frame.useBlock(0);
            frame.useArray(1, array, 4);
            frame.useBlock(2);
            assertSame(array, array(frame, 1));
        }
        for (int slot = 0; slot < 3; slot++) {
            assertNotSame(array, array(frame, slot));
        }
        assertSame(frame, frames.take());
        frame.useBlock(1);
        assertNotNull(array(frame, 1));
    }
}
