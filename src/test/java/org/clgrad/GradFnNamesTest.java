package org.clgrad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clgrad.array.DType;
import org.clgrad.autograd.Edge;
import org.clgrad.autograd.Node;
import org.clgrad.nn.Functional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Nodes have PyTorch's names and point to the nodes that PyTorch's point to. */
class GradFnNamesTest {
    private final Tensor x = Tensor.ones(2, 3).requiresGrad(true);
    private final Tensor y = Tensor.ones(2, 3).requiresGrad(true);
    private final Tensor v = Tensor.ones(3).requiresGrad(true);
    private final Tensor m = Tensor.ones(3, 4).requiresGrad(true);
    private final Tensor p = Tensor.ones(5, 2, 3).requiresGrad(true);
    private final Tensor q = Tensor.ones(5, 3, 4).requiresGrad(true);
    private final Tensor row = Tensor.ones(1, 3).requiresGrad(true);
    private final Tensor b = Tensor.ones(4).requiresGrad(true);
    private final Tensor c = Tensor.ones(2, 3);
    private final Map<String, Supplier<Tensor>> operations = new HashMap<>();

    GradFnNamesTest() {
        put("add", () -> x.add(y));
        put("add number", () -> x.add(1));
        put("add constant", () -> x.add(c));
        put("constant add", () -> c.add(x));
        put("sub", () -> x.sub(y));
        put("sub number", () -> x.sub(1));
        put("rsub", () -> x.rsub(1));
        put("mul", () -> x.mul(y));
        put("mul number", () -> x.mul(2));
        put("mul constant", () -> c.mul(x));
        put("div", () -> x.div(y));
        put("div number", () -> x.div(2));
        put("neg", () -> x.neg());
        put("pow", () -> x.pow(y));
        put("pow 0", () -> x.pow(0));
        put("pow 2", () -> x.pow(2));
        put("pow 3", () -> x.pow(3));
        put("pow 2.5", () -> x.pow(2.5));
        put("rpow", () -> x.rpow(2));
        put("exp", () -> x.exp());
        put("log", () -> x.log());
        put("log1p", () -> x.log1p());
        put("sqrt", () -> x.sqrt());
        put("sin", () -> x.sin());
        put("cos", () -> x.cos());
        put("abs", () -> x.abs());
        put("sign", () -> x.sign());
        put("sigmoid", () -> x.sigmoid());
        put("tanh", () -> x.tanh());
        put("softmax", () -> x.softmax(0));
        put("logSoftmax", () -> x.logSoftmax(0));
        put("layerNorm", () -> Functional.layerNorm(x, new int[] {3}, v, null));
        put("erf", () -> x.erf());
        put("gelu", () -> x.gelu());
        put("relu", () -> x.relu());
        put("maximum", () -> x.maximum(y));
        put("minimum", () -> x.minimum(y));
        put("clamp", () -> x.clamp(0, 1));
        put("where", () -> Tensor.where(c.gt(0), x, y));
        put("sum", () -> x.sum());
        put("sum axis", () -> x.sum(0));
        put("mean", () -> x.mean());
        put("mean axis", () -> x.mean(0));
        put("max", () -> x.max());
        put("max axes", () -> x.max(0));
        put("min", () -> x.min());
        put("min axes", () -> x.min(0));
        put("transpose", () -> x.transpose(0, 1));
        put("permute", () -> x.permute(1, 0));
        put("expand", () -> row.expand(2, 3));
        put("unsqueeze", () -> x.unsqueeze(0));
        put("squeeze axis", () -> row.squeeze(0));
        put("slice", () -> x.slice(0, 0, 1));
        put("select", () -> x.select(0, 1));
        put("cat", () -> Tensor.cat(List.of(x, y), 0));
        put("clone", () -> x.clone());
        put("dot", () -> v.matmul(v));
        put("mv", () -> x.matmul(v));
        put("mm", () -> x.matmul(m));
        put("bmm", () -> p.matmul(q));
        put("bce", () -> Functional.binaryCrossEntropyWithLogits(x, c));
        put("mse", () -> Functional.mseLoss(x, c));
        put("add_", () -> x.clone().add_(y));
        put("sub_", () -> x.clone().sub_(1));
        put("mul_", () -> x.clone().mul_(y));
        put("div_", () -> x.clone().div_(2));
        put("pow_", () -> x.clone().pow_(2));
        put("clamp_", () -> x.clone().clamp_(0, 1));
        put("zero_", () -> x.clone().zero_());
        put("copy_", () -> x.clone().copy_(y));
        put("nested", () -> x.mul(2).add(y).exp());
        put("same twice", () -> x.mul(x));
        put("linear", () -> c.matmul(m).add(b));
        if (Device.getDefault().describe().fp64()) {
            put("to", () -> x.to(DType.FLOAT64));
        }
    }

    private void put(String name, Supplier<Tensor> operation) {
        operations.put(name, operation);
    }

    @TestFactory
    Stream<DynamicTest> asPyTorch() {
        return Oracle.lines("names.txt").stream()
                .map(line -> line.split("\\|", -1))
                .filter(fields -> operations.containsKey(fields[0]))
                .map(fields -> dynamicTest(fields[0], () -> {
                    Node node = operations.get(fields[0]).get().gradFn();
                    assertNotNull(node);
                    assertEquals(fields[1], node.name());
                    assertEquals("<" + fields[1] + ">", node.toString());
                    assertEquals(
                            fields[2],
                            node.nextFunctions().stream()
                                    .filter(Objects::nonNull)
                                    .map(edge -> edge.node().name())
                                    .collect(Collectors.joining(",")));
                }));
    }

    @Test
    void everyOperationIsCompared() {
        List<String> asked = Oracle.lines("names.txt").stream()
                .map(line -> line.split("\\|")[0])
                .toList();
        assertEquals(
                List.of(),
                operations.keySet().stream()
                        .filter(name -> !asked.contains(name))
                        .toList());
    }

    @Test
    void theTutorialsGraph() {
        Tensor z = Tensor.ones(5).matmul(Tensor.ones(5, 3).requiresGrad(true)).add(v);
        Tensor loss = Functional.binaryCrossEntropyWithLogits(z, Tensor.zeros(3));
        assertEquals("<BinaryCrossEntropyWithLogitsBackward0>", String.valueOf(loss.gradFn()));
        Node add = loss.gradFn().nextFunctions().get(0).node();
        assertEquals("AddBackward0", add.name());
        Node product = add.nextFunctions().get(0).node();
        assertEquals("MvBackward0", product.name());
        assertEquals("AccumulateGrad", add.nextFunctions().get(1).node().name());
        assertNull(product.nextFunctions().get(0), "x needs no gradient");
        assertEquals("AccumulateGrad", product.nextFunctions().get(1).node().name());
        assertEquals(List.of(), product.nextFunctions().get(1).node().nextFunctions());
    }

    @Test
    void aConstantHasNoEdgeWhereItStands() {
        List<Edge> edges = c.mul(x).gradFn().nextFunctions();
        assertEquals(2, edges.size());
        assertNull(edges.get(0));
        assertNull(x.mul(c).gradFn().nextFunctions().get(1));
    }

    @Test
    void oneLeafIsOneNode() {
        List<Edge> edges = x.mul(x).gradFn().nextFunctions();
        assertEquals(edges.get(0), edges.get(1));
        assertEquals(
                edges.get(0).node(), x.exp().gradFn().nextFunctions().get(0).node());
    }

    @Test
    void aBaseWrittenThroughAViewHasCopySlices() {
        Tensor base = x.clone();
        Tensor view = base.select(0, 0);
        view.mul_(2);
        assertEquals("CopySlices", base.gradFn().name());
        assertEquals("SelectBackward0", view.gradFn().name());
        assertEquals("CopySlices", view.gradFn().nextFunctions().get(0).node().name());
    }
}
