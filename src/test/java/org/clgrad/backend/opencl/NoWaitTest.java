package org.clgrad.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.clgrad.Random;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.autograd.Variable;
import org.clgrad.backend.Backend;
import org.clgrad.backend.NdArray;
import org.clgrad.nn.Functional;
import org.clgrad.optim.Adam;
import org.clgrad.optim.Optimizer;
import org.clgrad.optim.SGD;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training step asks for work and goes on: it ends though the device has not begun. */
class NoWaitTest {
    private static final int STEPS = 5; // the first ones compile
    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("org.clgrad.backend.opencl.TestDevices#backends")
    void trainingStepsDoNotWait(Backend backend) {
        Random.manualSeed(1);
        Tensor x = tensor(backend, Tensor.randn(16, 8));
        Tensor y = tensor(backend, Tensor.rand(16, 4));
        List<Tensor> parameters = List.of(
                tensor(backend, Tensor.randn(8, 6)).requiresGrad(true),
                tensor(backend, Tensor.randn(6)).requiresGrad(true),
                tensor(backend, Tensor.randn(6, 4)).requiresGrad(true),
                tensor(backend, Tensor.randn(4)).requiresGrad(true));
        for (Optimizer optimizer : List.of(new SGD(parameters, 0.1), new Adam(parameters, 0.01))) {
            double[] losses = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                losses[i] = step(optimizer, x, y, parameters).item();
            }
            ClQueue queue = ((ClBackend) backend).queue();
            cl_event gate = close(queue);
            try (Scope scope = Scope.open()) {
                Tensor loss = assertTimeoutPreemptively(LONG, () -> {
                    step(optimizer, x, y, parameters);
                    return scope.keep(step(optimizer, x, y, parameters));
                });
                CL.clSetUserEventStatus(gate, CL.CL_COMPLETE);
                assertEquals(losses[STEPS - 1], loss.item(), 0.5); // and the work is done in the end
            } finally {
                CL.clSetUserEventStatus(gate, CL.CL_COMPLETE);
                CL.clReleaseEvent(gate);
            }
        }
    }

    private static Tensor tensor(Backend backend, Tensor like) {
        NdArray array = NdArray.allocate(backend, DType.FLOAT32, like.shape());
        backend.write(like.toFloatArray(), array.buffer());
        return new Tensor(new Variable(array));
    }

    private static Tensor step(Optimizer optimizer, Tensor x, Tensor y, List<Tensor> parameters) {
        optimizer.zeroGrad();
        Tensor hidden = x.matmul(parameters.get(0)).add(parameters.get(1)).relu();
        Tensor logits = hidden.matmul(parameters.get(2)).add(parameters.get(3));
        Tensor loss = Functional.binaryCrossEntropyWithLogits(logits, y);
        loss.backward();
        optimizer.step();
        return loss;
    }

    /** Lets nothing pass that is asked for from now on, until the event's status is set. */
    private static cl_event close(ClQueue queue) {
        cl_context context = new cl_context();
        CL.clGetCommandQueueInfo(queue.handle(), CL.CL_QUEUE_CONTEXT, Sizeof.cl_context, Pointer.to(context), null);
        cl_event gate = Cl.create("clCreateUserEvent", code -> CL.clCreateUserEvent(context, code));
        CL.clEnqueueBarrierWithWaitList(queue.handle(), 1, new cl_event[] {gate}, null);
        return gate;
    }
}
