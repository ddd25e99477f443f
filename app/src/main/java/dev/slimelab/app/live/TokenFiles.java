package dev.slimelab.app.live;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// Reads `tokens/` of a run: the texts of the probe pairs whose single tokens are kept, and their
/// facts after a number of steps.
final class TokenFiles {
    private static final String GRADIENT = "gradient/";

    private TokenFiles() {}

    /// One side of a pair.
    enum Side {
        CHOSEN("chosen"),
        REJECTED("rejected");

        private final String word;

        Side(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /// A probe pair's texts, answers as tokens.
    record Pair(String prompt, List<String> chosen, List<String> rejected) {
        List<String> tokens(Side side) {
            return side == Side.CHOSEN ? chosen : rejected;
        }
    }

    /// A number for each token of each pair's answers.
    record PerToken(List<List<Double>> chosen, List<List<Double>> rejected) {
        /// Of one answer; empty where there is none.
        List<Double> of(int pair, Side side) {
            List<List<Double>> answers = side == Side.CHOSEN ? chosen : rejected;
            return pair < answers.size() ? answers.get(pair) : List.of();
        }
    }

    /// What is known of all pairs' tokens after a number of steps.
    ///
    /// @param logps nat
    /// @param reference the same under the reference model, null where the objective has none
    /// @param gradients ∂L/∂logp by term
    record Facts(
            int step,
            PerToken logps,
            @Nullable PerToken reference,
            Map<String, PerToken> gradients) {}

    /// Empty where the run has not written them.
    static List<Pair> pairs(RunDirectory run) {
        JsonNode tree = read(run.tokens().resolve("probe.json"));
        if (tree == null) {
            return List.of();
        }
        List<Pair> pairs = new ArrayList<>();
        for (JsonNode pair : tree) {
            pairs.add(
                    new Pair(
                            pair.path("prompt").asString(""),
                            texts(pair.path("chosen")),
                            texts(pair.path("rejected"))));
        }
        return pairs;
    }

    /// Null where the file is gone, because the run was resumed from an earlier checkpoint.
    static @Nullable Facts facts(RunDirectory run, int step) {
        JsonNode tree = read(run.tokens().resolve("step-%06d.json".formatted(step)));
        if (tree == null) {
            return null;
        }
        Map<String, PerToken> gradients = new LinkedHashMap<>();
        tree.properties().stream()
                .filter(entry -> entry.getKey().startsWith(GRADIENT))
                .forEach(
                        entry ->
                                gradients.put(
                                        entry.getKey().substring(GRADIENT.length()),
                                        numbers(entry.getValue())));
        return new Facts(
                step,
                numbers(tree.path("logps")),
                tree.has("reference") ? numbers(tree.get("reference")) : null,
                gradients);
    }

    private static @Nullable JsonNode read(Path file) {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException _) {
            return null;
        } catch (JacksonException e) {
            throw Problem.failed(
                    file + " is no JSON: " + e.getOriginalMessage() + ".",
                    "Another step may be whole; resuming the run writes it again.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(text -> text.asString(""))
                .toList();
    }

    private static PerToken numbers(JsonNode sides) {
        return new PerToken(
                answers(sides.path(Side.CHOSEN.word())), answers(sides.path(Side.REJECTED.word())));
    }

    private static List<List<Double>> answers(JsonNode pairs) {
        return StreamSupport.stream(pairs.spliterator(), false)
                .map(
                        answer ->
                                StreamSupport.stream(answer.spliterator(), false)
                                        .map(value -> value.asDouble(Double.NaN))
                                        .toList())
                .toList();
    }
}
