package org.clgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.clgrad.Device;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.cli.GraphPicture.Arrow;
import org.clgrad.cli.GraphPicture.Box;
import org.clgrad.cli.GraphPicture.Kind;
import org.junit.jupiter.api.Test;

class GraphPictureTest {
    private final Tensor w = Tensor.ones(Device.cpu(), DType.FLOAT32, 2, 3).requiresGrad(true);

    @Test
    void dotNamesLeavesOperationsAndArrows() {
        Tensor loss = w.add(1).sum();
        String dot = GraphDot.text(GraphPicture.of(loss, Map.of(w, "w \"quoted\"", loss, "loss")));
        assertTrue(dot.startsWith("digraph "), dot);
        assertTrue(dot.contains("n0 [label=\"loss\\n[]\""), dot);
        assertTrue(dot.contains("n1 [label=\"SumBackward0\""), dot);
        assertTrue(dot.contains("n2 [label=\"AddBackward0\""), dot);
        assertTrue(dot.contains("n3 [label=\"AccumulateGrad\""), dot);
        assertTrue(dot.contains("n4 [label=\"w \\\"quoted\\\"\\n[2, 3]\""), dot);
        for (String arrow : new String[] {"n4 -> n3;", "n3 -> n2;", "n2 -> n1;", "n1 -> n0;"}) {
            assertTrue(dot.contains(arrow), dot);
        }
    }

    @Test
    void sharedNodesAreDrawnOnceAndEveryUseIsAnArrow() {
        GraphPicture picture = GraphPicture.of(w.mul(w));
        assertEquals(1, count(picture, Kind.LEAF));
        assertEquals(1, count(picture, Kind.ACCUMULATE));
        int accumulate = only(picture, Kind.ACCUMULATE).id();
        int operation = only(picture, Kind.OPERATION).id();
        assertEquals(
                2,
                picture.arrows().stream()
                        .filter(new Arrow(accumulate, operation)::equals)
                        .count());
    }

    @Test
    void aLeafIsAGraphOfItsOwn() {
        GraphPicture picture = GraphPicture.of(w, Map.of(w, "w"));
        assertEquals(new Box(0, Kind.LEAF, "w", "[2, 3]"), only(picture, Kind.LEAF));
        assertEquals(1, picture.boxes().size());
        Svg.parse(GraphSvg.text(picture));
    }

    @Test
    void svgIsWellFormedAndHoldsEveryLabel() {
        Tensor loss = w.mul(w).add(w.exp()).sum();
        String svg = GraphSvg.text(GraphPicture.of(loss, Map.of(w, "w < \u03b8 & \"v\"", loss, "loss")));
        var texts = Svg.parse(svg).getElementsByTagName("text");
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < texts.getLength(); i++) {
            labels.append(texts.item(i).getTextContent()).append('\n');
        }
        for (String label : new String[] {"w < \u03b8 & \"v\"", "[2, 3]", "MulBackward0", "ExpBackward0", "loss"}) {
            assertTrue(labels.toString().contains(label), labels.toString());
        }
    }

    @Test
    void deepGraphsDoNotOverflowTheStack() {
        Tensor x = w;
        for (int i = 0; i < 20_000; i++) {
            x = x.add(1);
        }
        assertEquals(20_000, count(GraphPicture.of(x), Kind.OPERATION));
    }

    private static long count(GraphPicture picture, Kind kind) {
        return picture.boxes().stream().filter(b -> b.kind() == kind).count();
    }

    private static Box only(GraphPicture picture, Kind kind) {
        assertEquals(1, count(picture, kind));
        return picture.boxes().stream().filter(b -> b.kind() == kind).findAny().orElseThrow();
    }
}
