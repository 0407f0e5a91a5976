package org.clgrad.autograd;

/** Whether operations of the current thread are recorded. */
public final class GradMode {
    private static final ThreadLocal<boolean[]> ENABLED = ThreadLocal.withInitial(() -> new boolean[] {true});

    private GradMode() {}

    public static boolean isEnabled() {
        return ENABLED.get()[0];
    }

    /** Sets the mode until the guard is closed, which restores the one before. */
    public static Guard set(boolean enabled) {
        boolean[] mode = ENABLED.get();
        Guard guard = new Guard(mode, mode[0], Thread.currentThread());
        mode[0] = enabled;
        return guard;
    }

    /** Restores the mode that was in force when it was made. */
    public static final class Guard implements AutoCloseable {
        private final boolean[] mode;
        private final boolean before;
        private final Thread thread;

        private Guard(boolean[] mode, boolean before, Thread thread) {
            this.mode = mode;
            this.before = before;
            this.thread = thread;
        }

        /** @throws IllegalStateException on another thread than the one that made the guard */
        @Override
        public void close() {
            if (Thread.currentThread() != thread) {
                throw new IllegalStateException("grad mode belongs to the thread that set it: " + thread.getName());
            }
            mode[0] = before;
        }
    }
}
