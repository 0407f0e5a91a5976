package org.clgrad.bench.child;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.clgrad.bench.engine.Engine;
import org.clgrad.bench.engine.Trainer;

/** Linear layers with an activation between them, and BCE with logits at the end. */
record Network<T>(Engine<T> engine, T rows, T targets, List<T> weights, List<T> biases, UnaryOperator<T> activation) {
    List<T> parameters() {
        List<T> all = new ArrayList<>(weights);
        all.addAll(biases);
        return all;
    }

    private T loss() {
        T x = linear(rows, 0);
        for (int i = 1; i < weights.size(); i++) {
            T hidden = activation.apply(x);
            engine.drop(x);
            x = linear(hidden, i);
            engine.drop(hidden);
        }
        T loss = engine.bce(x, targets);
        engine.drop(x);
        return loss;
    }

    private T linear(T input, int layer) {
        T product = engine.matmul(input, weights.get(layer));
        T sum = engine.add(product, biases.get(layer));
        engine.drop(product);
        return sum;
    }

    /** A training step; gives the loss and the parameters. */
    Supplier<List<T>> training(Trainer<T> trainer) {
        List<T> results = parameters();
        return () -> {
            T loss = trainer.step(this::loss);
            List<T> all = new ArrayList<>(results);
            all.add(loss);
            return all;
        };
    }
}
