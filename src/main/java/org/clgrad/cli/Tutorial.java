package org.clgrad.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.clgrad.Autograd;
import org.clgrad.Device;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.array.DType;
import org.clgrad.nn.Functional;

/** PyTorch's tutorial "Automatic differentiation with torch.autograd", cell by cell. */
final class Tutorial {
    private static final DType F32 = DType.FLOAT32;

    private final Session session;
    private final Device device;

    Tutorial(Session session) {
        this.session = session;
        this.device = session.device();
    }

    void run() {
        session.reseed();
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ones(device, F32, 5); // input
            Tensor y = Tensor.zeros(device, F32, 3); // expected output
            Tensor w = Tensor.randn(device, F32, 5, 3).requiresGrad(true);
            Tensor b = Tensor.randn(device, F32, 3).requiresGrad(true);
            graphAndGradients(x, y, w, b);
            withoutTracking(x, w, b);
            frozenParameter(x, y, w, b);
            jacobianProduct();
        }
    }

    private void graphAndGradients(Tensor x, Tensor y, Tensor w, Tensor b) {
        session.heading("Tensors, functions and the computational graph");
        Tensor z = x.matmul(w).add(b);
        Tensor loss = Functional.binaryCrossEntropyWithLogits(z, y);
        session.line("Gradient function for z = %s", z.gradFn());
        session.line("Gradient function for loss = %s", loss.gradFn());

        Map<Tensor, String> names = new LinkedHashMap<>();
        names.put(w, "w");
        names.put(b, "b");
        names.put(loss, "loss");
        GraphPicture picture = GraphPicture.of(loss, names);
        session.write("graph.dot", GraphDot.text(picture));
        session.write("graph.svg", GraphSvg.text(picture));

        session.heading("Computing gradients");
        loss.backward();
        session.line("w.grad =\n%s", w.grad());
        session.line("b.grad =\n%s", b.grad());
    }

    private void withoutTracking(Tensor x, Tensor w, Tensor b) {
        session.heading("Disabling gradient tracking");
        session.line(
                "z = x.matmul(w).add(b)  requires grad: %s", x.matmul(w).add(b).requiresGrad());
        try (var guard = Autograd.noGrad()) {
            session.line(
                    "z inside noGrad()       requires grad: %s",
                    x.matmul(w).add(b).requiresGrad());
        }
        session.line(
                "z.detach()              requires grad: %s",
                x.matmul(w).add(b).detach().requiresGrad());
    }

    private void frozenParameter(Tensor x, Tensor y, Tensor w, Tensor b) {
        session.heading("Freezing a parameter");
        w.grad(null).requiresGrad(false);
        b.grad(null);
        Functional.binaryCrossEntropyWithLogits(x.matmul(w).add(b), y).backward();
        session.line("w.grad = %s", w.grad());
        session.line("b.grad = %s", b.grad());
    }

    private void jacobianProduct() {
        session.heading("Tensor gradients and Jacobian products");
        Tensor inp = Tensor.eye(device, F32, 5, 5).requiresGrad(true);
        Tensor out = inp.add(1).pow(2);
        out.backward(Tensor.onesLike(inp), true);
        session.line("First Call\n %s", inp.grad());
        out.backward(Tensor.onesLike(inp), true);
        session.line("\nSecond call\n %s", inp.grad());
        inp.grad().zero_();
        out.backward(Tensor.onesLike(inp), true);
        session.line("\nCall after zeroing gradients\n %s", inp.grad());
    }
}
