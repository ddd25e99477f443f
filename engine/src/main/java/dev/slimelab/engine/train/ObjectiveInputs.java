package dev.slimelab.engine.train;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Need;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Gives an objective everything it needs ([Need]) of policy, reference, data and earlier steps;
/// what it does not need is not computed.
public record ObjectiveInputs(
        LanguageModel policy, ReferenceLogps reference, ObjectiveMemory memory) {
    /// Rows of one forward pass where no gradient is kept.
    static final int ROWS_PER_PASS = 16;

    /// What concerns a batch as a whole, and is computed before its log-probs.
    ///
    /// @param mismatched see [PairLogps.Extras]
    /// @param innerValue see [Objective#INNER_VALUE]
    // An array, because it is handed on and never compared.
    @SuppressWarnings("ArrayRecordComponent")
    record OfBatch(double @Nullable [] mismatched, @Nullable Double innerValue) {}

    /// An objective on a batch, with the log-probs it was evaluated on.
    record Measured(PairLogps logps, Evaluation evaluation) {}

    /// What a pass must compute beside what it is for.
    static PassOptions options(Objective objective, PassOptions base) {
        Set<Need> needs = objective.needs();
        PassOptions options = base;
        if (needs.contains(Need.PROMPT)) {
            options = options.with(PassOptions.Scored.PROMPTS_TOO);
        }
        if (needs.contains(Need.LOG_SQUARES)) {
            options = options.with(PassOptions.Detail.STATISTICS);
        }
        return options;
    }

    /// What the objective needs of these examples one by one.
    ///
    /// @param pass of their rows, with [#options]
    PairLogps of(Objective objective, List<Example> examples, Pass pass) {
        Set<Need> needs = objective.needs();
        PairLogps logps = Passes.pairs(pass.logps());
        return new PairLogps(
                logps.chosen(),
                logps.rejected(),
                needs.contains(Need.REFERENCE) ? reference.of(examples) : null,
                new PairLogps.Extras(
                        needs.contains(Need.PROMPT) ? pass.promptLogps() : null,
                        needs.contains(Need.LOG_SQUARES)
                                ? Passes.pairs(pass.statistics().logSquares())
                                : null,
                        null,
                        needs.contains(Need.OFFSETS)
                                ? examples.stream().mapToDouble(Example::offset).toArray()
                                : null,
                        needs.contains(Need.WEIGHTS)
                                ? examples.stream().mapToDouble(Example::weight).toArray()
                                : null,
                        needs.contains(Need.SENTENCES)
                                ? examples.stream().map(Example::sentences).toArray(int[][]::new)
                                : null));
    }

    /// What the objective needs of a batch as a whole. Leaves no gradients behind.
    OfBatch ofBatch(Objective objective, List<Example> batch) {
        return new OfBatch(
                objective.needs().contains(Need.MISMATCHED) ? mismatched(batch) : null,
                objective.loop() instanceof Loop.InnerSft loop
                        ? InnerSteps.value(policy, objective, loop, batch)
                        : null);
    }

    /// The log-probs of a whole batch with everything the objective needs, without gradient.
    ///
    /// @param dropoutSeeds of a part's rows, see [PassOptions]
    PairLogps logps(
            Objective objective,
            List<Example> batch,
            Function<List<Example>, List<Long>> dropoutSeeds) {
        List<PairLogps> parts = new ArrayList<>();
        PassOptions options = options(objective, PassOptions.evaluation());
        for (List<Example> part : Passes.parts(batch, ROWS_PER_PASS)) {
            try (Pass pass =
                    policy.forward(Passes.rows(part), options.with(dropoutSeeds.apply(part)))) {
                parts.add(of(objective, part, pass));
            }
        }
        return PairLogps.concatenated(parts);
    }

    /// Evaluates a whole batch of a step; the objective remembers what it leaves.
    Evaluation evaluate(Objective objective, PairLogps logps, OfBatch ofBatch) {
        return memory.evaluate(
                objective, logps.withMismatched(ofBatch.mismatched), ofBatch.innerValue);
    }

    /// What the next step would say of this batch; nothing is remembered.
    Measured measure(Objective objective, List<Example> batch) {
        OfBatch ofBatch = ofBatch(objective, batch);
        PairLogps logps =
                logps(objective, batch, _ -> List.of()).withMismatched(ofBatch.mismatched);
        return new Measured(logps, memory.preview(objective, logps, ofBatch.innerValue));
    }

    /// Log-ratios policy / reference of the next row's answers under each row's prompt, as TRL's
    /// KTOTrainer pairs them; answers are cut where the model has no more positions. None for a
    /// single row.
    private double[] mismatched(List<Example> batch) {
        List<Example> mismatched = new ArrayList<>();
        for (int i = 0; i < batch.size() && batch.size() > 1; i++) {
            int[] prompt = batch.get(i).row().prompt();
            int room = policy.config().maxPositions() - prompt.length;
            List<int[]> answers =
                    batch.get((i + 1) % batch.size()).row().completions().stream()
                            .map(answer -> Arrays.copyOf(answer, Math.min(answer.length, room)))
                            .toList();
            mismatched.add(new Example(Example.NOT_IN_THE_DATA, new Row(prompt, answers)));
        }
        List<Double> ratios = new ArrayList<>();
        for (List<Example> part : Passes.parts(mismatched, ROWS_PER_PASS)) {
            PairLogps ofPolicy = Passes.logps(policy, part, PassOptions.evaluation());
            PairLogps ofReference = reference.of(part);
            if (ofReference == null) {
                throw new IllegalStateException("Mismatched completions need a reference");
            }
            addRatios(ratios, ofPolicy.chosen(), ofReference.chosen());
            addRatios(ratios, ofPolicy.rejected(), ofReference.rejected());
        }
        return ratios.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void addRatios(
            List<Double> ratios, double[][] ofPolicy, double[][] ofReference) {
        for (int i = 0; i < ofPolicy.length; i++) {
            if (ofPolicy[i].length > 0) {
                ratios.add(Arrays.stream(ofPolicy[i]).sum() - Arrays.stream(ofReference[i]).sum());
            }
        }
    }
}
