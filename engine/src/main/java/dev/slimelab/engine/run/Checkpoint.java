package dev.slimelab.engine.run;

import dev.slimelab.engine.file.AtomicFolder;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.OptionalDouble;

/// The whole state of a run after a number of steps, as a folder that is never changed:
///
/// ```
/// adapter/ or model/        what is trained            state.json   all that is small
/// optimizer.safetensors     moments and step number    SHA256SUMS   of these files
/// ```
///
/// @param step optimiser steps done
public record Checkpoint(Path path, int step) {
    public Path adapter() {
        return path.resolve("adapter");
    }

    public Path model() {
        return path.resolve("model");
    }

    public Path optimizer() {
        return path.resolve("optimizer.safetensors");
    }

    public Path state() {
        return path.resolve("state.json");
    }

    /// What is wrong with it, in words; null where every file is as it was written.
    public @Nullable String damage() {
        return AtomicFolder.damage(path);
    }

    public JsonNode readState() {
        return JsonMapper.shared().readTree(state());
    }

    /// A metric of its step; empty where it was not measured then, or cannot be read any more.
    OptionalDouble metric(String name) {
        try {
            JsonNode value = readState().path("metrics").path(name);
            return value.isNumber()
                    ? OptionalDouble.of(value.doubleValue())
                    : OptionalDouble.empty();
        } catch (JacksonException _) {
            return OptionalDouble.empty();
        }
    }
}
