package org.clgrad.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.clgrad.array.Shapes;
import org.clgrad.backend.Expr;
import org.clgrad.backend.NdArray;
import org.clgrad.backend.Region;
import org.jspecify.annotations.Nullable;

/**
 * One backward pass. A node runs when every path that leads to it has brought its gradient; among those that are ready,
 * the one recorded last runs first. So the order, and with it every rounding, is the same each time. Nothing recurses
 * and nothing waits for the device.
 */
public final class Tape {
    /** A node's part in this pass: what has arrived for its output, and how many more gradients will. */
    private static final class Visit {
        final Node node;
        int expected;
        boolean needed = true;

        @Nullable
        Variable gradient;

        Visit(Node node) {
            this.node = node;
        }
    }

    private static final Expr ONE = Expr.literal(1);

    private final Map<Node, Visit> visits = new HashMap<>();
    private final PriorityQueue<Visit> ready = new PriorityQueue<>(
            Comparator.comparingLong((Visit v) -> v.node.sequence()).reversed());
    private final boolean retainGraph;
    private final boolean createGraph;

    private Tape(boolean retainGraph, boolean createGraph) {
        this.retainGraph = retainGraph;
        this.createGraph = createGraph;
    }

    /** Adds the gradients of the roots, weighted by their seeds, to the leaves. */
    public static void backward(List<Variable> roots, List<Variable> seeds, boolean retainGraph, boolean createGraph) {
        new Tape(retainGraph, createGraph).run(roots, seeds, List.of());
    }

    /** The gradients of the roots, weighted by their seeds, for the inputs; null where no path leads there. Leaves are not touched. */
    public static List<@Nullable Variable> grad(
            List<Variable> roots,
            List<Variable> seeds,
            List<Variable> inputs,
            boolean retainGraph,
            boolean createGraph) {
        return new Tape(retainGraph, createGraph).run(roots, seeds, inputs);
    }

    private List<@Nullable Variable> run(List<Variable> roots, List<Variable> seeds, List<Variable> inputs) {
        checkHasGraph(roots);
        List<Edge> from = edges(roots);
        List<@Nullable Edge> captured = edges(inputs);

        discover(from);
        if (!inputs.isEmpty()) {
            markNeeded(captured);
        }
        List<@Nullable Variable> results = Arrays.asList(new @Nullable Variable[inputs.size()]);
        try (GradMode.Guard mode = GradMode.set(createGraph)) {
            for (int i = 0; i < from.size(); i++) {
                Visit visit = visits.get(from.get(i).node());
                try (Region region = Region.open()) {
                    add(visit, seeds.get(i));
                }
                arrived(visit);
            }
            for (Visit visit = ready.poll(); visit != null; visit = ready.poll()) {
                capture(visit, inputs, captured, results);
                if (visit.needed && (inputs.isEmpty() || !(visit.node instanceof AccumulateGrad))) {
                    step(visit);
                }
                drop(visit);
            }
        } finally {
            visits.values().forEach(this::drop); // after an exception some gradients are still on their way
        }
        return results;
    }

    private static List<@Nullable Edge> edges(List<Variable> variables) {
        List<@Nullable Edge> edges = new ArrayList<>(variables.size());
        for (Variable variable : variables) {
            edges.add(variable.edge());
        }
        return edges;
    }

    /** Finds all nodes behind the roots and counts the gradients that each will get. */
    private void discover(List<Edge> from) {
        Deque<Node> todo = new ArrayDeque<>();
        for (Edge edge : from) {
            if (expect(edge.node())) {
                todo.push(edge.node());
            }
        }
        while (!todo.isEmpty()) {
            for (Edge edge : todo.pop().edges()) {
                if (edge != null && expect(edge.node())) {
                    todo.push(edge.node());
                }
            }
        }
    }

    private boolean expect(Node node) {
        Visit visit = visits.get(node);
        boolean isNew = visit == null;
        if (visit == null) {
            visit = new Visit(node);
            visits.put(node, visit);
        }
        visit.expected++;
        return isNew;
    }

    /** Leaves only the nodes from which a path leads to a captured edge: they are found by walking the graph backwards. */
    private void markNeeded(List<@Nullable Edge> captured) {
        Map<Node, List<Visit>> callers = new HashMap<>();
        for (Visit visit : visits.values()) {
            visit.needed = false;
            for (Edge edge : visit.node.edges()) {
                if (edge != null) {
                    callers.computeIfAbsent(edge.node(), n -> new ArrayList<>()).add(visit);
                }
            }
        }
        Deque<Node> todo = new ArrayDeque<>();
        Set<Node> seen = new HashSet<>();
        for (Edge edge : captured) {
            if (edge != null && seen.add(edge.node())) {
                todo.push(edge.node());
            }
        }
        while (!todo.isEmpty()) {
            for (Visit caller : callers.getOrDefault(todo.pop(), List.of())) {
                caller.needed = true;
                if (seen.add(caller.node)) {
                    todo.push(caller.node);
                }
            }
        }
    }

    private void capture(
            Visit visit, List<Variable> inputs, List<@Nullable Edge> captured, List<@Nullable Variable> results) {
        if (visit.gradient == null) {
            return;
        }
        for (int i = 0; i < captured.size(); i++) {
            Edge edge = captured.get(i);
            if (edge != null && edge.node() == visit.node) {
                results.set(i, Gradients.asFunctionOf(inputs.get(i), visit.gradient));
                visit.gradient.value().buffer().retain(); // handed over: the caller lets go of it
            }
        }
    }

    /** Runs one node and sends the gradients of its inputs on. */
    private void step(Visit visit) {
        Node node = visit.node;
        Variable g = visit.gradient;
        try (Region region = Region.open()) {
            @Nullable Variable[] grads = new @Nullable Variable[node.edges().length];
            if (g != null) {
                for (Variable retained : node.retained()) {
                    AccumulateGrad.accumulate(retained, g);
                }
                grads = node.backward(g);
            }
            for (Variable grad : grads) { // a rule may return one gradient several times
                if (grad != null) {
                    grad.value().buffer().retain();
                }
            }
            Edge[] edges = node.edges();
            for (int i = 0; i < edges.length; i++) {
                if (edges[i] != null) {
                    Visit next = visits.get(edges[i].node());
                    if (grads[i] != null) {
                        add(next, grads[i]);
                    }
                    arrived(next);
                }
                if (grads[i] != null) {
                    grads[i].value().buffer().release();
                }
            }
        }
        if (!retainGraph) {
            node.releaseSaved();
        }
    }

    private void arrived(Visit visit) {
        if (--visit.expected == 0) {
            ready.add(visit);
        }
    }

    /** Adds to what has arrived for a node, in place where nobody else can see it. */
    private void add(Visit visit, Variable g) {
        Variable sum = visit.gradient;
        if (sum == null) {
            hold(visit, g);
        } else if (!createGraph
                && Gradients.isExclusive(sum)
                && !sum.value().buffer().isPending()) {
            Gradients.addInto(sum.value(), g.value());
        } else {
            hold(visit, Gradients.add(sum, g));
        }
    }

    private void hold(Visit visit, Variable g) {
        g.value().buffer().retain();
        drop(visit);
        visit.gradient = g;
    }

    private void drop(Visit visit) {
        if (visit.gradient != null) {
            visit.gradient.value().buffer().release();
            visit.gradient = null;
        }
    }

    /** @throws IllegalStateException if a root neither requires grad nor was computed from something that does */
    public static void checkHasGraph(List<Variable> roots) {
        for (int i = 0; i < roots.size(); i++) {
            if (!roots.get(i).requiresGrad()) {
                throw new IllegalStateException("element " + i
                        + " of tensors does not require grad and does not have a grad_fn: call requiresGrad(true) on an input"
                        + " before computing, outside noGrad()");
            }
        }
    }

    /** Seeds for roots: those given, checked against the roots' shapes, or one for a scalar. */
    public static List<Variable> seeds(List<Variable> roots, List<? extends @Nullable Variable> given) {
        checkHasGraph(roots);
        if (given.size() > roots.size()) {
            throw new IllegalArgumentException(
                    "grad: got " + roots.size() + " outputs and " + given.size() + " gradients for them");
        }
        List<Variable> seeds = new ArrayList<>();
        for (int i = 0; i < roots.size(); i++) {
            Variable root = roots.get(i);
            Variable seed = i < given.size() ? given.get(i) : null;
            if (seed == null) {
                seeds.add(one(root));
            } else if (!Arrays.equals(seed.shape(), root.shape())) {
                throw new IllegalArgumentException("Mismatch in shape: grad_output[" + i + "] has a shape of "
                        + Shapes.text(seed.shape()) + " and output[" + i + "] has a shape of "
                        + Shapes.text(root.shape()) + ".");
            } else if (seed.dtype() != root.dtype() || seed.backend() != root.backend()) {
                throw new IllegalArgumentException("backward: grad_output[" + i + "] is " + seed.dtype() + " on "
                        + seed.backend().describe().name() + " and output[" + i + "] is " + root.dtype() + " on "
                        + root.backend().describe().name() + ": convert it with to(dtype) or to(device)");
            } else {
                seeds.add(seed);
            }
        }
        return seeds;
    }

    private static Variable one(Variable root) {
        if (root.value().numel() != 1) {
            throw new IllegalStateException(
                    "grad can be implicitly created only for scalar outputs, this one has shape "
                            + Shapes.text(root.shape())
                            + ": give backward() a gradient of that shape, or grad() one among gradOutputs");
        }
        return new Variable(root.backend().pointwise(ONE, new NdArray[0], new double[0], root.dtype(), root.shape()));
    }
}
