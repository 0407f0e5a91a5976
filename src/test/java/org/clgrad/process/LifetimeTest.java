package org.clgrad.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clgrad.Device;
import org.clgrad.TestDevices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A loop that closes nothing runs in bounded memory and ends with what it had at the start. */
class LifetimeTest {
    private static final int STEPS = 200_000;

    /** Java and the first OpenCL device. */
    static Stream<String> devices() {
        return TestDevices.columns()
                .map(TestDevices.Column::device)
                .map(Device::toString)
                .filter(id -> id.equals("cpu") || id.equals("opencl:0"))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("devices")
    void manySmallStepsInLittleMemory(String device) throws Exception {
        ChildJvm.Result result = ChildJvm.run(
                Map.of(),
                List.of("-Xmx128m", "-Dclgrad.memory.budget=64m"),
                SmallSteps.class,
                device,
                String.valueOf(STEPS));
        System.out.println(result.output().strip());
        assertEquals(0, result.exitCode(), result.output());
    }
}
