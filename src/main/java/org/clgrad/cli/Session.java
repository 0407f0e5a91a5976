package org.clgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.clgrad.Device;
import org.clgrad.Random;
import org.clgrad.backend.DeviceException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What every command works with.
 *
 * @param program for messages about wrong usage
 * @param device where tensors are made
 * @param reason why that device
 * @param seed of all random numbers
 * @param out where files are written
 */
record Session(CommandLine program, Device device, String reason, long seed, Path out) {
    private static final String DEVICE_PROPERTY = "clgrad.device";

    /** @throws ParameterException if there is no such device */
    static Session open(CommandLine program, @Nullable String name, long seed, Path out) {
        try {
            if (name == null) {
                return new Session(program, Device.getDefault(), Device.defaultReason(), seed, out);
            }
            Device device = Device.of(name);
            System.setProperty(DEVICE_PROPERTY, name); // the default, so that tensors are printed without naming it
            return new Session(program, device, "asked for by --device " + name, seed, out);
        } catch (DeviceException e) {
            throw new ParameterException(program, Problems.line(e), e);
        }
    }

    /** Makes sure that files can be written, before work is spent on them. */
    Session openOut() {
        try {
            Files.createDirectories(out);
            Files.delete(Files.createTempFile(out, ".clgrad", null));
            return this;
        } catch (IOException | UnsupportedOperationException e) {
            throw new ParameterException(program, "--out " + out + " is no folder that can be written to", e);
        }
    }

    /** Starts the sequence of random numbers again. */
    void reseed() {
        Random.manualSeed(seed);
    }

    PrintWriter print() {
        return program.getOut();
    }

    void heading(String title) {
        print().println();
        print().println(title);
        print().println("-".repeat(title.length()));
    }

    void line(String format, Object... arguments) {
        print().println(arguments.length == 0 ? format : String.format(java.util.Locale.ROOT, format, arguments));
        print().flush();
    }

    /** Writes a text file into the out folder, and says so. */
    void write(String name, String text) {
        try {
            Files.writeString(out.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line("wrote %s", out.resolve(name));
    }
}
