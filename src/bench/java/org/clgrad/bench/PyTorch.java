package org.clgrad.bench;

import java.io.IOException;

/** PyTorch on a GPU: a program for this machine's Python that answers as {@code child.ChildMain} does. */
final class PyTorch {
    static final String NAME = "pytorch-gpu";

    /** A GPU, as PyTorch names it. */
    static final String DEVICE = "cuda";

    private static final String PYTHON = "python3";
    private static final String PROGRAM = "src/bench/python/pytorch_gpu.py";

    private PyTorch() {}

    /** Whether there is a PyTorch that has a GPU. */
    static boolean hasGpu() {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import torch; raise SystemExit(not torch.cuda.is_available())")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no Python
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static ProcessBuilder program(String device) {
        return new ProcessBuilder(PYTHON, PROGRAM, device);
    }
}
