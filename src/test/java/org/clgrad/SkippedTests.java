package org.clgrad;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Says of each test that is skipped why: one line of the output, which otherwise has their number alone. */
public final class SkippedTests implements TestWatcher {
    @Override
    public void testAborted(ExtensionContext test, Throwable cause) {
        System.out.println("NOT TESTED: " + test.getRequiredTestClass().getSimpleName() + ", "
                + test.getRequiredTestMethod().getName() + " " + test.getDisplayName() + ": " + cause.getMessage());
    }
}
