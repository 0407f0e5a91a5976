package org.clgrad.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.clgrad.Tensor;
import org.clgrad.array.Shapes;
import org.clgrad.autograd.Edge;
import org.clgrad.autograd.Node;
import org.clgrad.autograd.Variable;

/**
 * How a tensor was computed from its leaves, as boxes and arrows in the direction of computation. Tensors that need no
 * gradient are not part of the record, so not of the picture.
 *
 * @param boxes in the order in which they were found, from the result back to the leaves
 * @param arrows each from an input to what is computed from it
 */
record GraphPicture(List<Box> boxes, List<Arrow> arrows) {

    /** What a box stands for. */
    enum Kind {
        LEAF,
        ACCUMULATE,
        OPERATION,
        RESULT
    }

    /** @param id its index in {@link #boxes} */
    record Box(int id, Kind kind, String title, String shape) {}

    record Arrow(int from, int to) {}

    /** The graph of a tensor whose leaves have no names. */
    static GraphPicture of(Tensor result) {
        return of(result, Map.of());
    }

    /** The graph of a tensor, with names for leaves and for the result. */
    static GraphPicture of(Tensor result, Map<Tensor, String> names) {
        Map<Variable, String> named = new IdentityHashMap<>();
        names.forEach((tensor, name) -> named.put(tensor.variable(), name));
        return new Walk(named).from(result.variable());
    }

    /** A depth-first search with a stack of its own, since graphs can be deeper than Java's. */
    private static final class Walk {
        private final Map<Variable, String> names;
        private final List<Box> boxes = new ArrayList<>();
        private final List<Arrow> arrows = new ArrayList<>();
        private final Map<Node, Integer> ids = new HashMap<>();
        private final Deque<Node> open = new ArrayDeque<>();

        Walk(Map<Variable, String> names) {
            this.names = names;
        }

        GraphPicture from(Variable result) {
            Node root = result.gradFn();
            if (root == null) {
                box(Kind.LEAF, names.getOrDefault(result, "leaf"), Shapes.text(result.shape()));
                return new GraphPicture(boxes, arrows);
            }
            int end = box(Kind.RESULT, names.getOrDefault(result, "result"), Shapes.text(result.shape()));
            arrows.add(new Arrow(visit(root), end));
            while (!open.isEmpty()) {
                Node node = open.pop();
                for (Edge edge : node.nextFunctions()) {
                    if (edge != null) {
                        arrows.add(new Arrow(visit(edge.node()), ids.get(node)));
                    }
                }
            }
            return new GraphPicture(List.copyOf(boxes), List.copyOf(arrows));
        }

        private int visit(Node node) {
            Integer known = ids.get(node);
            if (known != null) {
                return known;
            }
            Variable leaf = node.variable();
            int id = box(leaf == null ? Kind.OPERATION : Kind.ACCUMULATE, node.name(), "");
            ids.put(node, id);
            if (leaf != null) {
                int tensor = box(Kind.LEAF, names.getOrDefault(leaf, "leaf"), Shapes.text(leaf.shape()));
                arrows.add(new Arrow(tensor, id));
            } else {
                open.push(node);
            }
            return id;
        }

        private int box(Kind kind, String title, String shape) {
            boxes.add(new Box(boxes.size(), kind, title, shape));
            return boxes.size() - 1;
        }
    }
}
