package org.clgrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.clgrad.Device;
import org.clgrad.TestDevices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    @TempDir
    Path temp;

    @Test
    void bothModelsTellTumoursApart() throws IOException {
        Run run = Run.of("train", "--out", temp);
        assertEquals(0, run.code(), run.err());
        Matcher accuracy = Pattern.compile("test accuracy (\\S+) %").matcher(run.out());
        for (int model = 0; model < 2; model++) {
            assertTrue(accuracy.find(), run.out());
            assertTrue(Double.parseDouble(accuracy.group(1)) >= 96, run.out());
        }
        assertTrue(run.out().contains("logistic regression  epoch  20/200  loss 0."), run.out());

        List<String> csv = Files.readAllLines(temp.resolve("loss.csv"));
        assertEquals(1 + 200, csv.size());
        assertEquals("epoch,logistic regression,network", csv.get(0));
        double[] first = numbers(csv.get(1));
        double[] last = numbers(csv.get(200));
        assertEquals(200, last[0]);
        assertTrue(last[1] < first[1] / 3 && last[2] < first[2] / 3, csv.get(200));
        Svg.parse(Files.readString(temp.resolve("loss.svg")));
    }

    @Test
    void sameSeedGivesTheSameBits() throws IOException {
        byte[] first = losses("--seed", "3");
        assertArrayEquals(first, losses("--seed", "3"));
        assertFalse(Arrays.equals(first, losses("--seed", "4")));
    }

    @Test
    void sameSeedGivesTheSameCurveOnEveryDevice() throws IOException {
        List<String> expected = curve(Device.cpu());
        for (Device device : TestDevices.openCl()) {
            List<String> actual = curve(device);
            assertEquals(expected.size(), actual.size());
            for (int epoch = 1; epoch < expected.size(); epoch++) {
                assertArrayEquals(numbers(expected.get(epoch)), numbers(actual.get(epoch)), 1e-4, device.name());
            }
        }
    }

    private List<String> curve(Device device) throws IOException {
        losses("--epochs", "100", "--device", device.toString());
        return Files.readAllLines(temp.resolve("loss.csv"));
    }

    @Test
    void trainingLeavesNoTensorBehind() throws IOException {
        long before = Device.getDefault().memoryStats().inUse();
        losses();
        long after = Device.getDefault().memoryStats().inUse();
        assertTrue(after <= before, before + " bytes before, " + after + " after"); // less if a collection came between
    }

    @Test
    void optionsChangeTheRun() throws IOException {
        byte[] usual = losses();
        assertFalse(Arrays.equals(usual, losses("--learning-rate", "0.01")));
        assertFalse(Arrays.equals(usual, losses("--momentum", "0")));
        assertFalse(Arrays.equals(usual, losses("--weight-decay", "0")));
    }

    private static Object[] with(Object[] first, Object... second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    private byte[] losses(String... options) throws IOException {
        Object[] args = {"train", "--out", temp};
        Object[] more = options.length > 0 && options[0].equals("--epochs") ? options : with(options, "--epochs", "4");
        Object[] all = with(args, more);
        Run run = Run.of(all);
        assertEquals(0, run.code(), run.err());
        return Files.readAllBytes(temp.resolve("loss.csv"));
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray();
    }
}
