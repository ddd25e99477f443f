package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.StepFacts.mean;

import dev.slimelab.engine.objective.Objective;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures the objective on all rows that were held out, taken as one batch.
final class HeldOut implements Evaluator.Measurement {
    private final ObjectiveInputs inputs;
    private final List<Example> examples;

    HeldOut(ObjectiveInputs inputs, List<Example> examples) {
        this.inputs = inputs;
        this.examples = examples;
    }

    @Override
    public Map<String, Double> measure(int step, Objective objective) {
        ObjectiveInputs.Measured measured = inputs.measure(objective, examples);
        double[] rejected = Probe.means(measured.logps().rejected());
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval/loss", measured.evaluation().value());
        metrics.put("eval/logps_mean/chosen", mean(Probe.means(measured.logps().chosen())));
        if (rejected.length > 0) {
            metrics.put("eval/logps_mean/rejected", mean(rejected));
            metrics.put(
                    "eval/rewards/accuracies",
                    Metric.share(StepFacts.present(measured.evaluation().margins()), m -> m > 0));
        }
        return metrics;
    }
}
