package dev.slimelab.engine.train;

import dev.slimelab.engine.data.LazyList;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The training loop: the whole of it, on one page.
///
/// One optimiser step is: take the batch that was made meanwhile, forward its micro-batches, let
/// the objective say how each token's log-prob should move, backward, clip, AdamW, write one line
/// of metrics.
final class Trainer {
    private final RunSpec.Evaluation evaluation;
    private final OptimizerStep optimizerStep;
    private final List<Example> examples;
    private final BatchOrder order;
    private final int steps;

    /// @param examples all training examples, by [Example#index]
    Trainer(RunSpec spec, OptimizerStep optimizerStep, List<Example> examples) {
        this.evaluation = spec.evaluation();
        this.optimizerStep = optimizerStep;
        this.examples = examples;
        this.order = BatchOrder.of(spec, examples.size());
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
        var order = BatchOrder.of(spec, examples.size());
        boolean[] seen = new boolean[examples.size()];
        for (int step = 0; step < steps(spec, examples.size()); step++) {
            order.step(step).forEach(index -> seen[index] = true);
        }
        int[] indices = IntStream.range(0, seen.length).filter(i -> seen[i]).toArray();
        return new LazyList<>(indices.length, i -> examples.get(indices[i]));
    }

    /// What a run writes, asks and is asked while it trains.
    record Session(
            Heartbeat heartbeat,
            DeviceTurn turn,
            Evaluator evaluator,
            Alarms alarms,
            MetricsLog metrics,
            Checkpointing checkpoints,
            LiveSpec spec,
            Progress clock) {}

    /// Trains to the end or until asked to stop.
    ///
    /// @param first steps done already; the session's state is the one after them
    /// @return [State#FINISHED] or [State#STOPPED]
    State train(Session session, int first) throws InterruptedException {
        try (var batches = new NextBatch(this::batch, first, steps)) {
            return train(session, first, batches);
        }
    }

    private State train(Session session, int first, NextBatch batches) throws InterruptedException {
        Heartbeat heartbeat = session.heartbeat;
        MetricsLog metrics = session.metrics;
        Progress clock = session.clock;
        var spare = new SpareMemory();
        Map<String, Double> line = new LinkedHashMap<>();
        heartbeat.progress(first, steps, epoch(first), null);
        if (first == 0) {
            evaluate(session, 0, session.spec.current(), line);
            metrics.append(0, 0, line);
        }
        heartbeat.enter(State.TRAINING);
        for (int step = first; step < steps; step++) {
            if (heartbeat.takeSaveAsked()) {
                session.checkpoints.save(step, line);
            }
            session.turn.pause(optimizerStep.replicas().first().policy().torch(), heartbeat);
            if (heartbeat.stopAsked()) {
                session.checkpoints.save(step, line);
                return State.STOPPED;
            }
            RunSpec spec = edited(session, step);
            clock.begin();
            spare.giveBack();
            List<Example> batch = batches.take();
            clock.dataCame();
            line = new LinkedHashMap<>();
            OptimizerStep now = optimizerStep.with(spec.objective());
            line.putAll(now.take(batch, learningRate(spec, step)));
            int done = step + 1;
            now.moveReference(done);
            clock.end(batch);

            line.putAll(clock.metrics());
            heartbeat.progress(done, steps, epoch(done), clock.etaSeconds(done));
            if (done % evaluation.everySteps() == 0 || done == steps) {
                evaluate(session, done, spec, line);
            }
            metrics.append(done, epoch(done), line);
            if (session.checkpoints.isDue(done)) {
                session.checkpoints.save(done, line);
            }
        }
        return State.FINISHED;
    }

    private List<Example> batch(int step) {
        return order.step(step).stream().map(examples::get).toList();
    }

    private double epoch(int step) {
        return (double) step / order.stepsPerEpoch();
    }

    private double learningRate(RunSpec spec, int step) {
        RunSpec.Optimization settings = spec.optimization();
        return settings.learningRate()
                * settings.schedule().factor(step, steps, settings.warmupSteps());
    }

    /// Adds to the step's line what is measured after it, and raises alarms.
    private static void evaluate(
            Session session, int step, RunSpec spec, Map<String, Double> line) {
        session.heartbeat.enter(State.EVALUATING);
        line.putAll(session.evaluator.measure(step, spec.objective()));
        for (Alarms.Notice notice : session.alarms.watch(step, spec.objective(), line)) {
            session.heartbeat.event(notice.event(), notice.facts());
        }
        session.heartbeat.enter(State.TRAINING);
    }

    /// The spec for the next step, after what was asked for meanwhile.
    private static RunSpec edited(Session session, int step) {
        session.spec.advance(step);
        for (Control.Edit edit : session.heartbeat.takeEdits()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("step", step);
            facts.put("path", edit.path());
            try {
                facts.put("old", session.spec.make(edit));
                facts.put("new", edit.value());
                if (edit.by() != null) {
                    facts.put("by", edit.by());
                }
                session.heartbeat.event("edited", facts);
            } catch (Problem problem) {
                facts.put("problem", problem.what());
                session.heartbeat.event("edit-refused", facts);
            }
        }
        return session.spec.current();
    }
}
