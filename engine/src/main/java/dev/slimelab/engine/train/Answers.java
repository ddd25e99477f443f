package dev.slimelab.engine.train;

import java.util.Map;

final class Answers implements Evaluator.Measurement {
    @Override
    public Map<String, Double> measure(int step) {
        return Map.of();
    }
}
