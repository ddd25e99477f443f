package dev.slimelab.engine.train;

import dev.slimelab.engine.kernel.OutOfDeviceMemory;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.BatchTotals;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One optimiser step: forward the micro-batches of a batch, let the objective say how each token's
/// log-prob should move, backward, clip, AdamW.
///
/// @param replicas the devices that share the micro-batches
/// @param gradientCheckpointing see [PassOptions#checkpointEvery]
/// @param maxGradNorm null for no clipping
/// @param dropoutSeed of the adapter's dropout. Each example draws from its own stream at each
///   step, whatever micro-batch it is in.
public record OptimizerStep(
        Replicas replicas,
        AdamW optimizer,
        Objective objective,
        int microBatchPairs,
        int gradientCheckpointing,
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
        replicas.gatherGradients();
        double gradNorm = maxGradNorm == null ? optimizer.gradNorm() : optimizer.clip(maxGradNorm);
        optimizer.step(learningRate);
        replicas.scatterPolicy();
        return Metric.all(new StepFacts(objective, parts, gradNorm, learningRate));
    }

    /// Moves the reference towards the policy where the objective's loop says so.
    ///
    /// @param done optimiser steps, the last one included
    void moveReference(int done) {
        if (objective.loop() instanceof Loop.ReferenceSync sync && done % sync.everySteps() == 0) {
            replicas.moveReference(sync.mixing());
        }
    }

    /// The same step under another objective.
    OptimizerStep with(Objective other) {
        return new OptimizerStep(
                replicas,
                optimizer,
                other,
                microBatchPairs,
                gradientCheckpointing,
                maxGradNorm,
                dropoutSeed);
    }

    /// Consecutive rows of a batch that go through the model together.
    ///
    /// @param first the first one's place in the batch
    private record MicroBatch(List<Example> rows, int first) {}

    /// How a micro-batch is evaluated, given its log-probs.
    private interface Evaluating {
        Evaluation of(MicroBatch microBatch, PairLogps logps);
    }

    /// Where the objective couples pairs, the whole batch is evaluated at once, after a first pass
    /// without gradient that collects its log-probs if there is more than one micro-batch.
    /// Otherwise each micro-batch is evaluated on its own, with the batch's totals.
    private List<StepFacts.Part> gatherGradients(List<Example> batch) {
        if (!objective.couplesPairs()) {
            BatchTotals totals = Passes.totals(batch);
            return backward(batch, (_, logps) -> objective.evaluate(logps, totals));
        }
        ObjectiveInputs inputs = replicas.first();
        ObjectiveInputs.OfBatch ofBatch = inputs.ofBatch(objective, batch);
        if (batch.size() <= microBatchPairs) {
            return backward(batch, (_, logps) -> inputs.evaluate(objective, logps, ofBatch));
        }
        Evaluation whole = inputs.evaluate(objective, logps(batch), ofBatch);
        return backward(
                batch,
                (microBatch, _) ->
                        whole.part(microBatch.first, microBatch.first + microBatch.rows.size()));
    }

    private PairLogps logps(List<Example> batch) {
        return PairLogps.concatenated(
                replicas.deal(
                        Passes.parts(batch, ObjectiveInputs.ROWS_PER_PASS),
                        (inputs, part) -> inputs.logps(objective, part, this::dropoutSeeds)));
    }

    private List<StepFacts.Part> backward(List<Example> batch, Evaluating evaluating) {
        List<MicroBatch> microBatches = new ArrayList<>();
        for (List<Example> rows : Passes.parts(batch, microBatchPairs)) {
            microBatches.add(new MicroBatch(rows, microBatches.size() * microBatchPairs));
        }
        return replicas.deal(
                microBatches,
                (inputs, microBatch) -> {
                    try (Pass pass = forward(inputs.policy(), microBatch.rows)) {
                        return backward(inputs, microBatch, pass, evaluating);
                    } catch (OutOfDeviceMemory e) {
                        throw tooLarge(inputs.policy().torch(), microBatch.rows, e);
                    }
                });
    }

    private StepFacts.Part backward(
            ObjectiveInputs inputs, MicroBatch microBatch, Pass pass, Evaluating evaluating) {
        PairLogps logps = inputs.of(objective, microBatch.rows, pass);
        Evaluation evaluated = evaluating.of(microBatch, logps);
        pass.backward(
                Passes.rows(
                        microBatch.rows, evaluated.chosenGradient(), evaluated.rejectedGradient()),
                evaluated.promptGradient());
        return new StepFacts.Part(logps, evaluated, pass.statistics());
    }

    /// Names the micro-batch, and the setting with which it would take half the memory or less.
    private Problem tooLarge(Torch torch, List<Example> microBatch, OutOfDeviceMemory cause) {
        String what =
                "The device %s ran out of memory in step %,d, in a micro-batch of %,d rows with %,d tokens."
                        .formatted(
                                torch.device(),
                                optimizer.steps() + 1,
                                microBatch.size(),
                                microBatch.stream().mapToLong(e -> e.row().length()).sum());
        if (microBatch.size() > 1) {
            return Problem.failed(what, remedy("microBatchPairs", microBatch.size() / 2), cause);
        }
        if (gradientCheckpointing != 1) {
            return Problem.failed(what, remedy("gradientCheckpointing", 1), cause);
        }
        return Problem.failed(
                what, "Train a new run with a smaller data.maxLength or adapter.", cause);
    }

    private static String remedy(String setting, int value) {
        return "Go on from the last checkpoint with `slimelab resume DIR --set optimization.%s=%d`."
                .formatted(setting, value);
    }

    private Pass forward(LanguageModel policy, List<Example> microBatch) {
        return policy.forward(
                Passes.rows(microBatch),
                training(microBatch).withCheckpoints(gradientCheckpointing));
    }

    private PassOptions training(List<Example> examples) {
        return ObjectiveInputs.options(objective, PassOptions.training())
                .with(dropoutSeeds(examples));
    }

    /// Both passes of a batch that is evaluated as a whole must drop the same.
    private List<Long> dropoutSeeds(List<Example> examples) {
        Lora adapter = replicas.first().policy().adapter();
        if (adapter == null || adapter.settings().dropout() == 0) {
            return List.of();
        }
        String step = "dropout " + optimizer.steps() + " ";
        return examples.stream()
                .map(example -> SplitMix64.named(dropoutSeed, step + example.index()).nextLong())
                .toList();
    }
}
