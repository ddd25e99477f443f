package dev.slimelab.engine.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The clock of a run: throughput, memory and what is left, from training time alone.
///
/// Pauses and evaluations do not count, so a run that was paused overnight keeps its rate.
final class Progress {
    private static final double NANOS = 1e9;

    private final int steps;
    private final long started = System.nanoTime();
    private long stepBegan;
    private double trainingSeconds;
    private double lastStepSeconds;
    private long tokens;
    private long lastStepTokens;

    Progress(int steps) {
        this.steps = steps;
    }

    void begin() {
        stepBegan = System.nanoTime();
    }

    void end(List<Example> batch) {
        lastStepSeconds = (System.nanoTime() - stepBegan) / NANOS;
        lastStepTokens = batch.stream().mapToLong(example -> example.row().length()).sum();
        trainingSeconds += lastStepSeconds;
        tokens += lastStepTokens;
    }

    double etaSeconds(int done) {
        return trainingSeconds / done * (steps - done);
    }

    /// `time` is seconds since the first step began, `tokens` and `num_tokens` count prompts once
    /// per pair.
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("time", (System.nanoTime() - started) / NANOS);
        metrics.put("num_tokens", (double) tokens);
        metrics.put("tokens_per_second", lastStepTokens / lastStepSeconds);
        metrics.put("seconds_per_step", lastStepSeconds);
        metrics.put("memory_bytes", residentBytes());
        return metrics;
    }

    /// Resident memory of this process; NaN where the system does not say.
    static double residentBytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException _) {
            return Double.NaN;
        }
    }
}
