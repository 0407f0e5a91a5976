package org.clgrad.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.clgrad.Device;
import org.clgrad.backend.DeviceInfo;

/** The devices side by side, which one is used and why, and what could not be loaded. */
final class DeviceTable {
    private static final int WIDEST = 40; // letters of a column

    private final Session session;

    DeviceTable(Session session) {
        this.session = session;
    }

    void print() {
        // whoever asks for Java may do so because a driver is broken, so OpenCL stays untouched
        boolean javaOnly = !session.device().isOpenCl() && Device.isDefaultRequested();
        List<Device> devices = javaOnly ? List.of(session.device()) : Device.all();

        session.heading("Devices");
        table(devices).forEach(session::line);
        session.line("");
        session.line("Using %s (%s): %s.", session.device(), session.device().name(), session.reason());
        if (javaOnly) {
            session.line("OpenCL devices were not looked for, because cpu was asked for.");
            return;
        }
        for (String failure : Device.failures()) {
            session.line("Not loaded: %s", failure);
        }
    }

    private static List<String> table(List<Device> devices) {
        List<List<String>> rows = new ArrayList<>();
        row(rows, "", devices, Device::toString);
        info(rows, "name", devices, DeviceInfo::name);
        info(rows, "type", devices, DeviceInfo::type);
        info(rows, "platform", devices, DeviceInfo::platform);
        info(rows, "vendor", devices, DeviceInfo::vendor);
        info(rows, "driver", devices, DeviceInfo::driver);
        info(rows, "version", devices, DeviceInfo::version);
        info(rows, "compute units", devices, i -> Integer.toString(i.computeUnits()));
        info(rows, "memory", devices, i -> bytes(i.memoryBytes()));
        info(rows, "largest buffer", devices, i -> bytes(i.maxBufferBytes()));
        info(rows, "fp64", devices, i -> i.fp64() ? "yes" : "no");
        info(rows, "fp16", devices, i -> i.fp16() ? "yes" : "no");
        return aligned(rows);
    }

    private static void info(
            List<List<String>> rows, String title, List<Device> devices, Function<DeviceInfo, String> value) {
        row(rows, title, devices, value.compose(Device::describe));
    }

    private static void row(
            List<List<String>> rows, String title, List<Device> devices, Function<Device, String> value) {
        List<String> row = new ArrayList<>(List.of(title));
        devices.forEach(d -> row.add(cut(value.apply(d).strip())));
        rows.add(row);
    }

    private static String cut(String text) {
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 2) + "..";
    }

    /** The rows with columns padded to one width. */
    private static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < row.size(); c++) {
                int column = c;
                int width = rows.stream()
                        .mapToInt(r -> r.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(c)).append(" ".repeat(width - row.get(c).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String bytes(long bytes) {
        return bytes >= 10L << 30
                ? (bytes >> 30) + " GiB"
                : String.format(
                        java.util.Locale.ROOT,
                        bytes >= 1L << 30 ? "%.1f GiB" : "%.0f MiB",
                        bytes >= 1L << 30 ? bytes / 0x1p30 : bytes / 0x1p20);
    }
}
