package org.clgrad.cli;

/** Points Logback to the program's own configuration, before the first logger is made. */
final class Logging {
    private static final String CONFIGURATION = "logback.configurationFile";
    private static final String LEVEL = "clgrad.log.level";

    private Logging() {}

    static void configure(boolean verbose) {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, "org/clgrad/cli/logback.xml");
        }
        if (verbose) {
            System.setProperty(LEVEL, "DEBUG");
        }
    }
}
