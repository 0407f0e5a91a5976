package org.clgrad.cli;

import java.util.List;
import org.clgrad.Autograd;
import org.clgrad.Scope;
import org.clgrad.Tensor;
import org.clgrad.data.BreastCancer;
import org.clgrad.data.Dataset;
import org.clgrad.nn.Functional;
import org.clgrad.optim.SGD;

/** Trains logistic regression and a small network to tell benign from malignant tumours. */
final class Training {
    private static final double TRAIN_FRACTION = 0.8;
    private static final int HIDDEN = 16;

    private final Session session;
    private final TrainSettings settings;

    Training(Session session, TrainSettings settings) {
        this.session = session;
        this.settings = settings;
    }

    /**
     * A trained model.
     *
     * @param losses of the training set before each step: mean binary cross entropy, plus weightDecay / 2 times the sum of
     *     the squared weights, which keeps a model from trusting few features too much
     * @param accuracy fraction of the test set that is told right
     */
    record Result(String model, double[] losses, double accuracy) {}

    void run() {
        Dataset.Split data =
                BreastCancer.load().split(TRAIN_FRACTION, session.seed()).standardized();
        int inputs = data.train().columns();
        session.heading("Training on Breast Cancer Wisconsin");
        session.line(
                "%d rows of %d features to train on, %d to test, drawn with seed %d",
                data.train().rows(), inputs, data.test().rows(), session.seed());
        session.line(
                "%d epochs on %s, learning rate %s, momentum %s, weight decay %s",
                settings.epochs, session.device(), settings.learningRate, settings.momentum, settings.weightDecay);
        session.line("");

        session.reseed();
        List<Result> results =
                List.of(train("logistic regression", data, inputs, 1), train("network", data, inputs, HIDDEN, 1));

        session.line("");
        for (Result result : results) {
            session.line("%-20s test accuracy %.1f %%", result.model(), 100 * result.accuracy());
        }
        LossFiles.write(session, results);
    }

    private Result train(String name, Dataset.Split data, int... sizes) {
        try (Scope scope = Scope.open()) {
            Perceptron model = new Perceptron(session.device(), sizes);
            double[] losses = fit(name, model, data.train());
            return new Result(name, losses, accuracy(model, data.test()));
        }
    }

    private double[] fit(String name, Perceptron model, Dataset data) {
        double[] losses = new double[settings.epochs];
        Tensor x = features(data);
        Tensor y = Tensor.of(session.device(), data.labels(), data.rows(), 1);
        try (Progress progress = Progress.of(session, name, settings.epochs);
                SGD optimizer = new SGD(model.parameters(), settings.learningRate).momentum(settings.momentum)) {
            for (int epoch = 0; epoch < settings.epochs; epoch++) {
                try (Scope step = Scope.open()) { // memory stays flat
                    Tensor loss = Functional.binaryCrossEntropyWithLogits(model.forward(x), y)
                            .add(model.squaredWeights().mul(settings.weightDecay / 2));
                    loss.backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                    losses[epoch] = loss.item();
                    progress.epoch(epoch + 1, losses[epoch]);
                }
            }
        }
        return losses;
    }

    private double accuracy(Perceptron model, Dataset test) {
        try (var guard = Autograd.noGrad()) {
            float[] logits = model.forward(features(test)).toFloatArray();
            int right = 0;
            for (int i = 0; i < logits.length; i++) {
                if (logits[i] > 0 == test.labels()[i] > 0) {
                    right++;
                }
            }
            return right / (double) logits.length;
        }
    }

    private Tensor features(Dataset data) {
        return Tensor.of(session.device(), data.features(), data.rows(), data.columns());
    }
}
