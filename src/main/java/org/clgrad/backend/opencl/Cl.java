package org.clgrad.backend.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;

/** The one gate to the driver: every native call passes here with its name and is checked, whichever way JOCL reports errors. */
final class Cl {
    private Cl() {}

    static void call(String name, IntSupplier call) {
        int code;
        try {
            code = call.getAsInt();
        } catch (CLException e) {
            code = e.getStatus(); // some other user of JOCL in this JVM has switched exceptions on
        }
        check(name, code);
    }

    /** For the calls that return a handle and the code in an array. */
    static <H> H create(String name, Function<int[], H> call) {
        int[] code = new int[1];
        H handle = null;
        try {
            handle = call.apply(code);
        } catch (CLException e) {
            code[0] = e.getStatus();
        }
        check(name, code[0]);
        if (handle == null) {
            throw new OpenClException(name, code[0], "no handle");
        }
        return handle;
    }

    /** A query of the driver's, as in clGetDeviceInfo. */
    @FunctionalInterface
    interface Query {
        int get(long size, Pointer value, long[] needed);
    }

    static byte[] bytes(String name, Query query) {
        long[] size = new long[1];
        call(name, () -> query.get(0, new Pointer(), size));
        byte[] value = new byte[(int) size[0]];
        call(name, () -> query.get(value.length, Pointer.to(value), new long[1]));
        return value;
    }

    static String text(String name, Query query) {
        byte[] value = bytes(name, query);
        int end = value.length;
        while (end > 0 && value[end - 1] == 0) {
            end--;
        }
        return new String(value, 0, end, StandardCharsets.UTF_8).trim();
    }

    /** An integer of whatever size the driver gives it. */
    static long integer(String name, Query query) {
        ByteBuffer value = ByteBuffer.wrap(bytes(name, query)).order(ByteOrder.nativeOrder());
        return value.remaining() >= Long.BYTES ? value.getLong() : Integer.toUnsignedLong(value.getInt());
    }

    private static void check(String name, int code) {
        if (code != CL.CL_SUCCESS) {
            throw new OpenClException(name, code, CL.stringFor_errorCode(code));
        }
    }
}
