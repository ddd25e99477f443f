package dev.slimelab.engine.train;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.ShadowDescent;
import dev.slimelab.engine.objective.Anchor.Nll;
import dev.slimelab.engine.objective.BatchTotals;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Regulariser.ValuePenalty;

import java.util.Arrays;
import java.util.List;

/// The lower level of bilevel SPO: how likely the chosen answers of a batch become when nothing but
/// they are trained.
final class InnerSteps {
    private InnerSteps() {}

    /// The negative log-likelihood of the batch's chosen answers, averaged as the objective's value
    /// penalty does, after K steps of plain gradient descent on it. Afterwards the weights are what
    /// they were, bit for bit, and all gradients are 0.
    static double value(
            LanguageModel policy, Objective objective, Loop.InnerSft loop, List<Example> batch) {
        if (!(objective.regulariser() instanceof ValuePenalty penalty)) {
            throw new IllegalStateException("Inner steps belong to a value penalty");
        }
        try (var shadow = new ShadowDescent(policy)) {
            for (int step = 0; step < loop.steps(); step++) {
                nll(policy, batch, penalty.average(), PassOptions.Gradient.ON);
                shadow.step(loop.learningRate());
            }
            return nll(policy, batch, penalty.average(), PassOptions.Gradient.OFF);
        }
    }

    /// Adds its gradient to the parameters', where one is asked for.
    private static double nll(
            LanguageModel policy,
            List<Example> batch,
            Nll.Average average,
            PassOptions.Gradient gradient) {
        BatchTotals totals = Passes.totals(batch);
        var options =
                new PassOptions(
                        PassOptions.Adapter.ON,
                        gradient,
                        PassOptions.Detail.LOGPS,
                        PassOptions.Scored.COMPLETIONS,
                        List.of(),
                        0);
        double nll = 0;
        for (List<Example> part : Passes.parts(batch, ObjectiveInputs.ROWS_PER_PASS)) {
            try (Pass pass = policy.forward(Passes.rows(part), options)) {
                double[][][] c = pass.logps();
                for (double[][] row : c) {
                    double[] chosen = row[Example.CHOSEN];
                    double share =
                            chosen.length == 0
                                    ? 0
                                    : average.tokenShare(
                                            chosen.length,
                                            totals.chosenAnswers(),
                                            totals.chosenTokens());
                    nll -= share * Arrays.stream(chosen).sum();
                    for (double[] completion : row) {
                        Arrays.fill(completion, 0);
                    }
                    Arrays.fill(chosen, -share);
                }
                if (gradient == PassOptions.Gradient.ON) {
                    pass.backward(c);
                }
            }
        }
        return nll;
    }
}
