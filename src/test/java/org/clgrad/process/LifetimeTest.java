package org.clgrad.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clgrad.TestDevices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A loop that closes nothing runs in bounded memory and ends with what it had at the start. */
class LifetimeTest {
    private static final int STEPS = 200_000;

    private static final int FEW = 3; // a few bytes each: on Java ordinary objects
    private static final int MANY = 2000; // arrays that the Java backend counts and reuses

    /** Java and the first OpenCL device. */
    static Stream<Arguments> layers() {
        Stream<Arguments> java = Stream.of(Arguments.of("cpu", FEW), Arguments.of("cpu", MANY));
        return TestDevices.openCl().isEmpty() ? java : Stream.concat(java, Stream.of(Arguments.of("opencl:0", FEW)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void manySmallStepsInLittleMemory(String device, int outputs) throws Exception {
        ChildJvm.Result result = ChildJvm.run(
                Map.of(),
                List.of("-Xmx128m", "-Dclgrad.memory.budget=64m"),
                SmallSteps.class,
                device,
                String.valueOf(STEPS),
                String.valueOf(outputs));
        System.out.println(result.output().strip());
        assertEquals(0, result.exitCode(), result.output());
    }
}
