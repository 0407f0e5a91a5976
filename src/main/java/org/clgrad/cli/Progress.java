package org.clgrad.cli;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells a person how far training, or a search, is. */
interface Progress extends AutoCloseable {

    /** @param note such as {@code loss 0.6931} */
    void at(int step, String note);

    /** @param loss before the step of this epoch */
    default void epoch(int epoch, double loss) {
        at(epoch, String.format(Locale.ROOT, "loss %.4f", loss));
    }

    @Override
    void close();

    /** A moving bar on a terminal, a line every tenth of the way elsewhere. */
    static Progress of(Session session, String model, int epochs) {
        return of(session, model, "epoch", epochs);
    }

    /** @param unit what is counted */
    static Progress of(Session session, String title, String unit, int steps) {
        return onTerminal() ? new Bar(title, steps) : new Lines(session, title, unit, steps);
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
        private final String title;
        private final String unit;
        private final int steps;

        Lines(Session session, String title, String unit, int steps) {
            this.session = session;
            this.title = title;
            this.unit = unit;
            this.steps = steps;
        }

        @Override
        public void at(int step, String note) {
            int tenths = (int) (10L * step / steps);
            if (tenths > (int) (10L * (step - 1) / steps) || step == 1) {
                int width = Integer.toString(steps).length();
                session.line("%-20s %s %" + width + "d/%d  %s", title, unit, step, steps, note);
            }
        }

        @Override
        public void close() {}
    }

    /** A bar that is drawn again and again, on the error output. */
    final class Bar implements Progress {
        private final ProgressBar bar;

        Bar(String title, int steps) {
            bar = new ProgressBarBuilder()
                    .setTaskName(String.format(Locale.ROOT, "%-20s", title))
                    .setInitialMax(steps)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(100)
                    .build();
        }

        @Override
        public void at(int step, String note) {
            bar.stepTo(step);
            bar.setExtraMessage(" " + note);
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
