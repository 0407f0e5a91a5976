package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertNotNull;

/** Looks into the messages of exceptions. */
public final class Messages {
    private Messages() {}

    /** Asserts that a message contains all parts, whatever is between them. */
    public static void assertNames(Throwable e, Object... parts) {
        assertNotNull(e.getMessage(), e.toString());
        for (Object part : parts) {
            if (!e.getMessage().contains(part.toString())) {
                throw new AssertionError("'" + part + "' is not in the message: " + e.getMessage(), e);
            }
        }
    }
}
