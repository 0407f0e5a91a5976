package org.clgrad.backend.cpu;

import org.clgrad.backend.NdArray;

/** Where element i of row o of an array is. */
record RowPlace<A>(A array, int offset, int outer, int along) {
    /** @param axis along which a row lies; 0 for numbers of rows, one for each */
    static <A> RowPlace<A> of(Elements<A> elements, NdArray a, int axis) {
        long[] strides = a.layout().strides();
        return new RowPlace<>(
                elements.cast(((CpuBuffer) a.buffer()).array()),
                (int) a.layout().offset(),
                (int) strides[0],
                (int) strides[axis]);
    }

    /** The first element of row o. */
    int at(int o) {
        return offset + o * outer;
    }

    int at(int o, int i) {
        return at(o) + i * along;
    }
}
