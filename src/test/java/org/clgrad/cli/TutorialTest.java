package org.clgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TutorialTest {
    @TempDir
    Path temp;

    @Test
    void printsWhatPyTorchPrints() {
        Run run = Run.of("tutorial", "--out", temp);
        assertEquals(0, run.code(), run.err());
        String out = run.out();
        assertContains(out, "Gradient function for z = <AddBackward0>\n");
        assertContains(out, "Gradient function for loss = <BinaryCrossEntropyWithLogitsBackward0>\n");
        assertContains(out, "requires grad: true\n");
        assertEquals(2, out.split("requires grad: false\n", -1).length - 1);
        assertContains(out, "w.grad = null\nb.grad = tensor([");
        assertContains(out, """
                First Call
                 tensor([[4., 2., 2., 2., 2.],
                        [2., 4., 2., 2., 2.],
                        [2., 2., 4., 2., 2.],
                        [2., 2., 2., 4., 2.],
                        [2., 2., 2., 2., 4.]])

                Second call
                 tensor([[8., 4., 4., 4., 4.],
                        [4., 8., 4., 4., 4.],
                        [4., 4., 8., 4., 4.],
                        [4., 4., 4., 8., 4.],
                        [4., 4., 4., 4., 8.]])

                Call after zeroing gradients
                 tensor([[4., 2., 2., 2., 2.],
                        [2., 4., 2., 2., 2.],
                        [2., 2., 4., 2., 2.],
                        [2., 2., 2., 4., 2.],
                        [2., 2., 2., 2., 4.]])
                """);
        assertTrue(Files.exists(temp.resolve("graph.dot")));
        assertTrue(Files.exists(temp.resolve("graph.svg")));
    }

    /** Every row of w has the gradient of b, since every input is 1. */
    @Test
    void gradientsOfWeightAndBiasAgree() {
        String out = Run.of("tutorial", "--out", temp).out();
        String bias = out.substring(out.indexOf("b.grad =\ntensor(") + 16);
        String row = bias.substring(0, bias.indexOf(')'));
        assertEquals(5 + 2, out.split(java.util.regex.Pattern.quote(row), -1).length - 1, out);
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> part + " is missing in " + text);
    }
}
