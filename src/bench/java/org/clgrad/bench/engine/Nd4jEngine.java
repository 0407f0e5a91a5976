package org.clgrad.bench.engine;

import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ND4J's arrays on its CPU backend, in a workspace. They have no gradients; those belong to its static graphs, SameDiff. */
public final class Nd4jEngine implements Engine<INDArray> {
    private static final WorkspaceConfiguration WORKSPACE = WorkspaceConfiguration.builder()
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    @Override
    public String version() {
        return "ND4J " + Nd4j.getBackend().getClass().getSimpleName() + " 1.0.0-M2.1";
    }

    @Override
    public INDArray of(float[] data, int... shape) {
        return Nd4j.create(data, shape, 'c');
    }

    @Override
    public float[] read(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    @Override
    public Region inputs() {
        return Nd4j.getMemoryManager()::invokeGc;
    }

    @Override
    public Region region() {
        MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "bench");
        return workspace::close;
    }

    @Override
    public INDArray matmul(INDArray a, INDArray b) {
        return Nd4j.matmul(a, b);
    }

    @Override
    public INDArray transpose(INDArray a) {
        return a.swapAxes(a.rank() - 2, a.rank() - 1);
    }

    @Override
    public INDArray add(INDArray a, INDArray b) {
        return a.add(b);
    }

    @Override
    public INDArray add(INDArray a, double b) {
        return a.add(b);
    }

    @Override
    public INDArray mul(INDArray a, double b) {
        return a.mul(b);
    }

    @Override
    public INDArray exp(INDArray a) {
        return Transforms.exp(a, true);
    }

    @Override
    public INDArray sum(INDArray a, int axis) {
        return a.sum(axis);
    }

    @Override
    public INDArray mean(INDArray a, int axis) {
        return a.mean(axis);
    }

    @Override
    public INDArray max(INDArray a, int axis) {
        return a.max(axis);
    }

    @Override
    public INDArray softmax(INDArray a, int axis) {
        return Nd4j.nn().softmax(a, axis);
    }

    @Override
    public INDArray logSoftmax(INDArray a, int axis) {
        return Nd4j.nn().logSoftmax(a, axis);
    }
}
