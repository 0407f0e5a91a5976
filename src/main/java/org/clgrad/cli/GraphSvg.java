package org.clgrad.cli;

import java.util.ArrayList;
import java.util.List;
import org.clgrad.cli.GraphPicture.Box;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkNode;

/** A graph as an SVG picture, the leaves on top. */
final class GraphSvg {
    private static final int FONT = 14;

    private GraphSvg() {}

    static String text(GraphPicture picture) {
        List<ElkNode> nodes = new ArrayList<>();
        ElkNode layout = GraphLayout.of(picture, nodes);
        String width = number(layout.getWidth());
        String height = number(layout.getHeight());
        StringBuilder svg = new StringBuilder(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" \
                font-family="Helvetica, Arial, sans-serif" font-size="%d" fill="%s">
                <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
                orient="auto"><path d="M0 1 L10 5 L0 9 z" fill="%s"/></marker></defs>
                <rect width="100%%" height="100%%" fill="white"/>
                """.formatted(width, height, width, height, FONT, GraphColors.TEXT, GraphColors.LINE));
        for (ElkEdge edge : layout.getContainedEdges()) {
            svg.append("""
                    <path d="%s" fill="none" stroke="%s" stroke-width="1.3" marker-end="url(#arrow)"/>
                    """.formatted(GraphLayout.path(edge), GraphColors.LINE));
        }
        for (Box box : picture.boxes()) {
            draw(svg, box, nodes.get(box.id()));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Box box, ElkNode at) {
        GraphColors colors = GraphColors.of(box.kind());
        String x = number(at.getX());
        String y = number(at.getY());
        svg.append("""
                <rect x="%s" y="%s" width="%s" height="%s" rx="8" fill="%s" stroke="%s" stroke-width="1.3"/>
                """.formatted(x, y, number(at.getWidth()), number(at.getHeight()), colors.fill(), colors.border()));
        double middle = at.getX() + at.getWidth() / 2;
        double baseline = at.getY() + FONT + 9;
        boolean tensor = !box.shape().isEmpty();
        label(svg, box.title(), middle, baseline, tensor ? "font-weight=\"bold\"" : "");
        if (tensor) {
            label(svg, box.shape(), middle, baseline + FONT + 4, "font-size=\"12\"");
        }
    }

    private static void label(StringBuilder svg, String text, double x, double y, String style) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append("""
                <text x="%s" y="%s" text-anchor="middle" %s>%s</text>
                """.formatted(number(x), number(y), style, escaped));
    }

    /** Pixels, to a tenth. */
    static String number(double value) {
        double tenths = Math.rint(value * 10) / 10;
        return tenths == Math.rint(tenths) ? Long.toString((long) tenths) : Double.toString(tenths);
    }
}
