package org.clgrad.cli;

import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, in one line on the error output. */
final class Problems {
    private Problems() {}

    /** Wrong usage: exit code 2. */
    static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String problem = e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                ? "Unknown command or argument: '" + unmatched.getUnmatched().get(0) + "'"
                : line(e);
        command.getErr().println("clgrad: " + problem + " (try --help)");
        command.getErr().flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** A failure while running: exit code 1. */
    static int failure(Exception e, CommandLine command, ParseResult parsed) {
        return failure(e, command);
    }

    static int failure(Throwable e, CommandLine command) {
        command.getErr().println("clgrad: " + line(e));
        command.getErr().flush();
        LoggerFactory.getLogger(Problems.class).debug("failed", e);
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** The message of an exception and that of its first cause, where it says more. */
    static String line(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = message(e);
        return message.contains(message(root)) ? message : message + ": " + message(root);
    }

    private static String message(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
