package org.clgrad.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clgrad.TestDevices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fusion changes kernels, not results: the same bits with it, without it, and when everything is compiled at once. */
class FusionTest {
    static Stream<Arguments> devices() {
        Stream<Arguments> java = Stream.of(Arguments.of("cpu", "FLOAT32"), Arguments.of("cpu", "FLOAT64"));
        return TestDevices.openCl().isEmpty()
                ? java
                : Stream.concat(java, Stream.of(Arguments.of("opencl:0", "FLOAT32")));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void fusionKeepsTheBits(String device, String dtype) throws Exception {
        List<String> off = bits("off", device, dtype);
        assertEquals(4 * 3 * 11, off.size());
        assertEquals(off, bits("on", device, dtype));
        assertEquals(off, bits("always", device, dtype));
    }

    private static List<String> bits(String fusion, String device, String dtype) throws Exception {
        ChildJvm.Result result =
                ChildJvm.run(Map.of(), List.of("-Dclgrad.fusion=" + fusion), Chains.class, device, dtype);
        assertEquals(0, result.exitCode(), result.output());
        return result.output().lines().filter(line -> line.startsWith("BITS")).toList();
    }
}
