package dev.slimelab.engine.train;

import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Reduce;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures what needs passes of its own: each term's gradient, how the two answers of a pair pull
/// on each other, and what becomes of answers nobody trains on.
///
/// Overwrites the parameters' gradients, which every optimiser step begins by clearing.
final class CostlyDiagnostics implements Evaluator.Measurement {
    /// Pairs of the probe that gradients are taken of, as one batch.
    private static final int PAIRS = 8;

    /// Pairs whose answers' gradients are compared, at three backward passes each.
    private static final int COMPARED_PAIRS = 4;

    private static final PassOptions WITH_GRADIENT =
            PassOptions.training().with(PassOptions.Detail.LOGPS);

    private final ObjectiveInputs inputs;
    private final LanguageModel policy;
    private final AdamW optimizer;
    private final List<Example> pairs;
    private final List<Example> unrelated;

    /// @param probe the pairs that are measured; the first few of them where gradients are taken
    CostlyDiagnostics(ObjectiveInputs inputs, AdamW optimizer, List<Example> probe) {
        this.inputs = inputs;
        this.policy = inputs.policy();
        this.optimizer = optimizer;
        this.pairs = probe.subList(0, Math.min(PAIRS, probe.size()));
        this.unrelated = unrelated(probe, policy.config().maxPositions());
    }

    @Override
    public Map<String, Double> measure(int step, Objective objective) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (Evaluation.Term term : inputs.measure(objective, pairs).evaluation().terms()) {
            metrics.put(
                    "grad_norm/" + term.name(),
                    gradientNorm(pairs, term.chosen(), term.rejected(), term.prompt()));
        }
        metrics.put("spo/inner_product", innerProduct());
        metrics.put("ood_mass_proxy", unrelatedLogps());
        optimizer.zeroGradients();
        return metrics;
    }

    /// L2 norm over all parameters of the gradient of Σ c_t · logp_t.
    private double gradientNorm(
            List<Example> examples,
            double[][] chosen,
            double[][] rejected,
            double @Nullable [][] prompt) {
        optimizer.zeroGradients();
        PassOptions options =
                prompt == null ? WITH_GRADIENT : WITH_GRADIENT.with(PassOptions.Scored.PROMPTS_TOO);
        try (Pass pass = policy.forward(Passes.rows(examples), options)) {
            pass.backward(Passes.rows(examples, chosen, rejected), prompt);
        }
        return optimizer.gradNorm();
    }

    /// Mean over pairs of ⟨∇s_w, ∇s_l⟩ / ‖∇s_w‖², the inner product by way of ‖∇s_w + ∇s_l‖².
    private double innerProduct() {
        List<Double> ratios = new ArrayList<>();
        for (Example pair : pairs.subList(0, Math.min(COMPARED_PAIRS, pairs.size()))) {
            double chosen = square(gradientNorm(pair, 1, 0));
            double rejected = square(gradientNorm(pair, 0, 1));
            double both = square(gradientNorm(pair, 1, 1));
            ratios.add((both - chosen - rejected) / 2 / chosen);
        }
        return StepFacts.mean(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private double gradientNorm(Example pair, double chosen, double rejected) {
        return gradientNorm(
                List.of(pair),
                new double[][] {filled(pair.chosenTokens(), chosen)},
                new double[][] {filled(pair.rejectedTokens(), rejected)},
                null);
    }

    private static double[] filled(int tokens, double value) {
        double[] values = new double[tokens];
        Arrays.fill(values, value);
        return values;
    }

    private static double square(double x) {
        return x * x;
    }

    /// Each prompt with its neighbour's chosen answer, as far as the model's positions reach.
    private static List<Example> unrelated(List<Example> probe, int positions) {
        List<Example> unrelated = new ArrayList<>();
        for (int i = 0; i < probe.size() && probe.size() > 1; i++) {
            Row neighbour = probe.get((i + 1) % probe.size()).row();
            Row row =
                    Row.of(
                            probe.get(i).row().prompt(),
                            neighbour.completions().get(Example.CHOSEN));
            if (row.reach() <= positions) {
                unrelated.add(new Example(probe.get(i).index(), row));
            }
        }
        return unrelated;
    }

    private double unrelatedLogps() {
        return StepFacts.mean(
                Passes.parts(unrelated, PAIRS).stream()
                        .map(part -> Passes.logps(policy, part, PassOptions.evaluation()))
                        .flatMap(logps -> Arrays.stream(logps.chosen()))
                        .mapToDouble(new Reduce.Mean()::of)
                        .toArray());
    }
}
