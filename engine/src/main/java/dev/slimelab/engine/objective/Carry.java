package dev.slimelab.engine.objective;

import java.util.Map;
import java.util.TreeMap;

/// What an objective remembers from step to step: running means by name. Part of every checkpoint.
public record Carry(Map<String, Double> values) {
    /// Before the first step.
    public static final Carry NONE = new Carry(Map.of());

    public Carry {
        values = Map.copyOf(values);
    }

    /// A remembered value; 0 before the first step.
    public double get(String name) {
        return values.getOrDefault(name, 0.0);
    }

    public Carry with(String name, double value) {
        Map<String, Double> changed = new TreeMap<>(values);
        changed.put(name, value);
        return new Carry(changed);
    }
}
