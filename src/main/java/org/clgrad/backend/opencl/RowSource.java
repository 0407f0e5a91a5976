package org.clgrad.backend.opencl;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.clgrad.array.DType;
import org.clgrad.backend.Expr;
import org.clgrad.backend.RowProgram;

/** OpenCL C for a row program: what row_stages.clh wants defined. */
final class RowSource {
    private final DType dtype;
    private final StringBuilder definitions = new StringBuilder();
    private int constants;

    private RowSource(DType dtype) {
        this.dtype = dtype;
    }

    /**
     * A kernel to be.
     *
     * @param constants how many numbers it takes
     */
    record Text(String source, int constants) {}

    /** @param steps for each array 1 or 0, as row_stages.clh has it */
    static Text of(RowProgram program, List<Long> steps, boolean inner, DType dtype) {
        RowSource text = new RowSource(dtype);
        List<RowProgram.Stage> stages = program.stages();
        for (int s = 0; s < stages.size(); s++) {
            text.value("STAGE_" + s + "_", stages.get(s).element());
            Expr then = stages.get(s).then();
            text.value("STAGE_" + s + "_THEN_", then == null ? RowProgram.scalar(s) : then);
            text.define("STAGE_" + s + "_KEEP", stages.get(s).kept() ? "1" : "0");
        }
        for (int r = 0; r < program.rowResults().size(); r++) {
            text.value("ROW_RESULT_" + r + "_", program.rowResults().get(r));
        }
        for (int c = 0; c < program.columnSums().size(); c++) {
            text.value("COLUMN_" + c + "_", program.columnSums().get(c));
        }
        if (program.result() != null) {
            text.define("HAS_RESULT", "");
            text.value("RESULT_", program.result());
        }
        for (int i = 0; i < steps.size(); i++) {
            text.define("STEP_" + i, steps.get(i).toString());
        }
        text.define("INPUTS(F)", ExprSource.calls(steps.size()));
        text.define("CONSTANTS(F)", ExprSource.calls(text.constants));
        text.define("ROW_RESULTS(F)", ExprSource.calls(program.rowResults().size()));
        text.define("COLUMNS(F)", ExprSource.calls(program.columnSums().size()));
        text.define(
                "STAGES(F)",
                IntStream.range(0, stages.size())
                        .mapToObj(s ->
                                " F(" + s + ", " + ExprSource.kind(stages.get(s).kind()) + ")")
                        .collect(Collectors.joining()));
        return new Text(
                text.definitions + "#include \"rows_" + (inner ? "inner" : "outer") + ".clh\"\n", text.constants);
    }

    private void value(String prefix, Expr expr) {
        ExprSource source = new ExprSource(dtype, RowSource::symbol);
        String value = source.name(expr);
        define(prefix + "LET", source.statements());
        define(prefix + "VALUE", value);
        constants = Math.max(constants, source.constants());
    }

    private static String symbol(int index) {
        return index < RowProgram.INPUTS
                ? "x" + index
                : index < RowProgram.SYMBOLS - 1 ? "s" + (index - RowProgram.INPUTS) + "[v]" : "kept";
    }

    private void define(String name, String text) {
        definitions.append("#define ").append(name).append(' ').append(text).append('\n');
    }
}
