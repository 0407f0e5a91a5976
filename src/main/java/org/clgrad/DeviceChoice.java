package org.clgrad;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clgrad.backend.DeviceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device and why it was chosen.
 *
 * @param reason a sentence for a person
 */
record DeviceChoice(Device device, String reason) {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);
    private static final String PROPERTY = "clgrad.device";
    private static final String VARIABLE = "CLGRAD_DEVICE";

    /** A setting that chooses the default. */
    private record Setting(String source, String value) {}

    /** The property, else the variable, else nothing. */
    private static Optional<Setting> setting() {
        return Stream.of(
                        new Setting("system property " + PROPERTY, System.getProperty(PROPERTY, "")),
                        new Setting(
                                "environment variable " + VARIABLE,
                                Objects.requireNonNullElse(System.getenv(VARIABLE), "")))
                .filter(setting -> !setting.value().isBlank())
                .findFirst();
    }

    /** Whether a setting chooses the default. */
    static boolean isSet() {
        return setting().isPresent();
    }

    /** The device of the setting, or the best device present. */
    static DeviceChoice fromSettings() {
        DeviceChoice choice = setting().map(DeviceChoice::of).orElseGet(DeviceChoice::best);
        LOG.info("default device {} ({}): {}", choice.device(), choice.device().name(), choice.reason());
        return choice;
    }

    private static DeviceChoice of(Setting setting) {
        DeviceChoice choice = named(setting.value());
        return new DeviceChoice(choice.device(), setting.source() + "=" + setting.value() + ", " + choice.reason());
    }

    /** The first device that opens; devices are in order of preference, Java last. */
    private static DeviceChoice best() {
        List<String> failures = Device.failures();
        if (!failures.isEmpty()) {
            LOG.info("OpenCL: {}", String.join("; ", failures));
        }
        for (Device device : Device.all()) {
            try {
                device.backend();
                String type = device.describe().type();
                return new DeviceChoice(
                        device,
                        device.isOpenCl()
                                ? "the best device present, an OpenCL " + type
                                : "no usable OpenCL device is present");
            } catch (DeviceException e) {
                LOG.warn("{} ({}) cannot be used, trying the next device", device, device.name(), e);
            }
        }
        throw new AssertionError("the Java backend always opens");
    }

    /** What a text names: cpu, opencl, opencl:N, gpu, or a part of a device's name. */
    static DeviceChoice named(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        if (wanted.equals("cpu")) {
            return new DeviceChoice(Device.cpu(), "the Java backend, asked for by name");
        }
        List<Device> openCl = Device.all().stream().filter(Device::isOpenCl).toList();
        List<Device> matching = switch (wanted) {
            case "opencl" -> openCl;
            case "gpu" ->
                openCl.stream().filter(d -> d.describe().type().equals("GPU")).toList();
            default ->
                openCl.stream()
                        .filter(d -> wanted.startsWith("opencl:")
                                ? d.toString().equals(wanted)
                                : d.name().toLowerCase(Locale.ROOT).contains(wanted))
                        .toList();
        };
        if (wanted.isEmpty() || matching.isEmpty()) {
            throw new DeviceException("no device '" + text + "': there is "
                    + Device.all().stream().map(d -> d + " (" + d.name() + ")").collect(Collectors.joining(", "))
                    + (Device.failures().isEmpty() ? "" : "; OpenCL: " + String.join("; ", Device.failures()))
                    + ". Choose cpu, opencl, opencl:N, gpu or a part of a name");
        }
        Device chosen = matching.get(0);
        chosen.backend(); // a device that was asked for by name and does not open is an error
        return new DeviceChoice(
                chosen, matching.size() == 1 ? "asked for by name" : "the first of " + matching.size() + " that match");
    }
}
