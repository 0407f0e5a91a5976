package org.clgrad.bench.child;

import org.clgrad.bench.engine.ClblastEngine;
import org.clgrad.bench.engine.ClgradEngine;
import org.clgrad.bench.engine.DjlEngine;
import org.clgrad.bench.engine.LibtorchEngine;
import org.clgrad.bench.engine.Nd4jEngine;
import org.clgrad.bench.engine.NeurekaEngine;

/** Opens a contestant by name; no other library is touched. */
final class Sources {
    private Sources() {}

    /** @param device as clgrad names it */
    static WorkSource open(String engine, String device) {
        return switch (engine) {
            case "clgrad" -> new EngineWorks<>(new ClgradEngine(device));
            case "libtorch" -> new EngineWorks<>(new LibtorchEngine());
            case "djl" -> new EngineWorks<>(new DjlEngine());
            case "nd4j" -> new EngineWorks<>(new Nd4jEngine());
            case "neureka" -> new EngineWorks<>(new NeurekaEngine());
            case "clblast" -> new EngineWorks<>(new ClblastEngine(device));
            case "opencl-limits" -> new OpenClLimits(device);
            case "java-limits" -> new JavaLimits();
            default -> throw new IllegalArgumentException("no contestant " + engine);
        };
    }
}
