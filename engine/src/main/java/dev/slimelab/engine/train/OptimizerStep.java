package dev.slimelab.engine.train;

import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.BatchTotals;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.random.SplitMix64;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One optimiser step: forward the micro-batches of a batch, let the objective say how each token's
/// log-prob should move, backward, clip, AdamW.
///
/// @param maxGradNorm null for no clipping
/// @param dropoutSeed of the adapter's dropout. Each example draws from its own stream at each
///   step, whatever micro-batch it is in.
public record OptimizerStep(
        LanguageModel policy,
        AdamW optimizer,
        Objective objective,
        ReferenceLogps reference,
        int microBatchPairs,
        @Nullable Double maxGradNorm,
        long dropoutSeed) {

    /// Moves the policy by one step.
    ///
    /// Afterwards the parameters still hold the gradients they were moved by.
    ///
    /// @return every [Metric] of the batch, measured before the policy moved
    public Map<String, Double> take(List<Example> batch, double learningRate) {
        optimizer.zeroGradients();
        List<StepFacts.Part> parts = gatherGradients(batch);
        double gradNorm = maxGradNorm == null ? optimizer.gradNorm() : optimizer.clip(maxGradNorm);
        optimizer.step(learningRate);
        return Metric.all(new StepFacts(objective, parts, gradNorm, learningRate));
    }

    /// Where the objective couples pairs and there is more than one micro-batch, a first pass
    /// without gradient collects the log-probs of the whole batch; otherwise each micro-batch is
    /// evaluated on its own, with the batch's totals.
    private List<StepFacts.Part> gatherGradients(List<Example> batch) {
        BatchTotals totals = Passes.totals(batch);
        List<List<Example>> microBatches = Passes.parts(batch, microBatchPairs);
        boolean twoPasses = objective.couplesPairs() && microBatches.size() > 1;
        Evaluation whole = twoPasses ? evaluateWithoutGradient(microBatches) : null;
        List<StepFacts.Part> parts = new ArrayList<>();
        int first = 0;
        for (List<Example> microBatch : microBatches) {
            try (Pass pass =
                    policy.forward(
                            Passes.rows(microBatch),
                            PassOptions.training().with(dropoutSeeds(microBatch)))) {
                PairLogps logps = withReference(microBatch, Passes.pairs(pass.logps()));
                Evaluation evaluated =
                        whole == null
                                ? objective.evaluate(logps, totals)
                                : whole.part(first, first + microBatch.size());
                pass.backward(
                        Passes.rows(
                                microBatch,
                                evaluated.chosenGradient(),
                                evaluated.rejectedGradient()));
                parts.add(new StepFacts.Part(logps, evaluated, pass.statistics()));
                first += microBatch.size();
            }
        }
        return parts;
    }

    private Evaluation evaluateWithoutGradient(List<List<Example>> microBatches) {
        List<PairLogps> parts =
                microBatches.stream()
                        .map(
                                part ->
                                        withReference(
                                                part,
                                                Passes.logps(
                                                        policy,
                                                        part,
                                                        PassOptions.evaluation()
                                                                .with(dropoutSeeds(part)))))
                        .toList();
        return objective.evaluate(PairLogps.concatenated(parts));
    }

    private List<Long> dropoutSeeds(List<Example> examples) {
        Lora adapter = policy.adapter();
        if (adapter == null || adapter.settings().dropout() == 0) {
            return List.of();
        }
        String step = "dropout " + optimizer.steps() + " ";
        return examples.stream()
                .map(example -> SplitMix64.named(dropoutSeed, step + example.index()).nextLong())
                .toList();
    }

    private PairLogps withReference(List<Example> examples, PairLogps logps) {
        return new PairLogps(logps.chosen(), logps.rejected(), reference.of(examples));
    }
}
