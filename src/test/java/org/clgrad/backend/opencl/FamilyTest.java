package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyTest {
    @ParameterizedTest
    @CsvSource({
        "256, 1, 16",
        "256, 512, 16",
        "256, 513, 64",
        "256, 2048, 64",
        "256, 2049, 256",
        "256, 1000000, 256",
        "64, 2049, 64",
        "1, 2049, 1"
    })
    void longerRowsGetMoreWorkItems(int most, int elements, int lanes) {
        assertEquals(lanes, new Family(most > 1, 4, Integer.MAX_VALUE, most, Family.UNKNOWN).rowLanes(elements));
    }
}
