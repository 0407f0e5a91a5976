package org.clgrad.cli;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.clgrad.cli.GraphPicture.Box;
import org.clgrad.cli.GraphPicture.Kind;
import org.eclipse.elk.graph.ElkNode;

/** A graph as an SVG picture, the leaves on top. */
final class GraphSvg {
    private static final int FONT = 14;
    private static final int CORNER = 8;

    private final XMLStreamWriter xml;

    private GraphSvg(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static String text(GraphPicture picture) {
        StringWriter text = new StringWriter();
        try {
            new GraphSvg(XMLOutputFactory.newInstance().createXMLStreamWriter(text)).write(picture);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a string can always be written to", e);
        }
        return text.append('\n').toString();
    }

    private void write(GraphPicture picture) throws XMLStreamException {
        List<ElkNode> nodes = new ArrayList<>();
        ElkNode layout = GraphLayout.of(picture, nodes);
        start("svg", "xmlns", "http://www.w3.org/2000/svg", "width", number(layout.getWidth()), "height",
                number(layout.getHeight()), "viewBox",
                "0 0 " + number(layout.getWidth()) + " " + number(layout.getHeight()),
                "font-family", "Helvetica, Arial, sans-serif", "font-size", Integer.toString(FONT));
        start("defs");
        start("marker", "id", "arrow", "viewBox", "0 0 10 10", "refX", "9", "refY", "5", "markerWidth", "8",
                "markerHeight", "8", "orient", "auto");
        empty("path", "d", "M0 1 L10 5 L0 9 z", "fill", GraphColors.LINE);
        end();
        end();
        empty("rect", "width", "100%", "height", "100%", "fill", "white");
        for (var edge : layout.getContainedEdges()) {
            empty("path", "d", GraphLayout.path(edge), "fill", "none", "stroke", GraphColors.LINE, "stroke-width",
                    "1.3", "marker-end", "url(#arrow)");
        }
        for (Box box : picture.boxes()) {
            draw(box, nodes.get(box.id()));
        }
        end();
        xml.flush();
    }

    private void draw(Box box, ElkNode at) throws XMLStreamException {
        GraphColors colors = GraphColors.of(box.kind());
        empty("rect", "x", number(at.getX()), "y", number(at.getY()), "width", number(at.getWidth()), "height",
                number(at.getHeight()), "rx", Integer.toString(CORNER), "fill", colors.fill(), "stroke",
                colors.border(), "stroke-width", "1.3");
        double middle = at.getX() + at.getWidth() / 2;
        double baseline = at.getY() + FONT + 8;
        boolean tensor = box.kind() == Kind.LEAF || box.kind() == Kind.RESULT;
        label(box.title(), middle, baseline, "font-weight", tensor ? "bold" : "normal");
        if (tensor) {
            label(box.shape(), middle, baseline + FONT + 4, "font-size", "12");
        }
    }

    private void label(String text, double x, double y, String attribute, String value) throws XMLStreamException {
        start("text", "x", number(x), "y", number(y), "text-anchor", "middle", "fill", GraphColors.TEXT, attribute,
                value);
        xml.writeCharacters(text);
        end();
    }

    private void start(String name, String... attributes) throws XMLStreamException {
        xml.writeStartElement(name);
        attributes(attributes);
    }

    private void empty(String name, String... attributes) throws XMLStreamException {
        xml.writeEmptyElement(name);
        attributes(attributes);
    }

    private void attributes(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], attributes[i + 1]);
        }
    }

    private void end() throws XMLStreamException {
        xml.writeEndElement();
        xml.writeCharacters("\n");
    }

    static String number(double value) {
        return Math.rint(value) == value ? Long.toString((long) value) : Double.toString(Math.rint(value * 10) / 10);
    }
}
