package org.clgrad.cli;

/**
 * The colours of a box.
 *
 * @param fill its inside
 * @param border its outline
 */
record GraphColors(String fill, String border) {
    static final String LINE = "#64748b";
    static final String TEXT = "#1e293b";

    static GraphColors of(GraphPicture.Kind kind) {
        return switch (kind) {
            case LEAF -> new GraphColors("#dbeafe", "#3b82f6");
            case ACCUMULATE -> new GraphColors("#f8fafc", "#cbd5e1");
            case OPERATION -> new GraphColors("#f1f5f9", "#64748b");
            case RESULT -> new GraphColors("#dcfce7", "#22c55e");
        };
    }
}
