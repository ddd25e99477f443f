package dev.slimelab.engine.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that is measured beside the training batches, in one go.
final class Evaluator implements AutoCloseable {
    /// One thing to measure after `step` optimiser steps; step 0 comes first and is what changes
    /// are counted from.
    interface Measurement extends AutoCloseable {
        Map<String, Double> measure(int step);

        @Override
        default void close() {}
    }

    private final List<Measurement> measurements;

    Evaluator(List<Measurement> measurements) {
        this.measurements = List.copyOf(measurements);
    }

    Map<String, Double> measure(int step) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            all.putAll(measurement.measure(step));
        }
        return all;
    }

    @Override
    public void close() {
        measurements.forEach(Measurement::close);
    }
}
