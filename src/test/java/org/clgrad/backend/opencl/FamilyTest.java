package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.clgrad.array.DType;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.cpu.CpuBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyTest {
    @Test
    void resultsThatAreLongerThanTheCacheArePastIt() {
        Family family = new Family(false, 16, Integer.MAX_VALUE, 1, 4096);
        assertFalse(family.isPastCache(array(DType.FLOAT32, 1024)));
        assertTrue(family.isPastCache(array(DType.FLOAT32, 1025)));
        assertFalse(family.isPastCache(array(DType.FLOAT64, 512)));
        assertTrue(family.isPastCache(array(DType.FLOAT64, 513)));
        Family unknown = new Family(true, 4, Integer.MAX_VALUE, 256, Family.NEVER);
        assertFalse(unknown.isPastCache(array(DType.FLOAT64, 1 << 20)));
    }

    private static NdArray array(DType dtype, int length) {
        return NdArray.allocate(CpuBackend.instance(), dtype, length);
    }

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
        assertEquals(lanes, new Family(most > 1, 4, Integer.MAX_VALUE, most, Family.NEVER).rowLanes(elements));
    }
}
