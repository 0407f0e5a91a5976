package org.clgrad;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What PyTorch answered: the files that src/test/python/oracle.py writes. */
final class Oracle {
    private Oracle() {}

    /** An array of a case. */
    record Values(int[] shape, double[] values) {}

    /** One case: {@code name} is {@code operation(arguments)@label}. */
    record Case(String name, Map<String, Values> arrays) {
        String operation() {
            return name.split("[(@]", 2)[0];
        }

        double[] arguments() {
            String head = name.split("@", 2)[0];
            int from = head.indexOf('(') + 1;
            String list = from == 0 ? "" : head.substring(from, head.length() - 1);
            return list.isEmpty()
                    ? new double[0]
                    : Arrays.stream(list.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
        }

        boolean has(String what) {
            return arrays.containsKey(what);
        }

        Values get(String what) {
            return Objects.requireNonNull(arrays.get(what), () -> name + " has no " + what);
        }

        int inputs() {
            return (int) arrays.keySet().stream()
                    .filter(what -> what.matches("(in|fix)\\d+"))
                    .count();
        }
    }

    static List<Case> cases(String file) {
        Map<String, Case> cases = new LinkedHashMap<>();
        for (String line : lines(file)) {
            String[] fields = line.split("\\|", -1);
            int[] shape = fields[2].isEmpty()
                    ? new int[0]
                    : Arrays.stream(fields[2].split(","))
                            .mapToInt(Integer::parseInt)
                            .toArray();
            double[] values = fields[3].isEmpty()
                    ? new double[0]
                    : Arrays.stream(fields[3].split(" "))
                            .mapToDouble(Oracle::number)
                            .toArray();
            cases.computeIfAbsent(fields[0], name -> new Case(name, new LinkedHashMap<>()))
                    .arrays()
                    .put(fields[1], new Values(shape, values));
        }
        return List.copyOf(cases.values());
    }

    static List<String> lines(String file) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Oracle.class.getResourceAsStream("oracle/" + file), file),
                StandardCharsets.UTF_8))) {
            return in.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double number(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
