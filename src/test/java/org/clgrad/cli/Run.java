package org.clgrad.cli;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.clgrad.Device;
import picocli.CommandLine;

/** What the program did with its arguments. */
record Run(int code, String out, String err) {

    /** Leaves the default device of the JVM as it is: other tests rely on it. */
    static Run of(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        String[] texts = java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        Device usual = Device.getDefault();
        String property = System.getProperty("clgrad.device");
        try {
            int code = program.execute(texts);
            return new Run(code, out.toString().replace("\r\n", "\n"), err.toString());
        } finally {
            if (property == null) {
                System.clearProperty("clgrad.device");
            } else {
                System.setProperty("clgrad.device", property);
            }
            assertSame(usual, Device.getDefault());
        }
    }
}
