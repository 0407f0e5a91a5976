package org.clgrad.optim;

import java.util.List;
import org.clgrad.Tensor;
import org.clgrad.backend.AdamUpdate;

/**
 * Adam whose decay does not pass through the moments: torch.optim.AdamW (Loshchilov and Hutter, 2019).
 *
 * <pre>
 * p = (1 - learningRate weightDecay) p, then as {@link Adam} without decay; weightDecay is 0.01 by default
 * </pre>
 */
public final class AdamW extends Adam {
    private static final double DEFAULT_DECAY = 0.01;

    /** @throws IllegalArgumentException if there is no parameter, one is no leaf or given twice, or the rate is negative */
    public AdamW(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        weightDecay(DEFAULT_DECAY);
    }

    @Override
    AdamUpdate.Decay kindOfDecay() {
        return AdamUpdate.Decay.DECOUPLED;
    }

    @Override
    double decay() {
        return 1 - learningRate() * weightDecay();
    }
}
