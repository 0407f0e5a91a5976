package org.clgrad.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.clgrad.Device;
import org.clgrad.TestDevices;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a device is chosen, and what happens where OpenCL is missing or broken. */
class DeviceChoiceTest {
    private static final Map<String, String> NO_DRIVER = Map.of("OCL_ICD_VENDORS", "/nonexistent/");

    private static void assertContains(ChildJvm.Result result, String... parts) {
        for (String part : parts) {
            assertTrue(result.output().contains(part), () -> "'" + part + "' should be in: " + result.output());
        }
    }

    @Test
    void withoutDriverTheProgramRunsOnJavaAndSaysWhy() throws Exception {
        ChildJvm.Result result = ChildJvm.run(NO_DRIVER, List.of(), ShowDevice.class, "all");
        assertEquals(0, result.exitCode(), result.output());
        assertContains(
                result,
                "default cpu because no usable OpenCL device",
                "sum 24.0",
                "all [cpu]",
                "CL_PLATFORM_NOT_FOUND_KHR");
    }

    @Test
    void withoutNativeLibraryTheProgramRunsOnJavaAndSaysWhy() throws Exception {
        ChildJvm.Result result = ChildJvm.run(Map.of(), List.of("-Djava.io.tmpdir=/dev/null"), ShowDevice.class, "all");
        assertEquals(0, result.exitCode(), result.output());
        assertContains(result, "default cpu because no usable OpenCL device", "sum 24.0", "UnsatisfiedLinkError");
    }

    @Test
    void aDriverThatIsNoneIsPassedOver(@TempDir Path vendors) throws Exception {
        Files.writeString(vendors.resolve("broken.icd"), "/lib/x86_64-linux-gnu/libm.so.6\n");
        Files.writeString(vendors.resolve("missing.icd"), "/nonexistent/libdriver.so\n");
        ChildJvm.Result result =
                ChildJvm.run(Map.of("OCL_ICD_VENDORS", vendors + "/"), List.of(), ShowDevice.class, "all");
        assertEquals(0, result.exitCode(), result.output());
        assertContains(result, "default cpu", "sum 24.0");
    }

    /** PoCL beside Mesa's Clover, which has no device. */
    @Test
    void anEmptyPlatformAmongOthersIsPassedOverAndNamed() throws Exception {
        Path clover = Path.of("/etc/OpenCL/vendors/mesa.icd");
        if (TestDevices.openCl().isEmpty() || !Files.exists(clover)) {
            System.err.println("NOT TESTED: an empty platform among others, since " + clover + " is not installed");
            Assumptions.abort("no platform without a device is installed");
        }
        ChildJvm.Result result = ChildJvm.run(Map.of(), List.of(), ShowDevice.class, "all");
        assertEquals(0, result.exitCode(), result.output());
        assertContains(
                result,
                "default opencl:0 because the best device present",
                "sum 24.0",
                "Clover",
                "CL_DEVICE_NOT_FOUND");
    }

    @Test
    void askingForOpenClWhereThereIsNoneIsAnError() throws Exception {
        ChildJvm.Result result = ChildJvm.run(NO_DRIVER, List.of("-Dclgrad.device=opencl"), ShowDevice.class);
        assertNotEquals(0, result.exitCode());
        assertContains(result, "no device 'opencl': there is cpu", "CL_PLATFORM_NOT_FOUND_KHR");
    }

    @Test
    void theVariableChoosesAndThePropertyGoesFirst() throws Exception {
        Map<String, String> environment = Map.of("CLGRAD_DEVICE", "nonsense");
        ChildJvm.Result variable = ChildJvm.run(environment, List.of(), ShowDevice.class);
        assertNotEquals(0, variable.exitCode());
        assertContains(variable, "no device 'nonsense'");
        ChildJvm.Result property = ChildJvm.run(environment, List.of("-Dclgrad.device=cpu"), ShowDevice.class);
        assertEquals(0, property.exitCode(), property.output());
        assertContains(property, "default cpu because system property clgrad.device=cpu");
    }

    @Test
    void openClIsNotTouchedWhereJavaWasAskedFor() throws Exception {
        ChildJvm.Result result = ChildJvm.run(Map.of(), List.of("-Dclgrad.device=cpu"), ShowDevice.class);
        assertContains(result, "sum 24.0", "native library loaded false");
    }

    @Test
    void devicesAreFoundByNumberTypeAndName() {
        List<Device> openCl = TestDevices.openCl();
        for (Device device : openCl) {
            assertEquals(device, Device.of(device.toString()));
            assertEquals(device.name(), Device.of(device.name()).name());
        }
        if (!openCl.isEmpty()) {
            assertEquals(openCl.get(0), Device.of("opencl"));
            assertEquals(openCl.get(0), Device.opencl(0));
        }
        assertEquals(Device.cpu(), Device.of(" CPU "));
        assertEquals(Device.cpu(), Device.all().get(openCl.size()));
    }
}
