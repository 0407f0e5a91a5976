package org.clgrad.backend.opencl;

/**
 * An OpenCL C source as a GPU's driver would get it.
 *
 * @param title what it is
 * @param text its includes in place
 * @param options for the compiler, such as {@code -D W=4}
 * @param group work-items in a group of its kernels
 */
public record GpuSource(Family family, String title, String text, String options, int group) {
    /** What a table of the report holds. */
    public enum Family {
        POINTWISE,
        REDUCTION,
        ROWS,
        UPDATE,
        COPY,
        MATMUL,
        /** For CPU devices: must compile, may use as much private memory as it likes. */
        CPU
    }

    GpuSource titled(String other) {
        return new GpuSource(family, other, text, options, group);
    }
}
