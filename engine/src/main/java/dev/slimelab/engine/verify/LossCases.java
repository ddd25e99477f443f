package dev.slimelab.engine.verify;

import dev.slimelab.engine.objective.Anchor;
import dev.slimelab.engine.objective.Contrast;
import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Margin;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Reduce;
import dev.slimelab.engine.objective.Reference;
import dev.slimelab.engine.objective.Stabiliser.SoftplusPower;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Loss values and token gradients against the trainers of TRL and trl-slime: the cases of
/// `losses.json`.
///
/// The error of a case is max|Δ| over value and gradients, divided by max(1e-3, max|reference|):
/// 1e-9 passes where the reference computed in float64, 1e-6 where float32 took part.
final class LossCases {
    private static final double SMALLEST_SCALE = 1e-3;
    private static final double DOUBLE_TOLERANCE = 1e-9;
    private static final double SINGLE_TOLERANCE = 1e-6;

    private LossCases() {}

    static void run(JsonNode file, Selection selection, Consumer<Outcome> outcomes) {
        for (JsonNode test : file.get("cases")) {
            String loss = test.get("loss").stringValue();
            String id = "losses/" + loss + "/" + test.get("id").stringValue();
            if (selection.includes(id)) {
                outcomes.accept(run(id, loss, test, file.get("batches")));
            }
        }
    }

    private static Outcome run(String id, String loss, JsonNode test, JsonNode batches) {
        Optional<Objective> objective = objective(loss, test.get("hparams"));
        if (objective.isEmpty()) {
            return Outcome.unsupported(id, "loss", "no composition for " + test.get("hparams"));
        }
        JsonNode batch = batches.get(test.get("batch").stringValue());
        JsonNode policy = test.has("inputs") ? test.get("inputs") : batch;
        Evaluation evaluation =
                objective
                        .get()
                        .evaluate(
                                new PairLogps(
                                        ragged(policy.get("policy_chosen")),
                                        ragged(policy.get("policy_rejected")),
                                        new PairLogps(
                                                ragged(batch.get("ref_chosen")),
                                                ragged(batch.get("ref_rejected")))));
        Difference difference = new Difference(SMALLEST_SCALE);
        difference.add(evaluation.value(), test.get("value").doubleValue());
        add(difference, evaluation.chosenGradient(), ragged(test.get("grad_chosen")));
        add(difference, evaluation.rejectedGradient(), ragged(test.get("grad_rejected")));
        boolean inDouble = test.get("dtype").stringValue().equals("float64");
        return Outcome.compared(
                id, "loss", difference.relative(), inDouble ? DOUBLE_TOLERANCE : SINGLE_TOLERANCE);
    }

    /// The composition that a reference trainer's hyper-parameters describe; empty where we have
    /// none.
    static Optional<Objective> objective(String loss, JsonNode settings) {
        return switch (loss) {
            case "slime" -> Optional.of(slime(settings));
            case "cpo/simpo" -> Optional.of(simpo(settings));
            case "dpo/sigmoid" -> dpo(settings);
            default -> Optional.empty();
        };
    }

    private static Objective slime(JsonNode settings) {
        return new Objective(
                new Reduce.Mean(),
                Reference.NONE,
                1,
                new Margin.Zero(),
                new DualMargin(
                        settings.get("dist_lambda").doubleValue(),
                        DualMargin.Hard.HINGE,
                        settings.get("hard_margin").doubleValue(),
                        DualMargin.Soft.GATE,
                        settings.get("soft_margin").doubleValue(),
                        settings.path("soft_slope").asDouble(2.5)),
                new Anchor.Nll(
                        settings.get("center_lambda_chosen").doubleValue(),
                        Anchor.Nll.Average.SEQUENCE_MEAN),
                new SoftplusPower(
                        settings.get("center_lambda_rejected").doubleValue(),
                        settings.get("rejected_penalty_shift").doubleValue(),
                        settings.path("rejected_power").asDouble(2.5),
                        SoftplusPower.Average.TOKEN_MEAN,
                        SoftplusPower.CertainTokens.SKIP),
                1);
    }

    private static Objective simpo(JsonNode settings) {
        double beta = settings.get("beta").doubleValue();
        return contrastOnly(
                new Reduce.Mean(),
                Reference.NONE,
                beta,
                new Margin.Constant(settings.get("simpo_gamma").doubleValue() / beta),
                new Contrast.LogSigmoid(1, settings.path("label_smoothing").asDouble(0)));
    }

    /// TRL 1.13 ignores `label_smoothing` for `sigmoid`.
    private static Optional<Objective> dpo(JsonNode settings) {
        boolean plain =
                settings.path("f_divergence_type").asString("reverse_kl").equals("reverse_kl")
                        && !settings.path("ld_alpha").isNumber()
                        && !settings.path("use_weighting").asBoolean(false);
        return plain
                ? Optional.of(
                        contrastOnly(
                                new Reduce.Sum(),
                                Reference.FROZEN,
                                settings.get("beta").doubleValue(),
                                new Margin.Zero(),
                                new Contrast.LogSigmoid(1, 0)))
                : Optional.empty();
    }

    private static Objective contrastOnly(
            Reduce reduce, Reference reference, double beta, Margin margin, Contrast contrast) {
        return new Objective(reduce, reference, beta, margin, contrast, null, null, 1);
    }

    private static void add(Difference difference, double[][] ours, double[][] theirs) {
        for (int row = 0; row < theirs.length; row++) {
            for (int t = 0; t < theirs[row].length; t++) {
                difference.add(ours[row][t], theirs[row][t]);
            }
        }
    }

    private static double[][] ragged(JsonNode rows) {
        return List.copyOf(rows.values()).stream()
                .map(row -> row.values().stream().mapToDouble(JsonNode::doubleValue).toArray())
                .toArray(double[][]::new);
    }
}
