package dev.slimelab.engine.verify;

import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.TrlObjective;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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
        Objective objective;
        try {
            objective = objective(loss, test.get("hparams"));
        } catch (Problem problem) {
            return Outcome.unsupported(id, "loss", problem.what());
        }
        JsonNode batch = batches.get(test.get("batch").stringValue());
        JsonNode policy = test.has("inputs") ? test.get("inputs") : batch;
        double[][] chosen = ragged(policy.get("policy_chosen"));
        double[][] rejected = ragged(policy.get("policy_rejected"));
        Evaluation evaluation =
                objective.evaluate(
                        new PairLogps(
                                chosen,
                                rejected,
                                new PairLogps(
                                        ragged(batch.get("ref_chosen")),
                                        ragged(batch.get("ref_rejected"))),
                                new PairLogps.Extras(
                                        ragged(batch.get("policy_prompt")),
                                        new PairLogps(logSquares(chosen), logSquares(rejected)),
                                        logRatios(batch.get("kl_policy"), batch.get("kl_ref")),
                                        null,
                                        null,
                                        null)));
        Difference difference = new Difference(SMALLEST_SCALE);
        difference.add(evaluation.value(), test.get("value").doubleValue());
        add(difference, evaluation.chosenGradient(), ragged(test.get("grad_chosen")));
        add(difference, evaluation.rejectedGradient(), ragged(test.get("grad_rejected")));
        double[][] prompt = evaluation.promptGradient();
        if (test.has("grad_prompt_chosen") && prompt != null) {
            add(difference, prompt, ragged(test.get("grad_prompt_chosen")));
        }
        boolean inDouble = test.get("dtype").stringValue().equals("float64");
        return Outcome.compared(
                id, "loss", difference.relative(), inDouble ? DOUBLE_TOLERANCE : SINGLE_TOLERANCE);
    }

    /// The composition of a case; `loss` starts with the trainer's name.
    static Objective objective(String loss, JsonNode settings) {
        String[] name = loss.split("/", 2);
        TrlObjective.Trainer trainer =
                switch (name[0]) {
                    case "dpo" -> TrlObjective.Trainer.DPO;
                    case "dpo027" -> TrlObjective.Trainer.DPO_027;
                    case "cpo" -> TrlObjective.Trainer.CPO;
                    case "orpo" -> TrlObjective.Trainer.ORPO;
                    case "kto" -> TrlObjective.Trainer.KTO;
                    case "bco" -> TrlObjective.Trainer.BCO;
                    case "slime" -> TrlObjective.Trainer.SLIME;
                    default ->
                            throw Problem.badRequest(
                                    "No trainer is known for \"" + loss + "\".",
                                    "Known are dpo, dpo027, cpo, orpo, kto, bco and slime.");
                };
        ObjectNode complete = (ObjectNode) settings.deepCopy();
        if (!complete.has("loss_type") && name.length > 1) {
            complete.put("loss_type", name[1]);
        }
        return TrlObjective.of(trainer, complete);
    }

    /// The reference's vocabulary had two words, of probabilities p and 1 − p.
    private static double[][] logSquares(double[][] logps) {
        return Arrays.stream(logps)
                .map(
                        row ->
                                Arrays.stream(row)
                                        .map(Math::exp)
                                        .map(p -> Math.log(p * p + (1 - p) * (1 - p)))
                                        .toArray())
                .toArray(double[][]::new);
    }

    private static double[] logRatios(JsonNode policy, JsonNode reference) {
        double[][] above = ragged(policy);
        double[][] below = ragged(reference);
        return IntStream.range(0, above.length)
                .mapToDouble(i -> Arrays.stream(above[i]).sum() - Arrays.stream(below[i]).sum())
                .toArray();
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
