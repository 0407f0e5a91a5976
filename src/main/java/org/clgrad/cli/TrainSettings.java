package org.clgrad.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How to train. */
final class TrainSettings {
    @Option(names = "--epochs", paramLabel = "N", description = "Steps, each over all training rows. Default: 200.")
    int epochs = 200;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Default: 0.1.")
    double learningRate = 0.1;

    @Option(names = "--momentum", paramLabel = "X", description = "At least 0 and below 1. Default: 0.9.")
    double momentum = 0.9;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Pull of weights towards 0. Default: 0.01.")
    double weightDecay = 0.01;

    /** @throws ParameterException if a number is out of its range */
    void check(CommandLine command) {
        require(command, epochs > 0, "--epochs must be at least 1, not " + epochs);
        require(
                command,
                learningRate > 0 && learningRate < Double.POSITIVE_INFINITY,
                "--learning-rate must be a number above 0, not " + learningRate);
        require(
                command,
                weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
                "--weight-decay must be a number of at least 0, not " + weightDecay);
        require(command, momentum >= 0 && momentum < 1, "--momentum must be at least 0 and below 1, not " + momentum);
    }

    private static void require(CommandLine command, boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(command, message);
        }
    }
}
