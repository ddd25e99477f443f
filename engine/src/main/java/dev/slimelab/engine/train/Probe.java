package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.StepFacts.mean;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Reduce;
import dev.slimelab.engine.run.RunDirectory;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Follows the log-likelihood of fixed pairs: the deterministic curve that says whether the model
/// unlearns the chosen answer.
///
/// Also leaves per-token facts of the first pairs in `tokens/`: `probe.json` with the texts once,
/// and a `step-N.json` per measurement with log-probs, each term's ∂L/∂logp, and a histogram over
/// the rejected tokens of all pairs. At step 0 it is also where the [SelfCheck] looks.
final class Probe implements Evaluator.Measurement, Remembered {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Pairs whose single tokens are kept; all probe pairs count in the averages.
    private static final int PAIRS_KEPT = 8;

    /// Where a rejected token counts as driven out of the language: a probability below 5e-5.
    private static final double TAIL = -10;

    private static final int HISTOGRAM_BINS = 60;
    private static final double HISTOGRAM_WIDTH = 0.5;
    private static final PassOptions MEASURED =
            PassOptions.evaluation().with(PassOptions.Detail.STATISTICS);

    private final ObjectiveInputs inputs;
    private final boolean startsAtReference;
    private final List<Example> examples;
    private final Path tokens;
    private double @Nullable [] chosenAtStart;
    private double @Nullable [] rejectedAtStart;

    /// @param startsAtReference whether the reference is the policy before its first step
    Probe(
            ObjectiveInputs inputs,
            boolean startsAtReference,
            List<Example> examples,
            RunDirectory run,
            Tokenizer tokenizer) {
        this.inputs = inputs;
        this.startsAtReference = startsAtReference;
        this.examples = examples;
        this.tokens = run.tokens();
        try {
            Files.createDirectories(tokens);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFile.write(tokens.resolve("probe.json"), texts(tokenizer));
    }

    @Override
    public Map<String, Double> measure(int step, Objective objective) {
        List<PairLogps> parts = new ArrayList<>();
        List<Double> mass = new ArrayList<>();
        List<Double> entropy = new ArrayList<>();
        for (List<Example> part : Passes.parts(examples, ObjectiveInputs.ROWS_PER_PASS)) {
            try (Pass pass = inputs.policy().forward(Passes.rows(part), MEASURED)) {
                parts.add(Passes.pairs(pass.logps()));
                addChosen(mass, pass.statistics().topTenMass());
                addChosen(entropy, pass.statistics().topTenEntropy());
            }
        }
        PairLogps logps = PairLogps.concatenated(parts);
        keepTokens(step, objective, logps);
        double[] chosen = means(logps.chosen());
        double[] rejected = means(logps.rejected());
        if (chosenAtStart == null || rejectedAtStart == null) {
            chosenAtStart = chosen;
            rejectedAtStart = rejected;
        }
        double[] tail = Arrays.stream(logps.rejected()).flatMapToDouble(Arrays::stream).toArray();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("probe/chosen", mean(chosen));
        metrics.put("probe/rejected", mean(rejected));
        metrics.put("probe/margin", mean(chosen) - mean(rejected));
        metrics.put("logps_delta/chosen", mean(chosen) - mean(chosenAtStart));
        metrics.put("logps_delta/rejected", mean(rejected) - mean(rejectedAtStart));
        metrics.put("displacement_rate", displacementRate(chosen, chosenAtStart));
        metrics.put("probe/entropy_top10", average(entropy));
        metrics.put("probe/mass_top10", average(mass));
        metrics.put("probe/rejected_min", Metric.quantile(tail, 0));
        metrics.put("probe/rejected_p01", Metric.quantile(tail, 0.01));
        metrics.put("probe/rejected_below_e-10", Metric.share(tail, logp -> logp < TAIL));
        return metrics;
    }

    @Override
    public String name() {
        return "probe";
    }

    /// What changes are counted from: mean log-prob per answer at step 0.
    @Override
    public JsonNode state() {
        ObjectNode state = JSON.createObjectNode();
        state.set("chosenAtStart", JSON.valueToTree(chosenAtStart));
        state.set("rejectedAtStart", JSON.valueToTree(rejectedAtStart));
        return state;
    }

    @Override
    public void restore(JsonNode state) {
        chosenAtStart = JSON.treeToValue(state.get("chosenAtStart"), double[].class);
        rejectedAtStart = JSON.treeToValue(state.get("rejectedAtStart"), double[].class);
    }

    private static void addChosen(List<Double> all, double[][][] column) {
        Arrays.stream(Passes.chosen(column)).flatMapToDouble(Arrays::stream).forEach(all::add);
    }

    private static double average(List<Double> values) {
        return StepFacts.mean(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /// Share of pairs whose chosen answer is less likely than before training.
    private static double displacementRate(double[] chosen, double[] atStart) {
        int fallen = 0;
        for (int i = 0; i < chosen.length; i++) {
            fallen += chosen[i] < atStart[i] ? 1 : 0;
        }
        return (double) fallen / chosen.length;
    }

    /// Of the answers that there are.
    static double[] means(double[][] completions) {
        return Arrays.stream(completions)
                .filter(completion -> completion.length > 0)
                .mapToDouble(new Reduce.Mean()::of)
                .toArray();
    }

    private void keepTokens(int step, Objective objective, PairLogps all) {
        ObjectiveInputs.Measured measured = inputs.measure(objective, kept());
        PairLogps logps = measured.logps();
        if (step == 0 && startsAtReference) {
            SelfCheck.requirePolicyEqualsReference(objective, logps, inputs.policy().precision());
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", step);
        facts.put("logps", sides(logps.chosen(), logps.rejected()));
        if (logps.reference() != null) {
            facts.put("reference", sides(logps.reference().chosen(), logps.reference().rejected()));
        }
        for (Evaluation.Term term : measured.evaluation().terms()) {
            facts.put("gradient/" + term.name(), sides(term.chosen(), term.rejected()));
        }
        facts.put("histogram/rejected", histogram(all.rejected()));
        AtomicFile.write(
                tokens.resolve("step-%06d.json".formatted(step)), JSON.writeValueAsString(facts));
    }

    /// Counts of log-probs in bins of half a nat from −30 to 0; what is below falls in the first.
    static int[] histogram(double[][] completions) {
        int[] counts = new int[HISTOGRAM_BINS];
        for (double[] completion : completions) {
            for (double logp : completion) {
                int bin = HISTOGRAM_BINS + (int) Math.floor(logp / HISTOGRAM_WIDTH);
                counts[Math.clamp(bin, 0, HISTOGRAM_BINS - 1)]++;
            }
        }
        return counts;
    }

    private List<Example> kept() {
        return examples.subList(0, Math.min(PAIRS_KEPT, examples.size()));
    }

    /// Six significant digits: these files are for looking at single tokens.
    private static Map<String, double[][]> sides(double[][] chosen, double[][] rejected) {
        return new TreeMap<>(Map.of("chosen", rounded(chosen), "rejected", rounded(rejected)));
    }

    private static double[][] rounded(double[][] values) {
        return Arrays.stream(values)
                .map(row -> Arrays.stream(row).map(Probe::sixDigits).toArray())
                .toArray(double[][]::new);
    }

    private static double sixDigits(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.5e", value));
    }

    private String texts(Tokenizer tokenizer) {
        return JSON.writeValueAsString(
                kept().stream()
                        .map(
                                example ->
                                        Map.of(
                                                "prompt",
                                                tokenizer.decode(example.row().prompt()),
                                                "chosen",
                                                pieces(tokenizer, example, Example.CHOSEN),
                                                "rejected",
                                                pieces(tokenizer, example, Example.REJECTED)))
                        .toList());
    }

    private static List<String> pieces(Tokenizer tokenizer, Example example, int completion) {
        return Arrays.stream(example.row().completions().get(completion))
                .mapToObj(id -> tokenizer.decode(new int[] {id}))
                .toList();
    }
}
