package org.clgrad.cli;

/** A graph in the language of Graphviz. */
final class GraphDot {
    private GraphDot() {}

    static String text(GraphPicture picture) {
        StringBuilder dot = new StringBuilder("digraph graph_of_gradients {\n");
        dot.append("  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=12];\n");
        dot.append("  edge [color=\"").append(GraphColors.LINE).append("\"];\n");
        for (GraphPicture.Box box : picture.boxes()) {
            GraphColors colors = GraphColors.of(box.kind());
            dot.append("  n").append(box.id()).append(" [label=\"").append(quoted(box.title()));
            if (!box.shape().isEmpty()) {
                dot.append("\\n").append(quoted(box.shape()));
            }
            dot.append("\", fillcolor=\"").append(colors.fill());
            dot.append("\", color=\"").append(colors.border()).append("\"];\n");
        }
        for (GraphPicture.Arrow arrow : picture.arrows()) {
            dot.append("  n")
                    .append(arrow.from())
                    .append(" -> n")
                    .append(arrow.to())
                    .append(";\n");
        }
        return dot.append("}\n").toString();
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
