package org.clgrad.bench.child;

import java.util.List;
import java.util.function.Supplier;
import org.clgrad.bench.Case;
import org.clgrad.bench.engine.Engine;
import org.clgrad.bench.engine.Region;

/** The workloads on a library. */
final class EngineWorks<T> implements WorkSource {
    private final Engine<T> engine;

    EngineWorks(Engine<T> engine) {
        this.engine = engine;
    }

    @Override
    public String version() {
        return engine.version();
    }

    @Override
    public long peakBytes() {
        return engine.peakBytes();
    }

    @Override
    public Work open(Case wanted) {
        Region inputs = engine.inputs();
        try {
            return new EngineWork(inputs, new Programs<>(engine).prepare(wanted));
        } catch (RuntimeException | Error e) {
            inputs.close();
            throw e;
        }
    }

    private final class EngineWork implements Work {
        private final Region inputs;
        private final Supplier<List<T>> program;

        EngineWork(Region inputs, Supplier<List<T>> program) {
            this.inputs = inputs;
            this.program = program;
        }

        @Override
        public void call() {
            try (Region region = engine.region()) {
                engine.need(program.get());
            }
        }

        @Override
        public void finish() {
            engine.finish();
        }

        @Override
        public List<float[]> results() {
            try (Region region = engine.region()) {
                return program.get().stream().map(engine::read).toList();
            }
        }

        @Override
        public void close() {
            inputs.close();
        }
    }
}
