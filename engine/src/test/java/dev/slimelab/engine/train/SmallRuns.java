package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// What tests of whole runs share: a very small model on the built-in corpus.
final class SmallRuns {
    /// What differs between two runs of one spec: time, throughput and memory.
    private static final Set<String> OF_THE_MOMENT =
            Set.of(
                    "time",
                    "tokens_per_second",
                    "seconds_per_step",
                    "seconds_waited_for_data",
                    "memory_bytes");

    private SmallRuns() {}

    /// @param folder where the spec is written
    static RunSpec spec(Path folder, String... changes) {
        return SpecJson.read(file(folder), List.of(changes));
    }

    static Path file(Path folder) {
        Path file = folder.resolve("small.json");
        try {
            Files.writeString(
                    file,
                    """
                    {"name": "small",
                     "model": {"config": {"model_type": "llama", "hidden_size": 32, "intermediate_size": 48,
                        "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                        "vocab_size": 640, "max_position_embeddings": 256, "rms_norm_eps": 1e-5,
                        "rope_theta": 10000.0, "tie_word_embeddings": true, "hidden_act": "silu",
                        "initializer_range": 0.02},
                        "tokenizerPath": "%s"},
                     "data": {"format": "tiny-lab", "pairs": 40},
                     "adapter": {"kind": "lora", "r": 4, "alpha": 8},
                     "optimization": {"learningRate": 1e-2, "maxSteps": 6, "batchPairs": 8, "microBatchPairs": 8},
                     "evaluation": {"everySteps": 3, "probePairs": 4, "samplePrompts": 0},
                     "threads": 1}
                    """
                            .formatted(
                                    Path.of("..", "assets", "tiny")
                                            .toAbsolutePath()
                                            .normalize()
                                            .toString()
                                            .replace('\\', '/')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    static List<JsonNode> metrics(RunDirectory run) {
        return new JsonLinesTail(run.metrics()).poll().lines();
    }

    static List<JsonNode> events(RunDirectory run, String event) {
        return new JsonLinesTail(run.events())
                .poll().lines().stream()
                        .filter(line -> line.get("event").stringValue().equals(event))
                        .toList();
    }

    /// The metrics that two runs of one spec have in common, bit for bit.
    static List<Map<String, String>> lasting(RunDirectory run) {
        List<Map<String, String>> lines = new ArrayList<>();
        for (JsonNode line : metrics(run)) {
            Map<String, String> values = new TreeMap<>();
            line.properties().stream()
                    .filter(metric -> !OF_THE_MOMENT.contains(metric.getKey()))
                    .forEach(metric -> values.put(metric.getKey(), metric.getValue().toString()));
            lines.add(values);
        }
        return lines;
    }

    static State state(RunDirectory run) {
        RunStatus status = RunStatus.read(run.status(), Instant.now());
        return status == null ? State.PREPARING : status.state();
    }

    static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("still waiting").isBefore(end);
            Thread.onSpinWait();
        }
    }
}
