package org.clgrad.backend.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kernel sources from the class-path folder /opencl-kernels/, with their includes put in their place. */
final class KernelSource {
    private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([^\"]+)\"$");
    private static final Map<String, String> FILES = new ConcurrentHashMap<>();

    private KernelSource() {}

    /** Several files one behind the other. */
    static String of(String... files) {
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(FILES.computeIfAbsent(file, KernelSource::read)).append('\n');
        }
        return expand(text.toString());
    }

    /** Replaces each include by that file's text, as often as it is included: include guards do the rest. */
    static String expand(String source) {
        Matcher include = INCLUDE.matcher(source);
        return include.replaceAll(
                found -> Matcher.quoteReplacement(expand(FILES.computeIfAbsent(found.group(1), KernelSource::read))));
    }

    private static String read(String file) {
        try (InputStream in = KernelSource.class.getResourceAsStream("/opencl-kernels/" + file)) {
            if (in == null) {
                throw new IllegalStateException("/opencl-kernels/" + file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
