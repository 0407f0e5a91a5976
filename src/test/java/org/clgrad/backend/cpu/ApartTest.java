package org.clgrad.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ApartTest {
    @Test
    void whatALoopThrowsComesThrough() {
        RuntimeException exception = new IndexOutOfBoundsException("5");
        Error error = new StackOverflowError();
        for (Throwable thrown : new Throwable[] {exception, error}) {
            Loops.Unary<float[]> loop = Apart.unary((a, ia, o, io, n) -> {
                if (thrown instanceof Error) {
                    throw error;
                }
                throw exception;
            });
            float[] one = new float[1];
            assertSame(thrown, assertThrows(thrown.getClass(), () -> loop.run(one, 0, one, 0, 1)));
        }
    }
}
