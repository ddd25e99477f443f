package dev.slimelab.app.compose;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Region;
import dev.slimelab.engine.objective.Stabiliser;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.PairScores;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Log-probs of real answers, on which any objective can be evaluated.
///
/// @param words where they come from, as a caption says it
/// @param tokens log-probs of rejected tokens as a run's probe counted them, in bins of half a nat
///   up to 0; null where the pairs' own tokens are all there is
record Evidence(String words, PairLogps logps, int @Nullable [] tokens) {
    private static final double RECORDED_BIN = 0.5;

    /// A share of the values on an axis.
    record Share(Region region, double share, long count) {}

    static Evidence measured(PairScores scores) {
        return new Evidence(
                "%s of %s rows, before training"
                        .formatted(
                                Numbers.fixed(scores.rows().size(), 0),
                                Numbers.fixed(scores.of(), 0)),
                scores.logps(),
                null);
    }

    /// The latest that a run recorded of its probe; null where it recorded nothing.
    ///
    /// @throws Problem where the record is damaged
    static @Nullable Evidence recorded(String name, RunDirectory run) {
        Path latest = latest(run.tokens());
        if (latest == null) {
            return null;
        }
        try {
            JsonNode facts = JsonMapper.shared().readTree(Files.readString(latest));
            JsonNode reference = facts.get("reference");
            PairLogps policy = pairs(facts.get("logps"));
            JsonNode histogram = facts.get("histogram/rejected");
            return new Evidence(
                    "%s probe pairs of %s at step %s"
                            .formatted(
                                    Numbers.fixed(policy.pairs(), 0),
                                    name,
                                    Numbers.fixed(facts.get("step").intValue(), 0)),
                    new PairLogps(
                            policy.chosen(),
                            policy.rejected(),
                            reference == null ? null : pairs(reference)),
                    histogram == null
                            ? null
                            : JsonMapper.shared().treeToValue(histogram, int[].class));
        } catch (JacksonException | NullPointerException e) {
            throw Problem.failed(
                    latest + " is not what a run records: " + e.getMessage() + ".",
                    "Choose another run.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Path latest(Path tokens) {
        if (!Files.isDirectory(tokens)) {
            return null;
        }
        try (Stream<Path> files = Files.list(tokens)) {
            return files.filter(file -> file.getFileName().toString().matches("step-\\d+\\.json"))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PairLogps pairs(JsonNode sides) {
        JsonMapper json = JsonMapper.shared();
        return new PairLogps(
                json.treeToValue(sides.get("chosen"), double[][].class),
                json.treeToValue(sides.get("rejected"), double[][].class));
    }

    /// Whether an objective can be evaluated on the pairs.
    boolean answers(Objective objective) {
        return !objective.needsReference() || logps.reference() != null;
    }

    /// Where the pairs stand on the contrast's axis; empty without a contrast, or where the
    /// objective asks for what was not measured.
    double[] comparisons(Objective objective) {
        boolean measured =
                answers(objective)
                        && objective.needs().stream()
                                .allMatch(
                                        need ->
                                                switch (need) {
                                                    case OFFSETS ->
                                                            logps.extras().offsets() != null;
                                                    case SENTENCES ->
                                                            logps.extras().sentences() != null;
                                                    case REFERENCE,
                                                            PROMPT,
                                                            MISMATCHED,
                                                            LOG_SQUARES,
                                                            WEIGHTS ->
                                                            true;
                                                });
        return measured
                ? Arrays.stream(objective.comparisons(logps)).filter(Double::isFinite).toArray()
                : new double[0];
    }

    /// The log-probs of the tokens that a stabiliser looks at. Of a recorded histogram the middle
    /// of each bin, as often as it was counted.
    double[] tokens(Stabiliser stabiliser) {
        if (tokens != null && stabiliser.readsRejected() && !stabiliser.readsChosen()) {
            List<double[]> values = new ArrayList<>();
            for (int bin = 0; bin < tokens.length; bin++) {
                double[] same = new double[tokens[bin]];
                Arrays.fill(same, (bin - tokens.length + 0.5) * RECORDED_BIN);
                values.add(same);
            }
            return values.stream().flatMapToDouble(Arrays::stream).toArray();
        }
        return Stream.of(
                        stabiliser.readsChosen() ? logps.chosen() : new double[0][],
                        stabiliser.readsRejected() ? logps.rejected() : new double[0][])
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /// How much of the values is in each region; empty without values.
    static List<Share> shares(List<Region> regions, double[] values) {
        return values.length == 0
                ? List.of()
                : regions.stream()
                        .map(
                                region -> {
                                    long inside =
                                            Arrays.stream(values).filter(region::contains).count();
                                    return new Share(
                                            region, (double) inside / values.length, inside);
                                })
                        .toList();
    }
}
