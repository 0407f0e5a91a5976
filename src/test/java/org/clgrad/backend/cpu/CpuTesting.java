package org.clgrad.backend.cpu;

import java.util.Random;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.NdArray;

/** The backends under test, and arrays from and to Java. */
final class CpuTesting {
    static final CpuBackend PLAIN = new CpuBackend(Flavour.plain(null), 2, 1 << 30);
    /** The Vector API where this JVM has it, else plain loops again. */
    static final CpuBackend VECTOR = new CpuBackend(Flavour.detect(), 3, 1 << 30);

    private CpuTesting() {}

    static Stream<CpuBackend> backends() {
        return Stream.of(PLAIN, VECTOR);
    }

    static NdArray array(Backend backend, DType dtype, double[] values, int... shape) {
        NdArray wide = NdArray.allocate(backend, DType.FLOAT64, shape);
        backend.write(values, wide.buffer());
        NdArray out = NdArray.allocate(backend, dtype, shape);
        backend.copy(wide, out);
        return out;
    }

    static NdArray random(Backend backend, DType dtype, long seed, int... shape) {
        Random random = new Random(seed);
        int n = (int) Layout.contiguous(shape).numel();
        double[] values = random.doubles(n, -2, 2)
                .map(v -> dtype == DType.FLOAT32 ? (float) v : v)
                .toArray();
        return array(backend, dtype, values, shape);
    }

    static double[] values(NdArray a) {
        NdArray wide = NdArray.allocate(a.backend(), DType.FLOAT64, a.shape());
        a.backend().copy(a, wide);
        double[] out = new double[(int) a.numel()];
        a.backend().read(wide, out);
        return out;
    }
}
