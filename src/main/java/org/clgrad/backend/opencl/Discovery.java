package org.clgrad.backend.opencl;

import java.util.List;

/**
 * What was found.
 *
 * @param devices every device that can be used: GPUs first, then accelerators, then CPU devices, else as the drivers list them
 * @param failures what could not be asked
 */
public record Discovery(List<OpenClDevice> devices, List<Failure> failures) {
    public Discovery {
        devices = List.copyOf(devices);
        failures = List.copyOf(failures);
    }

    /**
     * A loader, platform or device that did not answer.
     *
     * @param where what was asked, such as a platform's name
     */
    public record Failure(String where, Throwable cause) {
        @Override
        public String toString() {
            return where + ": " + cause;
        }
    }
}
