"""Asks PyTorch for the values, gradients and second derivatives that PyTorchOracleTest expects.

Run by hand, from the repository's root:

    python3 src/test/python/oracle.py

It writes src/test/resources/org/clgrad/oracle/*.txt, lines of ``case|what|shape|values``. A case is named
``operation(arguments)@label``. What: in0, in1, .. are inputs that require grad, fix0, fix1, .. inputs that do not (in one
numbering); out is the result; seed is the gradient that comes in, grad0, .. those of the inputs. cot0, .. weigh the
gradients to a sum, whose derivatives by the inputs are second0, ... Inputs are multiples of 1/256, exact in float32.
"""

import math
import pathlib

import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).parents[1] / "resources" / "org" / "clgrad" / "oracle"
torch.set_default_dtype(torch.float64)

# operation -> function of the list of tensors and the list of numeric arguments
OPERATIONS = {
    "add": lambda t, a: t[0] + (t[1] if len(t) > 1 else a[0]),
    "sub": lambda t, a: t[0] - (t[1] if len(t) > 1 else a[0]),
    "rsub": lambda t, a: a[0] - t[0],
    "mul": lambda t, a: t[0] * (t[1] if len(t) > 1 else a[0]),
    "div": lambda t, a: t[0] / (t[1] if len(t) > 1 else a[0]),
    "rdiv": lambda t, a: a[0] / t[0],
    "pow": lambda t, a: t[0] ** (t[1] if len(t) > 1 else a[0]),
    "rpow": lambda t, a: torch.pow(a[0], t[0]),
    "clamp": lambda t, a: t[0].clamp(a[0], a[1]),
    "where": lambda t, a: torch.where(t[0] > 0, t[1], t[2]),
    "maximum": lambda t, a: torch.maximum(t[0], t[1]),
    "minimum": lambda t, a: torch.minimum(t[0], t[1]),
    "sum": lambda t, a: reduced(torch.sum, t[0], a),
    "mean": lambda t, a: reduced(torch.mean, t[0], a),
    "max": lambda t, a: reduced(torch.amax if a else torch.max, t[0], a),
    "min": lambda t, a: reduced(torch.amin if a else torch.min, t[0], a),
    "reshape": lambda t, a: t[0].reshape(a),
    "transpose": lambda t, a: t[0].transpose(*a),
    "permute": lambda t, a: t[0].permute(a),
    "expand": lambda t, a: t[0].expand(a),
    "unsqueeze": lambda t, a: t[0].unsqueeze(*a),
    "squeeze": lambda t, a: t[0].squeeze(*a),
    "slice": lambda t, a: sliced(t[0], *a),
    "select": lambda t, a: t[0].select(*a),
    "cat": lambda t, a: torch.cat(t, a[0]),
    "clone": lambda t, a: t[0].clone(),
    "contiguousOfTransposed": lambda t, a: t[0].t().contiguous() * t[0].t(),
    "matmul": lambda t, a: t[0] @ t[1],
    "matmulTransposed": lambda t, a: t[0].transpose(-1, -2) @ t[1].transpose(-1, -2),
    "bce": lambda t, a: F.binary_cross_entropy_with_logits(t[0], t[1], reduction=REDUCTIONS[a[0]]),
    "bceWeight": lambda t, a: F.binary_cross_entropy_with_logits(t[0], t[1], t[2], reduction=REDUCTIONS[a[0]]),
    "bcePositive": lambda t, a: F.binary_cross_entropy_with_logits(
        t[0], t[1], pos_weight=t[2], reduction=REDUCTIONS[a[0]]
    ),
    "bceBoth": lambda t, a: F.binary_cross_entropy_with_logits(
        t[0], t[1], t[2], pos_weight=t[3], reduction=REDUCTIONS[a[0]]
    ),
    "mse": lambda t, a: F.mse_loss(t[0], t[1], reduction=REDUCTIONS[a[0]]),
    "gelu": lambda t, a: F.gelu(t[0]),
    "geluTanh": lambda t, a: F.gelu(t[0], approximate="tanh"),
    "softmax": lambda t, a: F.softmax(t[0], a[0]),
    "logSoftmax": lambda t, a: F.log_softmax(t[0], a[0]),
    "layerNorm": lambda t, a: F.layer_norm(t[0], t[0].shape[t[0].dim() - a[0]:], *t[1:], eps=a[1]),
    "layerNormBias": lambda t, a: F.layer_norm(t[0], t[0].shape[t[0].dim() - a[0]:], None, t[1], eps=a[1]),
    "crossEntropy": lambda t, a: F.cross_entropy(t[0], t[1], reduction=REDUCTIONS[a[0]]),
    "classEntropy": lambda t, a: F.cross_entropy(t[0], t[1].long(), reduction=REDUCTIONS[a[0]]),
    "sharedInput": lambda t, a: (t[0] * t[0] + t[0].exp()) / t[0].cos(),
    "fanOut": lambda t, a: (t[0].sin() * t[1]).sum() * t[0] + t[1].tanh() * t[0].select(0, 0),
    "tutorial": lambda t, a: F.binary_cross_entropy_with_logits(t[0] @ t[1] + t[2], t[3]),
}
UNARY = "neg exp log log1p sqrt sin cos abs sign sigmoid tanh relu erf".split()
for unary in UNARY:
    OPERATIONS[unary] = lambda t, a, f=getattr(torch, unary): f(t[0])

REDUCTIONS = ["none", "mean", "sum"]


def reduced(function, x, a):
    """Arguments: none for all axes, else keepDim and the axes."""
    return function(x, dim=tuple(a[1:]), keepdim=bool(a[0])) if a else function(x)


def sliced(x, axis, start, end, step):
    return x[(slice(None),) * (axis % x.dim()) + (slice(start, end, step),)]


# programs of in-place operations; all start from clones, since leaves must not be written to
def program(f):
    OPERATIONS[f.__name__] = f


@program
def inPlaceAdd(t, a):
    c = t[0].clone()
    return c.add_(t[1]) * c


@program
def inPlaceAddScaled(t, a):
    c = t[0].clone()
    c.add_(t[1], alpha=2.5)
    c.sub_(t[1] * t[1], alpha=-0.5)
    return c * t[0]


@program
def inPlaceNumbers(t, a):
    return t[0].clone().add_(1.5).sub_(0.25).mul_(3).div_(2) * t[0]


@program
def inPlaceSub(t, a):
    c = t[0].clone()
    c.sub_(t[1])
    return c * c


@program
def inPlaceMul(t, a):
    return t[0].clone().mul_(t[1]) + t[0]


@program
def inPlaceMulTwice(t, a):
    return t[0].clone().mul_(t[1]).mul_(t[1]) * t[1]


@program
def inPlaceDiv(t, a):
    c = t[0].clone().div_(t[1])
    return c * c


@program
def inPlacePow(t, a):
    return t[0].clone().pow_(2) * t[1] + t[0].clone().pow_(3).pow_(2)


@program
def inPlaceClamp(t, a):
    return t[0].clone().clamp_(-1, 0.5) * t[0]


@program
def inPlaceZero(t, a):
    c = t[0].clone()
    c.zero_()
    return c + t[0] * t[1]


@program
def inPlaceFill(t, a):
    c = t[0] * t[1]
    c.fill_(3)
    return c * t[0]


@program
def inPlaceCopy(t, a):
    c = t[0] * 2
    c.copy_(t[1])
    return c * t[0]


@program
def inPlaceAddSelf(t, a):
    c = t[0].clone()
    c.add_(c)
    return c * t[1]


@program
def selectWritten(t, a):
    c = t[0].clone()
    v = c.select(0, 1)
    v.mul_(t[1].select(0, 0))
    return c * c + v.sum()


@program
def sliceWritten(t, a):
    c = t[0].clone()
    v = c[:, 0:4:2]
    v.add_(t[1][:, 1:3])
    v.mul_(2)
    return c * t[1] * v.sum()


@program
def transposeWritten(t, a):
    c = t[0].clone()
    v = c.t()
    v.mul_(t[1].t())
    v.add_(1)
    return c * v.t()


@program
def reshapeWritten(t, a):
    c = t[0].clone()
    v = c.reshape(-1)
    v.pow_(2)
    return c * t[1] + v.sum()


@program
def unsqueezeWritten(t, a):
    c = t[0].clone()
    v = c.unsqueeze(1)
    v.sub_(t[1].unsqueeze(1))
    return c * v.squeeze(1)


@program
def viewOfView(t, a):
    c = t[0].clone()
    v = c.t()
    w = v[1:3]
    w.mul_(t[1].t()[0:2])
    return c * t[1] + v.t() * w.sum()


@program
def baseWritten(t, a):
    c = t[0].clone()
    v = c.select(0, 0)
    c.mul_(t[1])
    return v * c


@program
def siblings(t, a):
    c = t[0].clone()
    v, w = c.select(0, 0), c.select(1, 0)
    v.mul_(t[1].select(0, 0))
    w.pow_(2)
    return (v * v).sum() + (w * c.select(1, 1)).sum()


@program
def writtenInTurn(t, a):
    c = t[0].clone()
    v = c.select(0, 1)
    for k in range(3):
        v.add_(t[1].select(0, 0))
        c.mul_(1.5)
        v.sub_(t[0].select(0, 0), alpha=0.5)
    return c * v


@program
def copyIntoView(t, a):
    c = t[0].clone()
    c.select(0, 0).copy_(t[1].select(0, 1))
    c.select(1, 2).copy_(t[1].select(0, 0).select(0, 0))
    return c * c * t[0]


@program
def zeroView(t, a):
    c = t[0] * t[1]
    c.select(0, 0).zero_()
    c.select(1, 1).fill_(2)
    return c * t[0]


@program
def baseWithoutGrad(t, a):
    c = torch.zeros_like(t[0])
    w = c.select(1, 0)
    v = c.select(0, 0)
    v.copy_(t[0].select(0, 1))
    v.mul_(t[1].select(0, 0))
    return c + w.sum() * t[1]


@program
def clampedView(t, a):
    c = t[0].clone()
    c[:, 1:3].clamp_(-0.5, 0.5)
    return c * t[1]


@program
def writtenBeforeView(t, a):
    c = t[0].clone()
    c.mul_(t[1])
    v = c.select(0, 0)
    return v * c


class Cases:
    def __init__(self):
        self.lines = []
        self.names = set()

    def add(self, name, *inputs, label="", fixed=(), second=True):
        name = name + (f"@{label}" if label else "")
        if name in self.names:
            raise ValueError(f"{name} twice")
        self.names.add(name)
        operation, _, rest = name.partition("@")[0].partition("(")
        arguments = [float(s) if "." in s else int(s) for s in rest.rstrip(")").split(",") if s]
        tensors = []
        for i, x in enumerate(inputs):
            x = torch.as_tensor(x, dtype=torch.float64).detach().clone()
            self.line(name, f"{'fix' if i in fixed else 'in'}{i}", x)
            tensors.append(x if i in fixed else x.requires_grad_())
        out = OPERATIONS[operation](tensors, arguments)
        self.line(name, "out", out)
        wanted = [x for x in tensors if x.requires_grad]
        if not wanted:
            return
        seed = pattern(out.shape, 11)
        self.line(name, "seed", seed)
        grads = torch.autograd.grad(out, wanted, seed, create_graph=True, allow_unused=True)
        grads = [torch.zeros_like(x) if g is None else g for g, x in zip(grads, wanted)]
        numbers = [i for i, x in enumerate(tensors) if x.requires_grad]
        for i, g in zip(numbers, grads):
            self.line(name, f"grad{i}", g)
        if not second:
            return
        total = torch.zeros(())
        for i, g in zip(numbers, grads):
            cot = pattern(g.shape, 3 + i)
            self.line(name, f"cot{i}", cot)
            total = total + (g * cot).sum()
        seconds = [None] * len(wanted)
        if total.requires_grad:
            seconds = torch.autograd.grad(total, wanted, allow_unused=True)
        for i, x, s in zip(numbers, wanted, seconds):
            self.line(name, f"second{i}", torch.zeros_like(x) if s is None else s)

    def line(self, name, what, x):
        shape = ",".join(str(n) for n in x.shape)
        values = " ".join(short(v) for v in (torch.empty(x.shape).fill_(-0.0) + x.detach()).reshape(-1).tolist())
        self.lines.append(f"{name}|{what}|{shape}|{values}")

    def write(self, file):
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / file).write_text("\n".join(self.lines) + "\n")
        print(file, len(self.names), "cases")


def short(v):
    return repr(v)[:-2] if repr(v).endswith(".0") and not (v == 0 and math.copysign(1, v) < 0) else repr(v)


def pattern(shape, salt):
    """Numbers without a rhythm, none of them 0 or 1: multiples of 1/16 between -1 and 1.3."""
    n = math.prod(shape)
    return torch.tensor([((j * 7 + salt * 5) % 19 - 8) / 8 + 1 / 16 for j in range(n)]).reshape(shape)


def data(*shape, low=-2.0, high=2.0, salt=0):
    """Reproducible without a generator: multiples of 1/256 in (low, high)."""
    n = math.prod(shape)
    steps = int((high - low) * 256) - 1
    return torch.tensor([low + (1 + (j * 7919 + salt * 104729 + 211) % steps) / 256 for j in range(n)]).reshape(shape)


def positive(*shape, salt=0):
    return data(*shape, low=0.25, high=3.0, salt=salt)


BROADCAST = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 1, 3), (4, 1)), ((), (2, 3)), ((2, 3), ()),
             ((), ()), ((5,), (1,)), ((0, 3), (3,)), ((1, 3), (0, 3)), ((2, 3, 1, 2), (3, 4, 1))]


def pointwise():
    c = Cases()
    for name in "add sub mul div maximum minimum".split():
        for a, b in BROADCAST:
            c.add(name, data(*a), data(*b, salt=1), label=f"{list(a)}{list(b)}".replace(" ", ""))
        c.add(name, data(2, 3), data(2, 3, salt=1), label="rightFixed", fixed=[1])
        c.add(name, data(2, 3), data(2, 3, salt=1), label="leftFixed", fixed=[0])
    for a, b in BROADCAST:
        c.add("pow", positive(*a), data(*b, salt=1), label=f"{list(a)}{list(b)}".replace(" ", ""))
    c.add("maximum", [1, 2, 3, -1], [1, 3, 2, -1], label="ties")
    c.add("minimum", [1, 2, 3, -1], [1, 3, 2, -1], label="ties")
    for name in "add sub rsub mul div rdiv".split():
        c.add(f"{name}(2.5)", data(2, 3))
        c.add(f"{name}(-3)", data(4))
        c.add(f"{name}(1.5)", data(0, 2))
        c.add(f"{name}(0.5)", data())
    for k in ["0", "1", "2", "3", "4", "-1", "-2", "5"]:
        c.add(f"pow({k})", data(2, 3), label="anySign")
    for k in ["0.5", "1.5", "-0.5", "2.5"]:
        c.add(f"pow({k})", positive(2, 3))
    for k in ["0", "1", "2", "3", "4"]:
        c.add(f"pow({k})", [0.0, 1.0, -1.0], label="atZero", second=k != "1")
    c.add("pow(0.5)", [0.0], label="atZero", second=False)
    c.add("pow(-1)", [0.0], label="atZero", second=False)
    c.add("pow", [-2, -3, -1.5, 2], [2, 3, 0, -1], label="negativeBase", second=False, fixed=[1])
    c.add("pow", [-2, -3, -1.5, 2], [2, 3, 0, -1], label="negativeBaseBoth", second=False)
    c.add("pow", [0, 0, 0, 2, -2], [0, 1, 2, 0, 0], label="zeros", second=False)
    c.add("pow", [0, 0], [-1, -2], label="zeroToNegative", second=False)
    c.add("pow", data(2, 3), [[2, 3, 1], [4, 2, 0]], label="integerExponents", fixed=[1])
    c.add("rpow(2)", data(2, 3))
    c.add("rpow(0.5)", data(2, 3))
    c.add("rpow(1)", data(2, 3))
    c.add("rpow(0)", [0.0, 1.0, 2.0, -1.0], second=False)
    for name in UNARY:
        make = positive if name in ("log", "sqrt", "log1p") else data
        for shape in [(2, 3), (), (0,), (2, 0, 3), (17,)]:
            c.add(name, make(*shape), label=str(list(shape)).replace(" ", ""))
    for name in "gelu geluTanh".split():
        c.add(name, data(2, 3))
        c.add(name, data(17, low=-8, high=8), label="wide", second=False)
        c.add(name, [0.0, -0.0, 1e-3, -1e-3, 40.0, -40.0], label="corners")
    c.add("erf", data(40, low=-7, high=7), label="wide")
    for name in "abs sign relu".split():
        c.add(name, [0.0, -1.0, 1.0], label="atZero")
    c.add("log1p", [2**-30, -(2**-30), 2**-10], label="small")
    for name in "sigmoid tanh".split():
        c.add(name, [-200.0, -30.0, 30.0, 200.0], label="large")
    c.add("clamp(-1,0.5)", data(3, 4))
    c.add("clamp(-1,1)", [-1.0, 1.0, -1.5, 1.5, 0.0], label="atBounds")
    c.add("where", [[1.0, -1.0, 1.0]], data(2, 3), data(2, 1, salt=2), fixed=[0])
    c.add("where", [1.0, 0.0], data(2), data(2, salt=2), fixed=[0, 1], label="firstFixed")
    c.add("sharedInput", data(3, low=-1, high=1))
    c.add("fanOut", data(3), data(3, salt=5))
    c.write("pointwise.txt")


def special():
    """NaN, infinities, signed zeros."""
    c = Cases()
    nan, inf = math.nan, math.inf
    values = [nan, inf, -inf, -0.0, 0.0, 1.0, -1.0]
    for name in UNARY:
        c.add(name, values, second=False)
    for name in "gelu geluTanh".split():
        c.add(name, values, second=False)
    pairs = [(a, b) for a in values for b in values]
    for name in "add sub mul div maximum minimum pow".split():
        c.add(name, [a for a, b in pairs], [b for a, b in pairs], second=False)
    for name in ["clamp(-1,1)", "pow(0)", "pow(1)", "pow(2)", "pow(3)", "pow(0.5)", "pow(-1)", "rpow(2)", "add(1)", "mul(0)",
                 "rdiv(1)", "rsub(0)"]:
        c.add(name, values, second=False)
    c.add("where", [1.0, 0.0, 1.0, 0.0], [nan, nan, 1.0, inf], [1.0, 2.0, nan, -inf], second=False, fixed=[0])
    for name in "sum mean max min".split():
        c.add(name, [1.0, nan, 2.0], second=False, label="nan")
        c.add(name, [1.0, inf, 2.0], second=False, label="inf")
        c.add(name, [inf, inf, -inf], second=False, label="infs")
        c.add(f"{name}(0,1)", [[1.0, nan, 2.0], [3.0, inf, -inf], [-inf, -inf, -inf]], second=False, label="rows")
    c.add("matmul", [[1.0, nan], [0.0, 1.0]], [[1.0, 2.0], [0.0, inf]], second=False)
    c.add("bce(0)", [200.0, -200.0, 200.0, -200.0, 0.0], [0.0, 0.0, 1.0, 1.0, 0.5], fixed=[1])
    c.add("bce(0)", [nan, inf, -inf], [0.0, 0.0, 1.0], fixed=[1], second=False, label="notFinite")
    c.write("special.txt")


def reductions():
    c = Cases()
    for name in "sum mean".split():
        for shape in [(), (5,), (2, 3), (2, 3, 4), (1, 1)]:
            c.add(name, data(*shape), label=str(list(shape)).replace(" ", ""))
        for k in (0, 1):
            for axes in ["0", "1", "2", "-1", "0,2", "1,0", "0,1,2"]:
                c.add(f"{name}({k},{axes})", data(2, 3, 4))
        c.add(f"{name}(0,0)", data(0, 3), label="empty")
        c.add(f"{name}(1,1)", data(0, 3), label="empty")
        c.add(name, data(0, 3), label="empty", second=False)
        c.add(f"{name}(0,0)", data(), label="scalar")
    for name in "max min".split():
        c.add(name, data(2, 3))
        c.add(name, data(), label="scalar")
        c.add(name, [1.0, 3.0, 3.0, 1.0, 2.0], label="ties")
        for k in (0, 1):
            for axes in ["0", "1", "-1", "0,2"]:
                c.add(f"{name}({k},{axes})", data(2, 3, 4))
            c.add(f"{name}({k},1)", [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]], label="ties")
            c.add(f"{name}({k},1)", data(0, 3), label="empty")
    c.write("reductions.txt")


def shapes():
    c = Cases()
    for arguments in ["3,2", "6", "-1,2", "1,6,1", "2,-1"]:
        c.add(f"reshape({arguments})", data(2, 3))
    c.add("reshape()", data(1), label="toScalar")
    c.add("reshape(1)", data(), label="ofScalar")
    c.add("reshape(0,5)", data(2, 0, 3))
    c.add("transpose(0,1)", data(2, 3))
    c.add("transpose(-1,0)", data(2, 3, 4))
    c.add("transpose(0,0)", data(), label="scalar")
    c.add("permute(2,0,1)", data(2, 3, 4))
    c.add("permute(-1,0,1)", data(2, 3, 4))
    c.add("permute(0)", data(3))
    c.add("expand(2,3)", data(2, 1))
    c.add("expand(4,2,3)", data(2, 1))
    c.add("expand(4,-1,3)", data(2, 1))
    c.add("expand(2,2)", data(), label="scalar")
    c.add("expand(0,3)", data(1, 3))
    for axis in (0, 1, 2, -1, -3):
        c.add(f"unsqueeze({axis})", data(2, 3))
    c.add("squeeze(1)", data(2, 1, 3))
    c.add("squeeze(0)", data(2, 1, 3))
    c.add("squeeze(-2)", data(2, 1, 3))
    c.add("squeeze()", data(1, 2, 1, 3))
    c.add("squeeze()", data(2, 3), label="nothing")
    for arguments in ["0,0,2,1", "1,1,5,2", "1,0,5,3", "-1,-3,-1,1", "1,3,1,1", "1,0,100,1", "0,2,3,1", "1,-100,2,1"]:
        c.add(f"slice({arguments})", data(3, 5))
    for arguments in ["0,1", "1,-1", "-1,0", "1,4"]:
        c.add(f"select({arguments})", data(3, 5))
    c.add("select(0,2)", data(3), label="vector")
    c.add("cat(0)", data(2, 3), data(1, 3, salt=1))
    c.add("cat(1)", data(2, 3), data(2, 1, salt=1), data(2, 2, salt=2))
    c.add("cat(-1)", data(2, 0), data(2, 1, salt=1))
    c.add("cat(0)", data(0), data(2, salt=1), label="emptyFirst")
    c.add("cat(0)", data(0), data(2, 3, salt=1), label="legacyEmpty")
    c.add("cat(0)", data(3), label="one")
    c.add("clone()", data(2, 3))
    c.add("contiguousOfTransposed", data(2, 3))
    c.write("shapes.txt")


def products():
    c = Cases()
    for a, b in [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (3,)),
                 ((5, 2, 3), (5, 3, 4)), ((1, 2, 3), (5, 3, 4)), ((5, 2, 3), (1, 3, 4)), ((2, 3, 2, 3), (3, 3, 4)),
                 ((2, 1, 2, 3), (3, 3, 2)), ((3,), (5, 3, 4)), ((3,), (2, 5, 3, 4)), ((2, 3), (5, 3, 4)),
                 ((5, 2, 3, 4), (4,)), ((2, 5, 2, 3), (3, 4)), ((1, 1), (1, 1)), ((1,), (1,)), ((0,), (0,)),
                 ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((2, 3), (3, 0)), ((2, 0), (0,)), ((0, 2, 3), (3, 4)),
                 ((5, 2, 0), (5, 0, 3)), ((0, 2, 3), (0, 3, 4)), ((0,), (0, 3)), ((7, 9), (9, 5)), ((17, 33), (33, 18))]:
        second = math.prod(a) + math.prod(b) < 200
        c.add("matmul", data(*a), data(*b, salt=1), label=f"{list(a)}{list(b)}".replace(" ", ""), second=second)
    c.add("matmul", data(2, 3), data(3, 4), label="leftFixed", fixed=[0])
    c.add("matmul", data(2, 3), data(3, 4), label="rightFixed", fixed=[1])
    for a, b in [((3, 2), (4, 3)), ((5, 3, 2), (5, 4, 3)), ((5, 3, 2), (4, 3))]:
        c.add("matmulTransposed", data(*a), data(*b, salt=1), label=f"{list(a)}{list(b)}".replace(" ", ""))
    c.write("products.txt")


def losses():
    c = Cases()
    for r in (0, 1, 2):
        x, y = data(2, 3), data(2, 3, low=0, high=1, salt=1)
        c.add(f"bce({r})", x, y, fixed=[1])
        c.add(f"bce({r})", [200.0, -200.0, 200.0, -200.0, 0.0], [0.0, 0.0, 1.0, 1.0, 0.5], fixed=[1], label="large")
        c.add(f"bceWeight({r})", x, y, positive(3), fixed=[1, 2])
        c.add(f"bceWeight({r})", x, y, positive(2, 3), fixed=[1, 2], label="full")
        c.add(f"bcePositive({r})", x, y, positive(3), fixed=[1, 2])
        c.add(f"bcePositive({r})", [200.0, -200.0, 30.0], [0.0, 0.0, 1.0], [2.0, 3.0, 4.0], fixed=[1, 2], label="large")
        c.add(f"bceBoth({r})", x, y, positive(2, 1), positive(3, salt=3), fixed=[1, 2, 3])
        c.add(f"mse({r})", x, data(2, 3, salt=4))
        c.add(f"mse({r})", x, data(2, 3, salt=4), fixed=[1], label="fixedTarget")
    c.add("bce(1)", data(), data(low=0, high=1), fixed=[1], label="scalar")
    c.add("bce(2)", data(0), data(0), fixed=[1], label="empty")
    c.add("bce(1)", data(0), data(0), fixed=[1], label="empty", second=False)
    c.add("mse(1)", data(0), data(0), label="empty", second=False)
    c.add("bce(1)", data(2, 3), data(2, 3, low=0, high=1, salt=1), label="targetToo")
    c.add("tutorial", data(5, low=0, high=2), data(5, 3, salt=1), data(3, salt=2), [0.0, 0.0, 0.0], fixed=[0, 3])
    c.write("losses.txt")


def rows():
    c = Cases()
    nan, inf = math.nan, math.inf
    for name in "softmax logSoftmax".split():
        for axis in (0, 1, -1):
            c.add(f"{name}({axis})", data(2, 3))
            c.add(f"{name}({axis})", data(2, 3, 4), label="cube")
            c.add(f"{name}({axis})", data(0, 3), label="empty")
        c.add(f"{name}(0)", data(), label="scalar")
        c.add(f"{name}(0)", data(1), label="one")
        c.add(f"{name}(1)", data(3, 100, low=-30, high=30), label="wide", second=False)
        c.add(f"{name}(0)", data(100, 3, low=-30, high=30), label="tall", second=False)
        c.add(f"{name}(1)", [[1e30, 1.0, -1e30], [500.0, 500.0, -500.0], [-800.0, -801.0, -802.0]], label="large", second=False)
        c.add(f"{name}(1)", [[-inf, 1.0, 2.0], [0.0, -inf, -inf]], label="masked", second=False)
        c.add(f"{name}(1)", [[-inf, -inf, -inf], [inf, 1.0, 2.0], [1.0, nan, 2.0], [1.0, 2.0, 3.0]], label="notFinite", second=False)
    for k, shape in [(1, (3, 5)), (2, (2, 3, 4)), (1, (2, 3, 4)), (1, (4,)), (1, (0, 3)), (1, (2, 100))]:
        for eps in ("0.1", "0.00001"):
            tail, label = shape[len(shape) - k:], str(list(shape)).replace(" ", "")
            c.add(f"layerNorm({k},{eps})", data(*shape), label=label, second=math.prod(shape) < 50)
            c.add(f"layerNorm({k},{eps})", data(*shape), data(*tail, salt=1), label=label + "w")
            c.add(f"layerNorm({k},{eps})", data(*shape), data(*tail, salt=1), data(*tail, salt=2), label=label + "wb")
            c.add(f"layerNormBias({k},{eps})", data(*shape), data(*tail, salt=2), label=label, second=False)
    c.add("layerNorm(1,0.1)", [[16.0, 17.0, 18.5], [-7.0, -7.0, -7.0]], label="offset")
    for r in (0, 1, 2):
        for shape in [(5,), (3, 5), (2, 3, 4)]:
            label = str(list(shape)).replace(" ", "")
            c.add(f"crossEntropy({r})", data(*shape), data(*shape, low=0, high=1, salt=1), label=label)
            c.add(f"crossEntropy({r})", data(*shape), data(*shape, low=0, high=1, salt=1), label=label + "fixed", fixed=[1])
        c.add(f"classEntropy({r})", data(5), 3, fixed=[1], label="vector")
        c.add(f"classEntropy({r})", data(4, 5), [0, 4, 2, 2], fixed=[1])
        c.add(f"classEntropy({r})", data(4, 5), [0, -100, 2, -100], fixed=[1], label="ignored")
        c.add(f"classEntropy({r})", data(2, 3, 4), [[0, 1, 2, 0], [2, 2, -100, 1]], fixed=[1], label="cube")
        c.add(f"classEntropy({r})", [[-inf, 1.0, 2.0], [800.0, 1.0, 2.0]], [1, 0], fixed=[1], label="large", second=False)
    c.write("rows.txt")


def in_place():
    c = Cases()
    for name in OPERATIONS:
        if name.startswith("inPlace") or OPERATIONS[name].__name__ == name:
            if OPERATIONS[name].__name__ == name:
                c.add(name, data(3, 4), positive(3, 4, salt=1))
    for name in ("inPlaceAdd", "inPlaceMul", "inPlaceSub", "inPlaceCopy"):
        c.add(name, data(3, 4), data(4, salt=1), label="broadcast")
        c.add(name, data(0, 4), data(4, salt=1), label="empty")
        c.add(name, data(), data(salt=1), label="scalar")
    c.add("inPlaceClamp", [-1.0, 0.5, 0.0, 2.0, -2.0], [1.0], label="atBounds")
    c.write("inplace.txt")


def optimizers():
    """Five steps with given gradients g<step>_<parameter>; p<step>_<parameter> is what they lead to, s_<parameter>_<name> the
    state after the last. The second parameter has no gradient in the third step; the rate is halved before the fourth."""
    c = Cases()
    names = {"exp_avg": "expAvg", "exp_avg_sq": "expAvgSq", "max_exp_avg_sq": "maxExpAvgSq", "momentum_buffer": "momentumBuffer"}

    def run(name, make):
        p = [data(3).clone().requires_grad_(), data(2, 2, salt=1).clone().requires_grad_()]
        for i, x in enumerate(p):
            c.line(name, f"in{i}", x)
        c.names.add(name)
        optimizer = make(p)
        for step in range(5):
            if step == 3:
                optimizer.param_groups[0]["lr"] /= 2
            for i, x in enumerate(p):
                x.grad = None
                if step != 2 or i != 1:
                    x.grad = data(*x.shape, low=-1, high=1, salt=10 + 2 * step + i)
                    c.line(name, f"g{step}_{i}", x.grad)
            optimizer.step()
            for i, x in enumerate(p):
                c.line(name, f"p{step}_{i}", x)
        for i, x in enumerate(p):
            for key, value in optimizer.state[x].items():
                if key in names and value is not None:
                    c.line(name, f"s_{i}_{names[key]}", value)

    for momentum, dampening, decay, nesterov, maximize in [
        (0, 0, 0, 0, 0), (0, 0, 0.1, 0, 0), (0.9, 0, 0, 0, 0), (0.9, 0.3, 0, 0, 0), (0.9, 0, 0.05, 1, 0), (0.5, 0.5, 0.1, 0, 1),
        (0, 0, 0.2, 0, 1),
    ]:
        run(
            f"sgd(0.1,{momentum},{dampening},{decay},{nesterov},{maximize})",
            lambda p: torch.optim.SGD(p, 0.1, momentum, dampening, decay, bool(nesterov), maximize=bool(maximize)),
        )
    for name, kind in [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW)]:
        for b1, b2, eps, decay, amsgrad, maximize in [
            (0.9, 0.999, 1e-8, 0, 0, 0), (0.9, 0.999, 1e-8, 0.1, 0, 0), (0.5, 0.8, 1e-3, 0, 1, 0), (0.9, 0.99, 1e-6, 0.05, 1, 1),
            (0, 0.9, 0.1, 0, 0, 1),
        ]:
            run(
                f"{name}(0.01,{b1},{b2},{eps},{decay},{amsgrad},{maximize})",
                lambda p: kind(p, 0.01, (b1, b2), eps, decay, bool(amsgrad), maximize=bool(maximize)),
            )
    c.write("optimizers.txt")


if __name__ == "__main__":
    optimizers()
    pointwise()
    special()
    reductions()
    shapes()
    products()
    losses()
    rows()
    in_place()
