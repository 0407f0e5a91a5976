package org.clgrad.cli;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells a person how far training is. */
interface Progress extends AutoCloseable {

    /** @param loss before the step of this epoch */
    void epoch(int epoch, double loss);

    @Override
    void close();

    /** A moving bar on a terminal, a line every tenth of the way elsewhere. */
    static Progress of(Session session, String model, int epochs) {
        return onTerminal() ? new Bar(model, epochs) : new Lines(session, model, epochs);
    }

    /** Whether a person watches: since Java 22 there is a console without a terminal too, which says so itself. */
    private static boolean onTerminal() {
        if (System.console() == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Lines of text. */
    final class Lines implements Progress {
        private final Session session;
        private final String model;
        private final int epochs;

        Lines(Session session, String model, int epochs) {
            this.session = session;
            this.model = model;
            this.epochs = epochs;
        }

        @Override
        public void epoch(int epoch, double loss) {
            int tenths = (int) (10L * epoch / epochs);
            if (tenths > (int) (10L * (epoch - 1) / epochs) || epoch == 1) {
                int width = Integer.toString(epochs).length();
                session.line("%-20s epoch %" + width + "d/%d  loss %.4f", model, epoch, epochs, loss);
            }
        }

        @Override
        public void close() {}
    }

    /** A bar that is drawn again and again, on the error output. */
    final class Bar implements Progress {
        private final ProgressBar bar;

        Bar(String model, int epochs) {
            bar = new ProgressBarBuilder()
                    .setTaskName(String.format(Locale.ROOT, "%-20s", model))
                    .setInitialMax(epochs)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(100)
                    .build();
        }

        @Override
        public void epoch(int epoch, double loss) {
            bar.stepTo(epoch);
            bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f", loss));
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
