"""Asks PyTorch how it prints tensors, and what it calls the nodes of its graphs.

Run by hand, from the repository's root:

    python3 src/test/python/printing.py

It writes src/test/resources/org/clgrad/oracle/printing.txt, for each tensor a line ``case|dtype|shape|values|flags``, and
after it the printed lines, each with ``> `` in front. Values: numbers, or a generator that PrintingTest knows too. And
names.txt, lines of ``case|name of the node|names of its next functions``.
"""

import pathlib

import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).parents[1] / "resources" / "org" / "clgrad" / "oracle"
DTYPES = {"float32": torch.float32, "float64": torch.float64, "int64": torch.int64, "bool": torch.bool}

GENERATORS = {
    "range": lambda n: [float(j) for j in range(n)],
    "quarters": lambda n: [j / 4 - 2 for j in range(n)],
    "mixed": lambda n: [((j * 7919 + 211) % 2001 - 1000) / 256 for j in range(n)],
    "big": lambda n: [((j * 7919 + 211) % 2001 - 1000) * 37.5 for j in range(n)],
    "bits": lambda n: [float(j % 3 == 0) for j in range(n)],
}

lines = []


def show(name, values, *shape, dtype="float32", flag=""):
    n = 1
    for size in shape:
        n *= size
    numbers = GENERATORS[values](n) if isinstance(values, str) else values
    x = torch.tensor(numbers, dtype=torch.float64).reshape(shape).to(DTYPES[dtype])
    if flag == "requires_grad":
        x.requires_grad_()
    elif flag == "mul":
        x = x.requires_grad_() * 1
    elif flag == "bce":
        x.requires_grad_()
        x = F.binary_cross_entropy_with_logits(x, torch.zeros_like(x), reduction="none")
    elif flag == "transposed":
        x = x.t()
    text = values if isinstance(values, str) else " ".join(repr(float(v)) for v in values)
    lines.append(f"{name}|{dtype}|{','.join(map(str, shape))}|{text}|{flag}")
    lines.extend("> " + line for line in str(x).split("\n"))


def printing():
    nan, inf = float("nan"), float("inf")
    show("scalar", [1.5])
    show("scalar whole", [3.0])
    show("scalar negative", [-0.12345678])
    show("scalar tiny", [1.5e-8])
    show("scalar huge", [1.5e12])
    show("scalar nan", [nan])
    show("scalar inf", [-inf])
    show("scalar zero", [0.0])
    show("scalar int", [7], dtype="int64")
    show("scalar bool", [1], dtype="bool")
    show("scalar float64", [2.5], dtype="float64")
    show("vector", [1.0, 2.5, -3.75], 3)
    show("whole numbers", [1.0, 2.0, 30.0], 3)
    show("negative whole numbers", [-1.0, 2.0, -30.0], 3)
    show("ints", [1, -20, 300], 3, dtype="int64")
    show("big ints", [1, 123456789012, -5], 3, dtype="int64")
    show("bools", [1, 0, 1], 3, dtype="bool")
    show("bool matrix", [1, 0, 1, 1, 0, 0], 2, 3, dtype="bool")
    show("float64", [0.1, 0.2], 2, dtype="float64")
    show("zeros", [0.0] * 6, 2, 3)
    show("negative zero", [-0.0, 1.0], 2)
    show("negative zero fraction", [-0.0, 1.5], 2)
    show("tiny", [1e-8, 2e-8], 2)
    show("tiny among others", [1e-5, 1.0, 0.5], 3)
    show("just fixed", [1e-4, 1e-3], 2)
    show("ratio 1000", [0.001, 1.0], 2)
    show("ratio over 1000", [0.00099, 1.0], 2)
    show("huge", [1e9, 2e9], 2)
    show("1e8", [1e8, 1.0e8 + 8], 2)
    show("over 1e8", [2e8, 1.0], 2)
    show("whole wide ratio", [1.0, 10000.0], 2)
    show("fractions wide ratio", [0.5, 10000.25], 2)
    show("rounding up", [0.99999, 9.99995], 2)
    show("max float", [3.4e38, 1e-38], 2)
    show("denormal", [1e-40, 0.0], 2)
    show("nan among numbers", [nan, 1.5, -2.25], 3)
    show("inf among numbers", [inf, 1.5, -inf], 3)
    show("inf among whole numbers", [inf, 1.0, -inf, nan], 4)
    show("only not finite", [inf, nan, -inf], 3)
    show("zero and nan", [0.0, nan, -inf], 3)
    show("nan with sci", [nan, 1e-9, 1.0, -inf], 4)
    show("zero with sci", [0.0, 1e-9, -1.0], 3)
    show("matrix", "mixed", 3, 4)
    show("3-d", "mixed", 2, 3, 4)
    show("4-d", "mixed", 2, 2, 2, 3)
    show("5-d", "range", 1, 2, 1, 2, 2)
    show("1x1x1", [1.5], 1, 1, 1)
    show("empty vector", [], 0)
    show("empty matrix", [], 0, 3)
    show("empty 3-d", [], 2, 0, 3)
    show("empty int", [], 0, dtype="int64")
    show("empty bool", [], 0, dtype="bool")
    show("empty float64 matrix", [], 3, 0, dtype="float64")
    show("empty int matrix", [], 0, 2, dtype="int64")
    show("wrapping vector", "mixed", 25)
    show("wrapping whole", "range", 40)
    show("wrapping ints", "range", 100, dtype="int64")
    show("wrapping bools", "bits", 30, dtype="bool")
    show("wrapping rows", "mixed", 2, 12)
    show("wrapping rows 3-d", "quarters", 2, 2, 11)
    show("wrapping sci", [10.0 ** (k - 5) for k in range(12)], 12)
    show("exactly 1000", "range", 1000)
    show("long vector", "range", 1001)
    show("long fractions", "mixed", 5000)
    show("long ints", "range", 2000, dtype="int64")
    show("long bools", "bits", 1200, dtype="bool")
    show("long matrix", "mixed", 40, 50)
    show("tall matrix", "mixed", 600, 2)
    show("wide matrix", "big", 2, 600)
    show("long 3-d", "mixed", 10, 11, 12)
    show("long 4-d", "quarters", 8, 2, 9, 9)
    show("long with few in one", "mixed", 300, 6)
    show("long wide", "mixed", 7, 200)
    show("transposed", "mixed", 3, 4, flag="transposed")
    show("transposed long", "mixed", 30, 40, flag="transposed")
    for flag in ("requires_grad", "mul", "bce"):
        show(f"{flag} scalar", [0.5], flag=flag)
        show(f"{flag} vector", [0.5, 1.0, 2.0], 3, flag=flag)
        show(f"{flag} matrix", "mixed", 2, 3, flag=flag)
        show(f"{flag} float64", [0.5, 1.0], 2, dtype="float64", flag=flag)
        for n in range(4, 10):
            show(f"{flag} {n}", "mixed", n, flag=flag)
        show(f"{flag} wrapping", "mixed", 20, flag=flag)
        show(f"{flag} empty", [], 0, 4, flag=flag)
    show("bce float64 7", "mixed", 7, dtype="float64", flag="bce")
    show("bce float64 5", "mixed", 5, dtype="float64", flag="bce")
    (OUT / "printing.txt").write_text("\n".join(lines) + "\n")
    print(sum(not line.startswith("> ") for line in lines), "tensors")


def names():
    def node(name, t):
        f = t.grad_fn
        before = [type(n[0]).__name__ for n in f.next_functions if n[0] is not None]
        return f"{name}|{type(f).__name__}|{','.join(before)}"

    x = torch.ones(2, 3, requires_grad=True)
    y = torch.ones(2, 3, requires_grad=True)
    v = torch.ones(3, requires_grad=True)
    m = torch.ones(3, 4, requires_grad=True)
    p = torch.ones(5, 2, 3, requires_grad=True)
    q = torch.ones(5, 3, 4, requires_grad=True)
    row = torch.ones(1, 3, requires_grad=True)
    c = torch.ones(2, 3)
    at = {
        "add": x + y, "add number": x + 1, "add constant": x + c, "constant add": c + x, "sub": x - y, "sub number": x - 1,
        "rsub": 1 - x, "rpow": torch.pow(2.0, x), "mul": x * y, "mul number": x * 2, "mul constant": c * x, "div": x / y, "div number": x / 2, "neg": -x,
        "pow": x.pow(y), "pow 2": x.pow(2), "pow 0": x.pow(0), "pow 3": x.pow(3), "pow 2.5": x.pow(2.5), "exp": x.exp(), "log": x.log(),
        "log1p": x.log1p(), "sqrt": x.sqrt(), "sin": x.sin(), "cos": x.cos(), "abs": x.abs(), "sign": x.sign(),
        "sigmoid": x.sigmoid(), "tanh": x.tanh(), "relu": x.relu(), "softmax": x.softmax(0), "logSoftmax": x.log_softmax(0),
        "layerNorm": torch.nn.functional.layer_norm(x, (3,), v), "erf": x.erf(),
        "gelu": torch.nn.functional.gelu(x), "maximum": torch.maximum(x, y),
        "minimum": torch.minimum(x, y), "clamp": x.clamp(0, 1), "where": torch.where(c > 0, x, y), "sum": x.sum(),
        "sum axis": x.sum(0), "mean": x.mean(), "mean axis": x.mean(0), "max": x.max(), "max axes": x.amax((0,)),
        "min": x.min(), "min axes": x.amin((0,)), "transpose": x.transpose(0, 1), 
        "permute": x.permute(1, 0), "expand": row.expand(2, 3), "unsqueeze": x.unsqueeze(0), "squeeze axis": row.squeeze(0),
        "slice": x[0:1], "select": x.select(0, 1), "cat": torch.cat([x, y]), "clone": x.clone(), "to": x.to(torch.float64),
        "dot": v @ v, "mv": x @ v, "mm": x @ m, "bmm": torch.bmm(p, q),
        "bce": F.binary_cross_entropy_with_logits(x, c), "mse": F.mse_loss(x, c),
        "add_": x.clone().add_(y), "mul_": x.clone().mul_(y), "div_": x.clone().div_(2), "sub_": x.clone().sub_(1),
        "pow_": x.clone().pow_(2), "clamp_": x.clone().clamp_(0, 1), "zero_": x.clone().zero_(),
        "copy_": x.clone().copy_(y), "nested": (x * 2 + y).exp(),
        "same twice": x * x,
    }
    w = torch.ones(3, 4, requires_grad=True)
    b = torch.ones(4, requires_grad=True)
    at["linear"] = c @ w + b
    (OUT / "names.txt").write_text("\n".join(node(k, t) for k, t in at.items()) + "\n")
    print(len(at), "names")


if __name__ == "__main__":
    printing()
    names()
