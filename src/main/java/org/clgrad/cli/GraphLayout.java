package org.clgrad.cli;

import java.util.List;
import org.clgrad.cli.GraphPicture.Arrow;
import org.clgrad.cli.GraphPicture.Box;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/** Places boxes in layers and routes arrows between them, by the Eclipse Layout Kernel. */
final class GraphLayout {
    private static final double LETTER = 8.2; // mean width of a letter at 14 pixels
    private static final double BEND = 8;

    private GraphLayout() {}

    /** @param nodes receives the placed boxes in the picture's order */
    static ElkNode of(GraphPicture picture, List<ElkNode> nodes) {
        ElkNode graph = ElkGraphUtil.createGraph();
        graph.setProperty(CoreOptions.ALGORITHM, "org.eclipse.elk.layered");
        graph.setProperty(CoreOptions.DIRECTION, Direction.DOWN);
        graph.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        graph.setProperty(CoreOptions.PADDING, new ElkPadding(16));
        graph.setProperty(CoreOptions.SPACING_NODE_NODE, 28.0);
        graph.setProperty(LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.NETWORK_SIMPLEX);
        graph.setProperty(
                LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.PREFER_EDGES); // inputs in order
        for (Box box : picture.boxes()) {
            ElkNode node = ElkGraphUtil.createNode(graph);
            double letters = Math.max(box.title().length(), box.shape().length());
            node.setDimensions(Math.max(64, letters * LETTER + 24), box.shape().isEmpty() ? 36 : 54);
            nodes.add(node);
        }
        for (Arrow arrow : picture.arrows()) {
            ElkGraphUtil.createSimpleEdge(nodes.get(arrow.from()), nodes.get(arrow.to()));
        }
        new RecursiveGraphLayoutEngine().layout(graph, new BasicProgressMonitor());
        return graph;
    }

    /** The way of an arrow, corners rounded, as an SVG path. */
    static String path(ElkEdge edge) {
        ElkEdgeSection section = edge.getSections().get(0);
        double x = section.getStartX();
        double y = section.getStartY();
        StringBuilder path = new StringBuilder("M").append(point(x, y));
        List<ElkBendPoint> bends = section.getBendPoints();
        for (int i = 0; i < bends.size(); i++) {
            ElkBendPoint bend = bends.get(i);
            boolean last = i + 1 == bends.size();
            double nextX = last ? section.getEndX() : bends.get(i + 1).getX();
            double nextY = last ? section.getEndY() : bends.get(i + 1).getY();
            path.append(" L").append(towards(bend.getX(), bend.getY(), x, y));
            path.append(" Q").append(point(bend.getX(), bend.getY()));
            path.append(" ").append(towards(bend.getX(), bend.getY(), nextX, nextY));
            x = bend.getX();
            y = bend.getY();
        }
        return path.append(" L")
                .append(point(section.getEndX(), section.getEndY()))
                .toString();
    }

    /** The point at a bend's radius from (x, y) on the line to another point, at most half of it. */
    private static String towards(double x, double y, double otherX, double otherY) {
        double length = Math.hypot(otherX - x, otherY - y);
        double part = length == 0 ? 0 : Math.min(0.5, BEND / length);
        return point(x + (otherX - x) * part, y + (otherY - y) * part);
    }

    private static String point(double x, double y) {
        return GraphSvg.number(x) + " " + GraphSvg.number(y);
    }
}
