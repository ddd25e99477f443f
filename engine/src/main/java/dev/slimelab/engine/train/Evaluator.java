package dev.slimelab.engine.train;

import dev.slimelab.engine.objective.Objective;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that is measured beside the training batches, in one go.
final class Evaluator implements AutoCloseable {
    /// One thing to measure after `step` optimiser steps; step 0 comes first and is what changes
    /// are counted from. The objective is the one that holds for the next step.
    interface Measurement extends AutoCloseable {
        Map<String, Double> measure(int step, Objective objective);

        @Override
        default void close() {}
    }

    private final List<Measurement> measurements;

    Evaluator(List<Measurement> measurements) {
        this.measurements = List.copyOf(measurements);
    }

    Map<String, Double> measure(int step, Objective objective) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            all.putAll(measurement.measure(step, objective));
        }
        return all;
    }

    /// Those whose next measurement depends on earlier ones.
    List<Remembered> remembered() {
        return measurements.stream()
                .filter(Remembered.class::isInstance)
                .map(Remembered.class::cast)
                .toList();
    }

    @Override
    public void close() {
        measurements.forEach(Measurement::close);
    }
}
