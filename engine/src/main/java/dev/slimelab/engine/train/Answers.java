package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.generate.Continuation;
import dev.slimelab.engine.generate.Generator;
import dev.slimelab.engine.generate.Sampling;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.run.JsonLinesWriter;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.tinylab.LabPair;
import dev.slimelab.engine.tinylab.Score;
import dev.slimelab.engine.tinylab.Scorer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Lets the policy answer fixed prompts: greedily as text for `samples.jsonl`, and on the built-in
/// corpus also at temperature 1, both scored by program.
///
/// Sampled answers use the same random numbers at every step, so what changes is the model.
final class Answers implements Evaluator.Measurement {
    private final LanguageModel policy;
    private final Tokenizer tokenizer;
    private final RunSpec spec;
    private final TrainingData data;
    private final JsonLinesWriter samples;
    private final Set<Integer> stopTokens;
    private final int steps;

    Answers(
            LanguageModel policy,
            Tokenizer tokenizer,
            RunSpec spec,
            TrainingData data,
            RunDirectory run) {
        this.policy = policy;
        this.tokenizer = tokenizer;
        this.spec = spec;
        this.data = data;
        this.steps = Trainer.steps(spec, data.training().size());
        this.samples = new JsonLinesWriter(run.samples());
        Tokenizer.SpecialToken end = tokenizer.eos();
        this.stopTokens = end == null ? Set.of() : Set.of(end.id());
    }

    @Override
    public Map<String, Double> measure(int step, Objective objective) {
        int scored = scoredAt(step);
        int needed = Math.max(scored, spec.evaluation().samplePrompts());
        List<int[]> prompts = data.prompts().subList(0, Math.min(needed, data.prompts().size()));
        List<Continuation> greedy = answer(prompts, 0);
        for (int i = 0; i < Math.min(spec.evaluation().samplePrompts(), greedy.size()); i++) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", step);
            line.put("prompt", tokenizer.decodeText(data.prompts().get(i)));
            line.put("prompt_text", exactText(data.prompts().get(i)));
            line.put("answer", tokenizer.decodeText(greedy.get(i).tokens()));
            line.put("ended", greedy.get(i).stopped());
            samples.append(line);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (scored > 0) {
            put(metrics, "greedy", greedy.subList(0, scored));
            put(metrics, "sampled", answer(data.prompts().subList(0, scored), 1));
        }
        return metrics;
    }

    /// The text that a model reads as this prompt, special tokens included; null where there is
    /// none, such as for a prompt that was cut within a character.
    private @Nullable String exactText(int[] prompt) {
        return Stream.of(prompt, Arrays.copyOfRange(prompt, 1, prompt.length))
                .map(tokenizer::decode) // the second without what the tokenizer puts before a text
                .filter(text -> Arrays.equals(tokenizer.encodeWithSpecials(text), prompt))
                .findFirst()
                .orElse(null);
    }

    /// How many answers are scored after `step` steps: at the start, at the end, and at their own
    /// interval.
    private int scoredAt(int step) {
        boolean due = step % spec.evaluation().scoreEverySteps() == 0 || step == steps;
        return due ? Math.min(spec.evaluation().scoredPrompts(), data.tasks().size()) : 0;
    }

    private List<Continuation> answer(List<int[]> prompts, double temperature) {
        return new Generator(policy, PassOptions.Adapter.ON)
                .generate(
                        prompts,
                        new Sampling(
                                Scorer.MAX_TOKENS,
                                stopTokens,
                                Sampling.Choice.at(temperature, spec.seeds().sampling()),
                                Sampling.Detail.NONE));
    }

    private void put(Map<String, Double> metrics, String mode, List<Continuation> answers) {
        List<LabPair> tasks = data.tasks();
        List<Score> scores =
                IntStream.range(0, answers.size())
                        .mapToObj(
                                i ->
                                        Scorer.score(
                                                tasks.get(i).task(),
                                                tokenizer.decodeText(answers.get(i).tokens()),
                                                answers.get(i).stopped()
                                                        ? Scorer.Ending.END_TOKEN
                                                        : Scorer.Ending.CUT_OFF))
                        .toList();
        metrics.put(
                "score/" + mode,
                scores.stream().mapToInt(Score::points).average().orElse(Double.NaN));
        metrics.put("score/" + mode + "_exact", share(scores, Score::exact));
        metrics.put("score/" + mode + "_form", share(scores, Score::form));
        metrics.put("score/" + mode + "_ended", share(scores, Score::ended));
    }

    private static double share(List<Score> scores, Predicate<Score> which) {
        return (double) scores.stream().filter(which).count() / scores.size();
    }

    @Override
    public void close() {
        samples.close();
    }
}
