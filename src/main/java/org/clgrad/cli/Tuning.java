package org.clgrad.cli;

import java.nio.file.Path;
import org.clgrad.backend.TuningStep;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** Searches for the best kernel parameters of the chosen device, and tells what is found. */
final class Tuning {
    private final Session session;
    private @Nullable Progress progress;

    Tuning(Session session) {
        this.session = session;
    }

    void run() {
        if (!session.device().isOpenCl()) {
            throw new ParameterException(
                    session.program(),
                    "tune: " + session.device()
                            + " is the Java backend, which has nothing to tune; choose an OpenCL device");
        }
        session.heading("Tuning matrix products on " + session.device().name());
        Path kept;
        try {
            kept = session.device().tune(this::show);
        } finally {
            if (progress != null) {
                progress.close();
            }
        }
        session.line("kept in %s", kept);
    }

    private void show(TuningStep step) {
        if (progress == null) {
            progress = Progress.of(session, "tuning", "candidate", step.total());
        }
        progress.at(step.number(), step.kind() + "  " + step.candidate() + "  " + step.result());
        if (step.discarded()) {
            session.line("discarded for %s: %s: %s", step.kind(), step.candidate(), step.result());
        }
    }
}
