package dev.slimelab.engine.train;

import dev.slimelab.engine.run.JsonLinesWriter;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes `metrics.jsonl`: one object per optimiser step, and one for step 0 that holds only what
/// was measured before it.
final class MetricsLog implements AutoCloseable {
    private final JsonLinesWriter writer;

    MetricsLog(Path file) {
        writer = new JsonLinesWriter(file);
    }

    /// @param step optimiser steps done; the line's training metrics were measured on the way to it
    void append(int step, double epoch, Map<String, Double> metrics) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("epoch", epoch);
        line.putAll(metrics);
        writer.append(line);
    }

    @Override
    public void close() {
        writer.close();
    }
}
