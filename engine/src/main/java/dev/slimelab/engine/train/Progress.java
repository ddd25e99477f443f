package dev.slimelab.engine.train;

import dev.slimelab.engine.device.DeviceMemory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The clock of a run: throughput, memory and what is left, from training time alone.
///
/// Pauses and evaluations do not count, so a run that was paused overnight keeps its rate.
final class Progress implements Remembered {
    private static final double NANOS = 1e9;

    private final int steps;
    private final DeviceMemory device;
    private final long started = System.nanoTime();
    private double earlierSeconds;
    private long stepBegan;
    private double trainingSeconds;
    private double lastStepSeconds;
    private double lastWaitSeconds;
    private long tokens;
    private long lastStepTokens;
    private long lastStepAnswerTokens;

    Progress(int steps, DeviceMemory device) {
        this.steps = steps;
        this.device = device;
    }

    void begin() {
        stepBegan = System.nanoTime();
    }

    /// A step begins with waiting for its batch.
    void dataCame() {
        lastWaitSeconds = secondsSince(stepBegan);
    }

    void end(List<Example> batch) {
        lastStepSeconds = secondsSince(stepBegan);
        lastStepTokens = batch.stream().mapToLong(example -> example.row().length()).sum();
        lastStepAnswerTokens =
                batch.stream()
                        .mapToLong(example -> example.chosenTokens() + example.rejectedTokens())
                        .sum();
        trainingSeconds += lastStepSeconds;
        tokens += lastStepTokens;
    }

    double etaSeconds(int done) {
        return trainingSeconds / done * (steps - done);
    }

    /// `time` is seconds since the first step began, without those between the lives of a run that
    /// was continued; `tokens` and `num_tokens` count prompts once per pair.
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("time", seconds());
        metrics.put("num_tokens", (double) tokens);
        metrics.put("useful_tokens", (double) lastStepAnswerTokens / lastStepTokens);
        metrics.put("tokens_per_second", lastStepTokens / lastStepSeconds);
        metrics.put("seconds_per_step", lastStepSeconds);
        metrics.put("seconds_waited_for_data", lastWaitSeconds);
        metrics.put("memory_bytes", ProcessMemory.residentBytes());
        metrics.put("memory/device", device.usedBytes());
        metrics.put("memory/device_peak", device.peakBytes());
        return metrics;
    }

    private double seconds() {
        return earlierSeconds + secondsSince(started);
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / NANOS;
    }

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public JsonNode state() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("seconds", seconds())
                .put("trainingSeconds", trainingSeconds)
                .put("tokens", tokens);
    }

    @Override
    public void restore(JsonNode state) {
        earlierSeconds = state.get("seconds").doubleValue();
        trainingSeconds = state.get("trainingSeconds").doubleValue();
        tokens = state.get("tokens").longValue();
    }
}
