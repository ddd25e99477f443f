package dev.slimelab.engine.train;

import dev.slimelab.engine.data.LazyList;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The training loop: the whole of it, on one page.
///
/// One optimiser step is: take a batch, forward its micro-batches, let the objective say how each
/// token's log-prob should move, backward, clip, AdamW, write one line of metrics.
final class Trainer {
    private final RunSpec.Optimization settings;
    private final RunSpec.Evaluation evaluation;
    private final OptimizerStep optimizerStep;
    private final List<Example> examples;
    private final BatchOrder order;
    private final int steps;

    /// @param examples all training examples, by [Example#index]
    Trainer(RunSpec spec, OptimizerStep optimizerStep, List<Example> examples) {
        this.settings = spec.optimization();
        this.evaluation = spec.evaluation();
        this.optimizerStep = optimizerStep;
        this.examples = examples;
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
        int[] indices = IntStream.range(0, seen.length).filter(i -> seen[i]).toArray();
        return new LazyList<>(indices.length, i -> examples.get(indices[i]));
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
            double learningRate =
                    settings.learningRate()
                            * settings.schedule().factor(step, steps, settings.warmupSteps());
            Map<String, Double> line = new LinkedHashMap<>(optimizerStep.take(batch, learningRate));
            clock.end(batch);

            int done = step + 1;
            double epoch = (double) done / order.stepsPerEpoch();
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
}
