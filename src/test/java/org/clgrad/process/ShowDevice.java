package org.clgrad.process;

import org.clgrad.Device;
import org.clgrad.Tensor;

/** Prints the default device, why it was chosen and what failed, and computes something on it. */
public final class ShowDevice {
    private ShowDevice() {}

    public static void main(String[] args) {
        System.out.println("default " + Device.getDefault() + " because " + Device.defaultReason());
        System.out.println(
                "sum " + Tensor.ones(3, 4).requiresGrad(true).mul(2).sum().item());
        if (args.length > 0) {
            System.out.println("all " + Device.all());
            System.out.println("failures " + Device.failures());
        }
        boolean touched = java.util.Arrays.stream(args).noneMatch("all"::equals) && joclIsLoaded();
        System.out.println("native library loaded " + touched);
    }

    /** Whether the process has mapped JOCL's native library, where the system can tell. */
    private static boolean joclIsLoaded() {
        try {
            return java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/maps"))
                    .contains("JOCL");
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
