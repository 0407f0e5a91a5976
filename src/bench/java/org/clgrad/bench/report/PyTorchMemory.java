package org.clgrad.bench.report;

import java.util.Arrays;
import org.clgrad.bench.Case;
import org.clgrad.bench.Workload;

/**
 * What PyTorch holds at the peak of a training step with SGD, counted by its rules.
 *
 * <p>Always: parameters, inputs, targets. The forward pass keeps, for each layer but the last, the activation's output
 * (tanh and relu save their result, which is also the next product's saved input), and the logits. The backward pass
 * goes through the layers from the last: a layer needs the gradient of its output and makes that of its input, frees
 * what it kept, and leaves the gradients of its parameters. The peak is the largest sum on the way.
 */
record PyTorchMemory(double peakBytes, double parameterBytes) {
    private static final int FLOAT = 4;

    static PyTorchMemory of(Case c) {
        if (c.workload() == Workload.MEMORY_MLP) {
            return of(c.size(0), c.size(1), c.size(2), c.size(3));
        }
        int[] widths = new int[c.size(2) + 1];
        Arrays.fill(widths, c.size(1));
        return of(c.size(0), widths);
    }

    /** @param widths of the input and of every layer */
    private static PyTorchMemory of(int batch, int... widths) {
        int last = widths.length - 1;
        double parameters = 0;
        double kept = 0;
        for (int i = 1; i <= last; i++) {
            parameters += (widths[i - 1] + 1.0) * widths[i];
            kept += (double) batch * widths[i];
        }
        double always = parameters + (double) batch * (widths[0] + widths[last]);
        double gradients = 0;
        double peak = 0;
        for (int i = last; i >= 1; i--) {
            gradients += (widths[i - 1] + 1.0) * widths[i];
            double passing = (double) batch * (widths[i] + (i == 1 ? 0 : widths[i - 1]));
            peak = Math.max(peak, always + kept + gradients + passing);
            kept -= (double) batch * widths[i];
        }
        return new PyTorchMemory(FLOAT * peak, FLOAT * parameters);
    }
}
