package org.clgrad;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
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

    /** The choice of the property, of the variable, or the best device present. */
    static DeviceChoice fromSettings() {
        String property = System.getProperty(PROPERTY);
        String variable = System.getenv(VARIABLE);
        DeviceChoice choice;
        if (property != null && !property.isBlank()) {
            choice = named(property).because("system property " + PROPERTY + "=" + property);
        } else if (variable != null && !variable.isBlank()) {
            choice = named(variable).because("environment variable " + VARIABLE + "=" + variable);
        } else {
            choice = best();
        }
        LOG.info("default device {} ({}): {}", choice.device(), choice.device().name(), choice.reason());
        return choice;
    }

    private DeviceChoice because(String setting) {
        return new DeviceChoice(device, setting + ", " + reason);
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
        List<Device> matching =
                switch (wanted) {
                    case "opencl" -> openCl;
                    case "gpu" -> openCl.stream()
                            .filter(d -> d.describe().type().equals("GPU"))
                            .toList();
                    default -> openCl.stream()
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
