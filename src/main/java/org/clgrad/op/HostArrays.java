package org.clgrad.op;

import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.clgrad.backend.NdArray;

/** Values as Java arrays: float[], double[], long[], and byte[] for BOOL. */
public final class HostArrays {
    private static final long LONGEST = Integer.MAX_VALUE - 8; // what JVMs allow

    private HostArrays() {}

    /** Waits for the device and copies the values in row-major order. */
    public static Object read(NdArray source) {
        if (source.numel() > LONGEST) {
            throw new IllegalArgumentException("a tensor of shape " + Shapes.text(source.shape())
                    + " has more elements than a Java array can hold: read it in slices");
        }
        NdArray contiguous = source.contiguous();
        Object host = allocate(source.dtype(), (int) source.numel());
        if (source.numel() > 0) {
            source.backend().read(contiguous, host);
        }
        if (contiguous != source) {
            contiguous.buffer().freeIfUnheld();
        }
        return host;
    }

    private static Object allocate(DType dtype, int length) {
        return switch (dtype) {
            case FLOAT32 -> new float[length];
            case FLOAT64 -> new double[length];
            case INT64 -> new long[length];
            case BOOL -> new byte[length];
        };
    }

    /** The values as doubles, whatever their dtype. */
    public static double[] doubles(NdArray source) {
        Object host = read(source);
        if (host instanceof double[] doubles) {
            return doubles;
        }
        int length = java.lang.reflect.Array.getLength(host);
        double[] out = new double[length];
        for (int i = 0; i < length; i++) {
            out[i] = host instanceof float[] f ? f[i] : host instanceof long[] l ? l[i] : ((byte[]) host)[i];
        }
        return out;
    }
}
