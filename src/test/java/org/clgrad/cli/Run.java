package org.clgrad.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What the program did with its arguments. */
record Run(int code, String out, String err) {

    static Run of(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        String[] texts = java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        int code = program.execute(texts);
        return new Run(code, out.toString().replace("\r\n", "\n"), err.toString());
    }
}
