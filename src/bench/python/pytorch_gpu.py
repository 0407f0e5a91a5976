"""PyTorch on a GPU as a contestant of the benchmark: speaks the protocol of org.clgrad.bench.child.ChildMain.

Inputs, checksums, clock and workloads are those of the Java classes named beside them, in eager PyTorch as one would
write it. The only argument is the device of torch, by default cuda.
"""

import gc
import sys
import time
import traceback

import numpy as np
import torch
import torch.nn.functional as F

MARK = "@bench "


class Unsupported(Exception):
    """Why a command cannot be done, for a person."""


class Inputs:
    """The numbers of Inputs.java: SplitMix64, uniform in (-1, 1)."""

    GAMMA = 0x9E3779B97F4A7C15

    def __init__(self, seed):
        self.state = seed

    def uniform(self, n, scale):
        return (scale * ((self._next(n) >> np.uint64(40)).astype(np.float64) - 8388607.5) * 2.0**-23).astype(np.float32)

    def positive(self, n):
        return self.uniform(n, 0.5) + np.float32(0.5)

    def _next(self, n):
        z = np.arange(1, n + 1, dtype=np.uint64)
        z *= np.uint64(self.GAMMA)
        z += np.uint64(self.state)
        self.state = (self.state + n * self.GAMMA) % 2**64
        z ^= z >> np.uint64(30)
        z *= np.uint64(0xBF58476D1CE4E5B9)
        z ^= z >> np.uint64(27)
        z *= np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
        return z


class Checksum:
    """The two sums of Checksum.java; its weights come again after PERIOD numbers."""

    PERIOD = 1 << 16
    WEIGHTS = 1 + (np.arange(PERIOD, dtype=np.int64) * 0x9E3779B9 & 0xFFFF) / 65536.0

    @classmethod
    def of(cls, tensor):
        values = tensor.detach().cpu().numpy().ravel()
        weighted = magnitude = 0.0
        for start in range(0, values.size, cls.PERIOD):
            block = values[start : start + cls.PERIOD].astype(np.float64)
            weighted += float((block * cls.WEIGHTS[: block.size]).sum())
            magnitude += float(np.abs(block).sum())
        return java_text(weighted) + "/" + java_text(magnitude)


def java_text(value):
    """A number as Java reads it."""
    return repr(value).replace("nan", "NaN").replace("inf", "Infinity")


class Programs:
    """The workloads of Programs.java. A program is a function that computes all that a user would look at."""

    ROW = 256  # of a layer norm

    def __init__(self, device):
        self.device = device
        self.inputs = Inputs(1)

    def prepare(self, workload, sizes):
        makers = {
            "MATMUL_NN": lambda m, k, n: single(torch.matmul, self.uniform(m, k), self.uniform(k, n)),
            "MATMUL_NT": lambda m, k, n: single(matmul_nt, self.uniform(m, k), self.uniform(n, k)),
            "MATMUL_TN": lambda m, k, n: single(matmul_tn, self.uniform(k, m), self.uniform(k, n)),
            "BATCHED_NN": lambda b, m, k, n: single(torch.matmul, self.uniform(b, m, k), self.uniform(b, k, n)),
            "BATCHED_NT": lambda b, m, k, n: single(matmul_nt, self.uniform(b, m, k), self.uniform(b, n, k)),
            "ADD": lambda n: single(torch.add, self.uniform(n), self.uniform(n)),
            "EXP": lambda n: single(torch.exp, self.uniform(n)),
            "SCALE": lambda n: single(lambda x: x * 2 + 1, self.uniform(n)),
            "SMALL": lambda n: single(lambda x: x + 1, self.uniform(n)),
            "SQUARE": lambda n: self.gradient(lambda x: (x + 1).square(), n),
            "GELU": lambda n: self.gradient(F.gelu, n),
            "BCE": self.bce,
            "LAYER_NORM": lambda n: self.layer_norm(n // self.ROW),
            "ADAM": self.adam_update,
            "SUM": lambda rows, columns, axis: single(lambda x: x.sum(axis), self.positive(rows, columns)),
            "MEAN": lambda rows, columns, axis: single(lambda x: x.mean(axis), self.positive(rows, columns)),
            "MAX": lambda rows, columns, axis: single(lambda x: x.amax(axis), self.positive(rows, columns)),
            "SOFTMAX": lambda rows, columns, axis: single(lambda x: x.softmax(axis), self.positive(rows, columns)),
            "LOG_SOFTMAX": lambda rows, columns, axis: single(
                lambda x: x.log_softmax(axis), self.positive(rows, columns)
            ),
            "TUTORIAL": self.tutorial,
            "MLP_SGD": lambda *sizes: self.mlp(self.sgd, *sizes),
            "MLP_ADAM": lambda *sizes: self.mlp(self.adam, *sizes),
            "DEEP": self.deep,
            "MEMORY_MLP": lambda *sizes: self.mlp(self.sgd, *sizes),
            "MEMORY_DEEP": self.deep,
        }
        if workload not in makers:
            raise Unsupported("is not a library's work")
        return makers[workload](*sizes)

    def uniform(self, *shape, scale=1):
        return self.tensor(self.inputs.uniform(int(np.prod(shape)), scale), shape)

    def positive(self, *shape):
        return self.tensor(self.inputs.positive(int(np.prod(shape))), shape)

    def tensor(self, values, shape):
        return torch.from_numpy(values).reshape(shape).to(self.device)

    def ones(self, *shape):
        return torch.ones(shape, device=self.device)

    def gradient(self, function, n):
        x = self.uniform(n).requires_grad_()
        ones = self.ones(n)
        return lambda: with_gradients(function(x), [x], ones)

    def bce(self, n):
        x = self.uniform(n, scale=4).requires_grad_()
        y = self.positive(n)
        return lambda: with_gradients(F.binary_cross_entropy_with_logits(x, y), [x])

    def layer_norm(self, rows):
        x = self.uniform(rows, self.ROW).requires_grad_()
        weight = self.positive(self.ROW).requires_grad_()
        bias = self.uniform(self.ROW).requires_grad_()
        ones = self.ones(rows, self.ROW)
        return lambda: with_gradients(F.layer_norm(x, (self.ROW,), weight, bias), [x, weight, bias], ones)

    def adam_update(self, n):
        p = self.uniform(n).requires_grad_()
        p.grad = self.positive(n)
        optimizer = self.adam([p])

        def program():
            optimizer.step()
            return [p]

        return program

    def tutorial(self):
        x = self.ones(5)
        y = torch.zeros(3, device=self.device)
        w = self.uniform(5, 3).requires_grad_()
        b = self.uniform(3).requires_grad_()
        return lambda: with_gradients(F.binary_cross_entropy_with_logits(x @ w + b, y), [w, b])

    def mlp(self, optimizer, batch, inputs, hidden, outputs):
        rows = self.uniform(batch, inputs)
        targets = self.positive(batch, outputs)
        weights = [self.weight(inputs, hidden), self.weight(hidden, outputs)]
        biases = [self.bias(hidden), self.bias(outputs)]
        return training(rows, targets, weights, biases, torch.relu, optimizer(weights + biases))

    def deep(self, batch, width, layers):
        rows = self.uniform(batch, width)
        targets = self.positive(batch, width)
        weights = []
        biases = []
        for _ in range(layers):
            weights.append(self.weight(width, width))
            biases.append(self.bias(width))
        return training(rows, targets, weights, biases, torch.tanh, self.sgd(weights + biases))

    def weight(self, rows, columns):
        return self.uniform(rows, columns, scale=(3.0 / rows) ** 0.5).requires_grad_()

    def bias(self, n):
        return self.uniform(n, scale=0.1).requires_grad_()

    def sgd(self, parameters):
        return torch.optim.SGD(parameters, lr=0.1)

    def adam(self, parameters):
        return torch.optim.Adam(parameters, lr=0.001, fused=self.device.type == "cuda")


def matmul_nt(a, b):
    return a @ b.transpose(-2, -1)


def matmul_tn(a, b):
    return a.transpose(-2, -1) @ b


def single(function, *tensors):
    return lambda: [function(*tensors)]


def with_gradients(output, parameters, seed=None):
    return [output, *torch.autograd.grad(output, parameters, seed)]


def training(rows, targets, weights, biases, activation, optimizer):
    """Steps of Network.java: the parameters and the loss."""
    parameters = weights + biases

    def program():
        optimizer.zero_grad(set_to_none=True)
        x = torch.addmm(biases[0], rows, weights[0])
        for weight, bias in zip(weights[1:], biases[1:]):
            x = torch.addmm(bias, activation(x), weight)
        loss = F.binary_cross_entropy_with_logits(x, targets)
        loss.backward()
        optimizer.step()
        return parameters + [loss]

    return program


class Stopwatch:
    """The clock of Stopwatch.java and JMH: some 10 ms of calls make an invocation, which ends with a wait."""

    INVOCATION_NANOS = 10e6
    MOST_CALLS = 4096

    def __init__(self, program, finish):
        self.program = program
        self.finish = finish
        self.calls = 1

    def warm_up(self, seconds):
        best = float("inf")
        start = improved = time.perf_counter_ns()
        while True:
            per_call = self._invocation() / self.calls
            now = time.perf_counter_ns()
            if per_call < 0.95 * best:
                best = per_call
                improved = now
            self.calls = int(max(1, min(self.MOST_CALLS, 2 * self.calls, self.INVOCATION_NANOS / per_call)))
            still_faster = now - improved < seconds * 1e9 and now - start < seconds * 8e9
            if now - start >= seconds * 1e9 and not still_faster:
                return best

    def sample(self, millis, slow):
        if not slow:
            self._iteration(max(1, millis // 3))
        return self._iteration(millis)

    def _iteration(self, millis):
        start = time.perf_counter_ns()
        invocations = 0
        while invocations == 0 or time.perf_counter_ns() - start < millis * 1e6:
            self._invocation()
            invocations += 1
        return (time.perf_counter_ns() - start) / (invocations * self.calls)

    def _invocation(self):
        before = time.perf_counter_ns()
        for _ in range(self.calls):
            self.program()
        self.finish()
        return time.perf_counter_ns() - before


class Child:
    """Answers commands. The open case is in its stopwatch."""

    def __init__(self, device):
        self.device = torch.device(device)
        self.on_gpu = self.device.type == "cuda"
        self.stopwatch = None
        self.call_nanos = 0.0
        one = torch.ones((1, 1), device=self.device)
        torch.addmm(one[0], one, one @ one)  # loads libraries; their workspace is not a case's memory

    def version(self):
        name = torch.cuda.get_device_name(self.device) if self.on_gpu else "CPU"
        return "PyTorch " + torch.__version__.split("+")[0] + ", " + name

    def answer(self, words):
        command, arguments = words[0], words[1:]
        if command == "open":
            return self.open(float(arguments[0]), *arguments[1:])
        if command == "measure":
            return self.measure(int(arguments[0]))
        if command == "peak":
            return self.peak()
        if command == "close":
            return self.close()
        raise ValueError("no command " + command)

    def open(self, seconds, workload, size="-"):
        sizes = [] if size == "-" else list(map(int, size.split("x")))
        program = Programs(self.device).prepare(workload, sizes)
        checksums = [Checksum.of(tensor) for tensor in program()]
        self.stopwatch = Stopwatch(program, self.finish)
        self.call_nanos = self.stopwatch.warm_up(seconds)
        return " ".join([java_text(self.call_nanos), *checksums])

    def measure(self, millis):
        return java_text(self.stopwatch.sample(millis, self.call_nanos > millis * 1e6))

    def peak(self):
        if not self.on_gpu:
            raise Unsupported("has no memory statistics")
        return str(torch.cuda.max_memory_allocated(self.device))

    def close(self):
        self.stopwatch = None
        gc.collect()
        if self.on_gpu:
            torch.cuda.empty_cache()
        return "closed"

    def finish(self):
        if self.on_gpu:
            torch.cuda.synchronize(self.device)


def reason(error):
    message = (str(error).splitlines() or [""])[0]
    return message if isinstance(error, Unsupported) else type(error).__name__ + " " + message


def main(device="cuda"):
    def tell(answer):
        print(MARK + answer, file=answers, flush=True)

    answers = sys.stdout
    sys.stdout = sys.stderr  # libraries print what they like
    try:
        child = Child(device)
    except Exception as error:
        traceback.print_exc()
        tell("no " + reason(error))
        return
    tell(child.version())
    for line in sys.stdin:
        failure = None
        try:
            tell(child.answer(line.split()))
        except Exception as error:
            if not isinstance(error, Unsupported):
                traceback.print_exc()
            failure = reason(error)
        if failure is not None:  # now that the traceback holds no tensors any more
            child.close()
            tell("no " + failure)


if __name__ == "__main__":
    main(*sys.argv[1:])
