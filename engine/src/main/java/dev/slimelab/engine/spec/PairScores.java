package dev.slimelab.engine.spec;

import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a spec's model says of its own data before the first step: the log-prob of every completion
/// token of some pairs, under the policy and under the reference.
///
/// An objective is a function of these numbers alone, so they need not be measured again while its
/// settings change.
///
/// @param rows the places of the pairs in the training data, from 0
/// @param of how many rows the training data has
/// @param logps with the reference's unless the spec has none, with offsets and weights where every
///   row has them, and with sentences where the spec's objective asks for them
public record PairScores(List<Integer> rows, int of, PairLogps logps) {
    private static final JsonMapper JSON = JsonMapper.shared();

    public PairScores {
        rows = List.copyOf(rows);
    }

    /// All of it as one JSON object; log-probs with six significant digits.
    public String json() {
        ObjectNode page = JSON.createObjectNode();
        page.put("pairs", rows.size());
        page.put("of", of);
        page.set("rows", JSON.valueToTree(rows));
        page.set("logps", sides(logps));
        PairLogps reference = logps.reference();
        page.set("reference", reference == null ? JSON.nullNode() : sides(reference));
        page.set("offsets", JSON.valueToTree(logps.extras().offsets()));
        page.set("weights", JSON.valueToTree(logps.extras().weights()));
        page.set("sentences", JSON.valueToTree(logps.extras().sentences()));
        return JSON.writeValueAsString(page);
    }

    /// Reads what [#json] wrote.
    ///
    /// @throws Problem failed: where the text is something else
    public static PairScores read(String text) {
        try {
            JsonNode page = JSON.readTree(text);
            PairLogps policy = pairs(page.get("logps"));
            JsonNode reference = page.get("reference");
            return new PairScores(
                    Arrays.asList(JSON.treeToValue(page.get("rows"), Integer[].class)),
                    page.get("of").intValue(),
                    new PairLogps(
                            policy.chosen(),
                            policy.rejected(),
                            reference.isNull() ? null : pairs(reference),
                            new PairLogps.Extras(
                                    null,
                                    null,
                                    null,
                                    optional(page.get("offsets"), double[].class),
                                    optional(page.get("weights"), double[].class),
                                    optional(page.get("sentences"), int[][].class))));
        } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
            throw Problem.failed(
                    "The scores cannot be read: " + e.getMessage() + ".", "Measure again.", e);
        }
    }

    private static <T> @Nullable T optional(JsonNode node, Class<T> type) {
        return node.isNull() ? null : JSON.treeToValue(node, type);
    }

    private static PairLogps pairs(JsonNode sides) {
        return new PairLogps(
                JSON.treeToValue(sides.get("chosen"), double[][].class),
                JSON.treeToValue(sides.get("rejected"), double[][].class));
    }

    private static ObjectNode sides(PairLogps logps) {
        ObjectNode sides = JSON.createObjectNode();
        sides.set("chosen", JSON.valueToTree(rounded(logps.chosen())));
        sides.set("rejected", JSON.valueToTree(rounded(logps.rejected())));
        return sides;
    }

    private static double[][] rounded(double[][] logps) {
        return Arrays.stream(logps)
                .map(row -> Arrays.stream(row).map(PairScores::sixDigits).toArray())
                .toArray(double[][]::new);
    }

    private static double sixDigits(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.5e", value));
    }
}
