package dev.slimelab.engine.train;

import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.BatchTotals;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The training loop: the whole of it, on one page.
///
/// One optimiser step is: take a batch, forward its micro-batches, let the objective say how each
/// token's log-prob should move, backward, clip, AdamW, write one line of metrics.
final class Trainer {
    private final RunSpec.Optimization settings;
    private final RunSpec.Evaluation evaluation;
    private final Objective objective;
    private final LanguageModel policy;
    private final AdamW optimizer;
    private final List<Example> examples;
    private final ReferenceLogps reference;
    private final BatchOrder order;
    private final int steps;

    /// @param examples all training examples, by [Example#index]
    Trainer(
            RunSpec spec,
            LanguageModel policy,
            AdamW optimizer,
            List<Example> examples,
            ReferenceLogps reference) {
        this.settings = spec.optimization();
        this.evaluation = spec.evaluation();
        this.objective = spec.objective();
        this.policy = policy;
        this.optimizer = optimizer;
        this.examples = examples;
        this.reference = reference;
        this.order = new BatchOrder(examples.size(), settings.batchPairs(), spec.seeds().order());
        this.steps = steps(spec, examples.size());
    }

    /// How many optimiser steps a spec asks for.
    static int steps(RunSpec spec, int examples) {
        Integer maxSteps = spec.optimization().maxSteps();
        int perEpoch = Math.ceilDiv(examples, spec.optimization().batchPairs());
        return maxSteps != null
                ? maxSteps
                : Math.toIntExact((long) Math.ceil(spec.optimization().epochs() * perEpoch));
    }

    /// The examples that a run of `steps` steps will see, each once, in the data's order.
    static List<Example> seen(RunSpec spec, List<Example> examples) {
        var order =
                new BatchOrder(
                        examples.size(), spec.optimization().batchPairs(), spec.seeds().order());
        boolean[] seen = new boolean[examples.size()];
        for (int step = 0; step < steps(spec, examples.size()); step++) {
            order.step(step).forEach(index -> seen[index] = true);
        }
        return examples.stream().filter(example -> seen[example.index()]).toList();
    }

    /// Trains to the end or until asked to stop.
    ///
    /// @return [State#FINISHED] or [State#STOPPED]
    State train(Heartbeat heartbeat, Evaluator evaluator, MetricsLog metrics)
            throws InterruptedException {
        heartbeat.progress(0, steps, 0, null);
        heartbeat.enter(State.EVALUATING);
        metrics.append(0, 0, evaluator.measure(0));
        heartbeat.enter(State.TRAINING);
        var clock = new Progress(steps);
        for (int step = 0; step < steps; step++) {
            heartbeat.awaitPermission();
            if (heartbeat.stopAsked()) {
                return State.STOPPED;
            }
            clock.begin();
            List<Example> batch = order.step(step).stream().map(examples::get).toList();
            optimizer.zeroGradients();
            List<StepFacts.Part> parts = gatherGradients(batch);
            Double maxNorm = settings.maxGradNorm();
            double gradNorm = maxNorm == null ? optimizer.gradNorm() : optimizer.clip(maxNorm);
            double learningRate =
                    settings.learningRate()
                            * settings.schedule().factor(step, steps, settings.warmupSteps());
            optimizer.step(learningRate);
            clock.end(batch);

            int done = step + 1;
            double epoch = (double) done / order.stepsPerEpoch();
            Map<String, Double> line =
                    new LinkedHashMap<>(
                            Metric.all(new StepFacts(objective, parts, gradNorm, learningRate)));
            line.putAll(clock.metrics());
            heartbeat.progress(done, steps, epoch, clock.etaSeconds(done));
            if (done % evaluation.everySteps() == 0 || done == steps) {
                heartbeat.enter(State.EVALUATING);
                line.putAll(evaluator.measure(done));
                heartbeat.enter(State.TRAINING);
            }
            metrics.append(done, epoch, line);
        }
        return State.FINISHED;
    }

    /// Forward and backward of one optimiser batch, micro-batch by micro-batch.
    ///
    /// Where the objective couples pairs and there is more than one micro-batch, a first pass
    /// without gradient collects the log-probs of the whole batch; otherwise each micro-batch is
    /// evaluated on its own, with the batch's totals.
    private List<StepFacts.Part> gatherGradients(List<Example> batch) {
        BatchTotals totals = Passes.totals(batch);
        List<List<Example>> microBatches = Passes.parts(batch, settings.microBatchPairs());
        boolean twoPasses = objective.couplesPairs() && microBatches.size() > 1;
        Evaluation whole = twoPasses ? evaluateWithoutGradient(microBatches) : null;
        List<StepFacts.Part> parts = new ArrayList<>();
        int first = 0;
        for (List<Example> microBatch : microBatches) {
            try (Pass pass = policy.forward(Passes.rows(microBatch), PassOptions.training())) {
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
                                                        policy, part, PassOptions.evaluation())))
                        .toList();
        return objective.evaluate(PairLogps.concatenated(parts));
    }

    private PairLogps withReference(List<Example> examples, PairLogps logps) {
        return new PairLogps(logps.chosen(), logps.rejected(), reference.of(examples));
    }
}
