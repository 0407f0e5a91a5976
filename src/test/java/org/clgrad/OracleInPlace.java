package org.clgrad;

import java.util.HashMap;
import java.util.Map;

/** The programs of in-place operations of src/test/python/oracle.py, line by line. */
final class OracleInPlace {
    static final Map<String, OracleOperations.Operation> PROGRAMS = new HashMap<>();

    static {
        put("inPlaceAdd", (x, y) -> {
            Tensor c = x.clone();
            return c.add_(y).mul(c);
        });
        put("inPlaceAddScaled", (x, y) -> {
            Tensor c = x.clone();
            c.add_(y, 2.5);
            c.sub_(y.mul(y), -0.5);
            return c.mul(x);
        });
        put(
                "inPlaceNumbers",
                (x, y) -> x.clone().add_(1.5).sub_(0.25).mul_(3).div_(2).mul(x));
        put("inPlaceSub", (x, y) -> {
            Tensor c = x.clone();
            c.sub_(y);
            return c.mul(c);
        });
        put("inPlaceMul", (x, y) -> x.clone().mul_(y).add(x));
        put("inPlaceMulTwice", (x, y) -> x.clone().mul_(y).mul_(y).mul(y));
        put("inPlaceDiv", (x, y) -> {
            Tensor c = x.clone().div_(y);
            return c.mul(c);
        });
        put(
                "inPlacePow",
                (x, y) -> x.clone().pow_(2).mul(y).add(x.clone().pow_(3).pow_(2)));
        put("inPlaceClamp", (x, y) -> x.clone().clamp_(-1, 0.5).mul(x));
        put("inPlaceZero", (x, y) -> x.clone().zero_().add(x.mul(y)));
        put("inPlaceFill", (x, y) -> x.mul(y).fill_(3).mul(x));
        put("inPlaceCopy", (x, y) -> x.mul(2).copy_(y).mul(x));
        put("inPlaceAddSelf", (x, y) -> {
            Tensor c = x.clone();
            c.add_(c);
            return c.mul(y);
        });
        put("selectWritten", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.select(0, 1);
            v.mul_(y.select(0, 0));
            return c.mul(c).add(v.sum());
        });
        put("sliceWritten", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.slice(1, 0, 4, 2);
            v.add_(y.slice(1, 1, 3));
            v.mul_(2);
            return c.mul(y).mul(v.sum());
        });
        put("transposeWritten", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.t();
            v.mul_(y.t());
            v.add_(1);
            return c.mul(v.t());
        });
        put("reshapeWritten", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.reshape(-1);
            v.pow_(2);
            return c.mul(y).add(v.sum());
        });
        put("unsqueezeWritten", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.unsqueeze(1);
            v.sub_(y.unsqueeze(1));
            return c.mul(v.squeeze(1));
        });
        put("viewOfView", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.t();
            Tensor w = v.slice(0, 1, 3);
            w.mul_(y.t().slice(0, 0, 2));
            return c.mul(y).add(v.t().mul(w.sum()));
        });
        put("baseWritten", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.select(0, 0);
            c.mul_(y);
            return v.mul(c);
        });
        put("siblings", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.select(0, 0);
            Tensor w = c.select(1, 0);
            v.mul_(y.select(0, 0));
            w.pow_(2);
            return v.mul(v).sum().add(w.mul(c.select(1, 1)).sum());
        });
        put("writtenInTurn", (x, y) -> {
            Tensor c = x.clone();
            Tensor v = c.select(0, 1);
            for (int k = 0; k < 3; k++) {
                v.add_(y.select(0, 0));
                c.mul_(1.5);
                v.sub_(x.select(0, 0), 0.5);
            }
            return c.mul(v);
        });
        put("copyIntoView", (x, y) -> {
            Tensor c = x.clone();
            c.select(0, 0).copy_(y.select(0, 1));
            c.select(1, 2).copy_(y.get(0, 0));
            return c.mul(c).mul(x);
        });
        put("zeroView", (x, y) -> {
            Tensor c = x.mul(y);
            c.select(0, 0).zero_();
            c.select(1, 1).fill_(2);
            return c.mul(x);
        });
        put("baseWithoutGrad", (x, y) -> {
            Tensor c = Tensor.zerosLike(x);
            Tensor w = c.select(1, 0);
            Tensor v = c.select(0, 0);
            v.copy_(x.select(0, 1));
            v.mul_(y.select(0, 0));
            return c.add(w.sum().mul(y));
        });
        put("clampedView", (x, y) -> {
            Tensor c = x.clone();
            c.slice(1, 1, 3).clamp_(-0.5, 0.5);
            return c.mul(y);
        });
        put("writtenBeforeView", (x, y) -> {
            Tensor c = x.clone();
            c.mul_(y);
            Tensor v = c.select(0, 0);
            return v.mul(c);
        });
    }

    private OracleInPlace() {}

    private static void put(String name, java.util.function.BinaryOperator<Tensor> program) {
        PROGRAMS.put(name, (t, a) -> program.apply(t[0], t[1]));
    }
}
