package org.clgrad.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.clgrad.array.DType;
import org.clgrad.backend.opencl.DryBackend.Work;
import org.clgrad.backend.opencl.GpuSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program reads off the compilers' words, and what it takes for a fault. */
class GpuKernelsTest {
    /** 80 x 4 sums and their neighbours do not fit into 256 registers. */
    private static final String TOO_MANY = "kernel void f(global float4 *x, ulong n) { float4 v[80];"
            + "_Pragma(\"unroll\") for (int i = 0; i < 80; i++) v[i] = x[i * n + get_global_id(0)];"
            + "for (ulong k = 0; k < n; k++) { _Pragma(\"unroll\") for (int i = 0; i < 80; i++) v[i] += v[(i + 1) % 80] * x[k]; }"
            + "_Pragma(\"unroll\") for (int i = 0; i < 80; i++) x[i * n + get_global_id(0)] = v[i]; }";

    @TempDir
    private Path folder;

    private static GpuSource source(String text) {
        return new GpuSource(GpuSource.Family.POINTWISE, "a test", text, "", 64);
    }

    private static Work only(String name) {
        List<Work> works = Workload.all().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow()
                .works(DType.FLOAT32);
        assertEquals(1, works.size(), works::toString);
        return works.get(0);
    }

    @Test
    void bytesAreThoseOfArraysInMemory() {
        long vector = 4L << 24;
        assertEquals(vector, only("x + 1").read());
        assertEquals(vector, only("x + 1").written());
        assertEquals(2 * vector, only("x + y").read());
        Work adam = only("Adam");
        assertEquals(4 * (4L << 20), adam.read(), "parameter, two moments, gradient");
        assertEquals(3 * (4L << 20), adam.written());
    }

    @Test
    void rowProgramsAreNotedWithTheirPasses() {
        List<Work> works = Workload.all().stream()
                .filter(workload -> workload.name().equals("softmax along rows"))
                .findFirst()
                .orElseThrow()
                .works(DType.FLOAT32);
        assertEquals(GpuSource.Family.ROWS, works.get(0).source().family());
        assertEquals(3, works.get(0).passes(), "largest, sum, result");
        assertEquals(2, works.get(1).passes(), "sum, result");
    }

    @Test
    void occupancyIsTheLeastOfRegistersLocalMemoryAndGroups() {
        assertEquals(16, Chip.SM_90.waves(32, 0, 64), "32 groups of 2 warps");
        assertEquals(4, Chip.SM_90.waves(128, 16896, 256), "65,536 / (128 x 256) = 2 groups of 8 warps");
        assertEquals(3, Chip.SM_80.waves(64, 80 << 10, 192), "2 groups of 6 warps in 164 KB");
    }

    @Test
    void ptxasIsUnderstood() {
        String ptx = ".visible .entry f(\n)\n{\nld.global.nc.v4.f32 {%f1}, [%rd1];\nst.global.f32 [%rd1], %f1;\n}\n";
        String log = "ptxas info    : Compiling entry function 'f' for 'sm_90'\n"
                + "    16 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads\n"
                + "ptxas info    : Used 255 registers, used 1 barriers, 1024 bytes smem\n";
        Compiled f = Compiled.nvidia(Chip.SM_90, ptx, log, 64).get(0);
        assertEquals(new Compiled("f", 255, 8, 16, 1024, f.waves(), true, false), f);
        assertEquals("spills 8 bytes", Report.fault(source(""), f));
        assertEquals(
                Compiled.UNKNOWN,
                Compiled.nvidia(Chip.SM_90, ptx, "", 64).get(0).registers());
    }

    @Test
    void kernelsThatSpillOrDoNotCompileAreFound() throws IOException, InterruptedException, Toolchain.Failure {
        Toolchain tools;
        try {
            tools = Toolchain.find();
        } catch (Toolchain.Failure e) {
            System.out.println("kernels are not compiled for GPUs: " + e.getMessage());
            Assumptions.abort(e.getMessage());
            return;
        }
        GpuSource source = source(TOO_MANY);
        Compiled kernel = tools.compile(source, Chip.GFX906, folder).get(0);
        assertTrue(kernel.spilled() > 0 && kernel.wideLoads(), kernel::toString);
        assertFalse(Report.fault(source, kernel).isEmpty());
        try {
            tools.compile(source("kernel void f(global int *x) { y = 1; }"), Chip.GFX906, folder);
        } catch (Toolchain.Failure e) {
            assertTrue(e.getMessage().contains("undeclared identifier 'y'"), e.getMessage());
            return;
        }
        throw new AssertionError("compiled");
    }
}
