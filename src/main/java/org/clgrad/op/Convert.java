package org.clgrad.op;

import org.clgrad.array.Broadcast;
import org.clgrad.array.DType;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Node;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Backend;
import org.clgrad.backend.NdArray;

/** Copies: to another dtype, to another device, to memory of its own. The gradient takes the same way back. */
public final class Convert {
    private Convert() {}

    /** A contiguous copy. */
    public static Variable copy(Variable a) {
        return Recorder.record("CloneBackward0", a.value().copy(), new Variable[] {a}, Recorder.vjp(g -> g));
    }

    /** The values in row-major order without gaps: the tensor itself if they are, else a copy. */
    public static Variable contiguous(Variable a) {
        return a.value().layout().isContiguous() ? a : copy(a);
    }

    public static Variable to(Variable a, DType dtype) {
        return to(a, a.backend(), dtype);
    }

    /** The values on a device, as a dtype; the tensor itself where that changes nothing. */
    public static Variable to(Variable a, Backend backend, DType dtype) {
        if (a.backend() == backend && a.dtype() == dtype) {
            return a;
        }
        Variable[] inputs = {a};
        Backend from = a.backend();
        DType type = a.dtype();
        NdArray value = move(a.value(), backend, dtype);
        return dtype.isFloating()
                ? Recorder.record("ToCopyBackward0", value, inputs, Recorder.vjp(g -> to(g, from, type)))
                : new Variable(value);
    }

    /** Writes a source, broadcast and converted, into the target. */
    public static Variable copyInPlace(Variable target, Variable source) {
        Variable written = target.dtype().isFloating() ? source : source.detach(); // whole numbers have no gradient
        InPlace.checkWritable("copy_", target, written);
        if (!Broadcast.expands(source.shape(), target.shape())) {
            throw new IllegalArgumentException("copy_: output with shape " + Shapes.text(target.shape())
                    + " doesn't match the broadcast shape of " + Shapes.text(source.shape()));
        }
        Backend from = source.backend();
        DType type = source.dtype();
        int[] shape = source.shape();
        Node node = Recorder.node(
                "CopyBackwards",
                new Variable[] {target, written},
                Recorder.vjp(g -> Fill.zeros(g, g.shape())),
                Recorder.vjp(g -> to(Sum.sumTo(g, shape), from, type)));
        NdArray here = from == target.backend()
                ? InPlace.unaliased(target, source)[0].value()
                : move(source.value(), target.backend(), target.dtype());
        if (target.value().numel() > 0) {
            target.backend().copy(here.expand(target.shape()), target.value());
        }
        freeUnless(source.value(), here);
        InPlace.rewrite(target, node);
        return target;
    }

    /** The conversion happens on the device that has the data, unless only the other one knows the dtype. */
    private static NdArray move(NdArray source, Backend backend, DType dtype) {
        if (source.backend() == backend) {
            return cast(source, dtype);
        }
        NdArray here = source.backend().supports(dtype) ? cast(source, dtype) : source.contiguous();
        NdArray there = transfer(here, backend);
        freeUnless(source, here);
        NdArray out = cast(there, dtype);
        freeUnless(out, there);
        return out;
    }

    /** The memory of an array that was made on the way, unless it is another's. */
    private static void freeUnless(NdArray other, NdArray made) {
        if (made.buffer() != other.buffer()) {
            made.buffer().freeIfUnheld();
        }
    }

    private static NdArray cast(NdArray source, DType dtype) {
        if (source.dtype() == dtype) {
            return source.contiguous();
        }
        NdArray out = NdArray.allocate(source.backend(), dtype, source.shape());
        if (source.numel() > 0) {
            source.backend().copy(source, out);
        }
        return out;
    }

    private static NdArray transfer(NdArray contiguous, Backend backend) {
        Object host = HostArrays.read(contiguous);
        NdArray out = NdArray.allocate(backend, contiguous.dtype(), contiguous.shape());
        backend.write(host, out.buffer());
        return out;
    }
}
