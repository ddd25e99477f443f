package dev.slimelab.engine.train;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Reduce;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures the objective on all rows that were held out, taken as one batch.
final class HeldOut implements Evaluator.Measurement {
    private final LanguageModel policy;
    private final ReferenceLogps reference;
    private final List<Example> examples;
    private final int rowsPerPass;

    HeldOut(
            LanguageModel policy,
            ReferenceLogps reference,
            List<Example> examples,
            int rowsPerPass) {
        this.policy = policy;
        this.reference = reference;
        this.examples = examples;
        this.rowsPerPass = rowsPerPass;
    }

    @Override
    public Map<String, Double> measure(int step, Objective objective) {
        PairLogps logps =
                PairLogps.concatenated(
                        Passes.parts(examples, rowsPerPass).stream().map(this::logps).toList());
        Evaluation evaluation = objective.evaluate(logps);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval/loss", evaluation.value());
        metrics.put("eval/logps_mean/chosen", mean(logps.chosen()));
        if (examples.getFirst().rejectedTokens() > 0) {
            metrics.put("eval/logps_mean/rejected", mean(logps.rejected()));
            metrics.put(
                    "eval/rewards/accuracies",
                    Metric.share(evaluation.margins(), margin -> margin > 0));
        }
        return metrics;
    }

    private PairLogps logps(List<Example> part) {
        PairLogps policyLogps = Passes.logps(policy, part, PassOptions.evaluation());
        return new PairLogps(policyLogps.chosen(), policyLogps.rejected(), reference.of(part));
    }

    private static double mean(double[][] completions) {
        return StepFacts.mean(
                Arrays.stream(completions).mapToDouble(new Reduce.Mean()::of).toArray());
    }
}
