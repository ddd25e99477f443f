package dev.slimelab.engine.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.PaddedLogits;
import dev.slimelab.engine.model.Parameter;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.model.Safetensors;
import dev.slimelab.engine.model.Shortcut;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.spec.Schedule;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.train.Example;
import dev.slimelab.engine.train.ObjectiveInputs;
import dev.slimelab.engine.train.ObjectiveMemory;
import dev.slimelab.engine.train.OptimizerStep;
import dev.slimelab.engine.train.ReferenceLogps;
import dev.slimelab.engine.train.Replicas;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/// Whole training steps against TRL and trl-slime: five steps each, every logged scalar and the
/// gradients of step 0.
///
/// A scalar's error is |Δ| over what 1e-4 relative or 1e-5 absolute would allow, so that 1 is the
/// limit; gradients are compared by relative L2 distance over all adapter tensors together.
final class TraceCases {
    private static final double RELATIVE = 1e-4;
    private static final double ABSOLUTE = 1e-5;
    private static final double GRADIENT_TOLERANCE = 1e-3;

    /// Names of the reference's components and how we log the same numbers.
    private static final Map<String, String> OUR_NAMES =
            Map.of(
                    "component/dist", "loss/" + Objective.CONTRAST,
                    "component/chosen", "loss/" + Objective.ANCHOR,
                    "component/rejected", "loss/" + Objective.STABILISER);

    private final Torch torch;
    private final Selection selection;
    private final Set<Shortcut> without;

    TraceCases(Torch torch, Selection selection, Set<Shortcut> without) {
        this.torch = torch;
        this.selection = selection;
        this.without = without;
    }

    void run(Path traces, Consumer<Outcome> outcomes) {
        for (Path trace : Folders.in(traces)) {
            String id = "traces/" + trace.getFileName();
            if (selection.includes(id)) {
                run(id, trace, outcomes);
            }
        }
    }

    private void run(String id, Path trace, Consumer<Outcome> outcomes) {
        ObjectNode expected = SpecJson.readTree(trace.resolve("trace.json"));
        String loss = expected.get("objective").stringValue();
        ObjectNode settings = (ObjectNode) expected.get("loss");
        if (loss.equals("simpo")) {
            settings.put("cpo_alpha", 0); // the trainer ran without its anchor
        }
        Objective objective = LossCases.objective(lossCase(loss), settings);
        try (LanguageModel base =
                        LanguageModel.open(
                                torch,
                                trace.resolve(expected.get("base_model").stringValue()),
                                Precision.FLOAT32,
                                LanguageModel.Training.FROZEN);
                Lora adapter =
                        Lora.load(
                                base, trace.resolve(expected.get("adapter_start").stringValue()));
                AdamW optimizer = new AdamW(base.with(adapter), adamW(expected.get("optimizer")));
                Safetensors batch = Safetensors.open(trace.resolve("batch.safetensors"))) {
            LanguageModel policy = base.with(adapter).without(without);
            List<Example> pairs = pairs(batch);
            JsonNode clip = expected.get("optimizer").get("max_grad_norm");
            Double maxGradNorm = clip.isNull() ? null : clip.doubleValue();
            ReferenceLogps reference =
                    objective.needsReference()
                            ? new ReferenceLogps.AdapterDisabled(policy)
                            : new ReferenceLogps.None();
            var step =
                    new OptimizerStep(
                            new Replicas(
                                    new ObjectiveInputs(policy, reference, new ObjectiveMemory(0))),
                            optimizer,
                            objective,
                            pairs.size(),
                            0,
                            maxGradNorm,
                            0);
            JsonNode steps = expected.get("float64");
            for (int i = 0; i < steps.size(); i++) {
                Map<String, Double> logits = meanLogits(loss, policy, pairs, batch);
                Map<String, Double> ours =
                        new HashMap<>(step.take(pairs, learningRate(expected, i)));
                ours.putAll(logits);
                compare(id + "/step-" + i, ours, steps.get(i), pairs, outcomes);
                if (i == 0) {
                    outcomes.accept(gradients(id, trace, policy, ours, maxGradNorm));
                }
            }
        }
    }

    private static String lossCase(String loss) {
        return switch (loss) {
            case "dpo" -> "dpo/sigmoid";
            case "simpo" -> "cpo/simpo";
            default -> loss;
        };
    }

    private static AdamW.Settings adamW(JsonNode settings) {
        return new AdamW.Settings(
                settings.get("adam_beta1").doubleValue(),
                settings.get("adam_beta2").doubleValue(),
                settings.get("adam_epsilon").doubleValue(),
                settings.get("weight_decay").doubleValue());
    }

    private static double learningRate(ObjectNode trace, int step) {
        JsonNode settings = trace.get("optimizer");
        Schedule schedule =
                Schedule.valueOf(
                        settings.get("lr_scheduler_type").stringValue().toUpperCase(Locale.ROOT));
        return settings.get("lr").doubleValue()
                * schedule.factor(
                        step,
                        settings.get("steps").intValue(),
                        settings.get("warmup_steps").intValue());
    }

    private static List<Example> pairs(Safetensors batch) {
        int[][] prompts = rows(batch, "split.prompt");
        int[][] chosen = rows(batch, "split.chosen");
        int[][] rejected = rows(batch, "split.rejected");
        List<Example> pairs = new ArrayList<>();
        for (int i = 0; i < prompts.length; i++) {
            pairs.add(new Example(i, Row.of(prompts[i], chosen[i], rejected[i])));
        }
        return pairs;
    }

    private static int[][] rows(Safetensors batch, String name) {
        int[][] ids = Fixtures.ints(batch, name + "_input_ids");
        int[][] mask = Fixtures.ints(batch, name + "_attention_mask");
        int[][] rows = new int[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            rows[i] = Fixtures.masked(ids[i], mask[i]);
        }
        return rows;
    }

    private static void compare(
            String id,
            Map<String, Double> ours,
            JsonNode theirs,
            List<Example> pairs,
            Consumer<Outcome> outcomes) {
        double worst = 0;
        String worstName = "";
        for (Map.Entry<String, JsonNode> scalar : theirs.properties()) {
            if (scalar.getKey().equals("step")) {
                continue;
            }
            Double value = ourValue(scalar.getKey(), ours, pairs);
            if (value == null) {
                outcomes.accept(
                        Outcome.unsupported(
                                id + "/" + scalar.getKey(), "scalar", "we log no such metric"));
                continue;
            }
            double reference = scalar.getValue().doubleValue();
            double error =
                    Math.abs(value - reference)
                            / Math.max(ABSOLUTE, RELATIVE * Math.abs(reference));
            if (!(error <= worst)) {
                worst = error;
                worstName = "/" + scalar.getKey();
            }
        }
        outcomes.accept(Outcome.compared(id + worstName, "scalar (1 = limit)", worst, 1));
    }

    private static @Nullable Double ourValue(
            String name, Map<String, Double> ours, List<Example> pairs) {
        return switch (name) {
            // TRL counts the prompt once per completion, as it feeds it twice
            case "num_tokens" ->
                    (double)
                            pairs.stream()
                                    .mapToInt(
                                            pair ->
                                                    pair.row().length()
                                                            + pair.row().prompt().length)
                                    .sum();
            // reference-free SimPO of CPOTrainer without an NLL term logs 0
            case "nll_loss" -> ours.getOrDefault("loss/" + Objective.ANCHOR, 0.0);
            default -> ours.get(OUR_NAMES.getOrDefault(name, name));
        };
    }

    /// `logits/*` as each trainer averages raw logits over the vocabulary: DPOTrainer over the
    /// positions that predict a completion token, which is what we log; trl-slime over the
    /// completion tokens' own positions; CPOTrainer over every position of the padded rows.
    private static Map<String, Double> meanLogits(
            String loss, LanguageModel policy, List<Example> pairs, Safetensors batch) {
        return switch (loss) {
            case "slime" -> meanLogitsAtTokens(policy, pairs);
            case "simpo" -> meanLogitsOfPaddedRows(policy, batch);
            default -> Map.of();
        };
    }

    private static Map<String, Double> meanLogitsAtTokens(
            LanguageModel policy, List<Example> pairs) {
        try (Pass pass =
                policy.forward(
                        pairs.stream().map(Example::row).toList(),
                        PassOptions.evaluation().with(PassOptions.Detail.STATISTICS))) {
            double[][][] logits = pass.statistics().meanLogitAtToken();
            return bySide(
                    Arrays.stream(logits).flatMapToDouble(row -> Arrays.stream(row[0])),
                    Arrays.stream(logits).flatMapToDouble(row -> Arrays.stream(row[1])));
        }
    }

    private static Map<String, Double> meanLogitsOfPaddedRows(
            LanguageModel policy, Safetensors batch) {
        double[][][] logits =
                PaddedLogits.of(
                        policy,
                        PassOptions.Adapter.ON,
                        Fixtures.ints(batch, "cat.input_ids"),
                        Fixtures.booleans(batch, "cat.attention_mask"));
        int half = logits.length / 2;
        return bySide(flat(logits, 0, half), flat(logits, half, logits.length));
    }

    private static DoubleStream flat(double[][][] logits, int from, int to) {
        return Arrays.stream(logits, from, to)
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream);
    }

    private static Map<String, Double> bySide(DoubleStream chosen, DoubleStream rejected) {
        return Map.of(
                "logits/chosen", chosen.average().orElseThrow(),
                "logits/rejected", rejected.average().orElseThrow());
    }

    private Outcome gradients(
            String id,
            Path trace,
            LanguageModel policy,
            Map<String, Double> ours,
            @Nullable Double maxGradNorm) {
        double unclip =
                maxGradNorm == null
                        ? 1
                        : Math.max(1, ours.getOrDefault("grad_norm", 0.0) / maxGradNorm);
        double squaredDistance = 0;
        double squaredNorm = 0;
        try (Safetensors file = Safetensors.open(trace.resolve("grads_step0.safetensors"))) {
            for (Parameter parameter : policy.parameters()) {
                if (!file.has(parameter.name())) {
                    return Outcome.unsupported(
                            id + "/gradients", "gradient", "no tensor " + parameter.name());
                }
                float[] theirs = Fixtures.floats(file, parameter.name());
                double[] mine = numbers(parameter.gradient());
                for (int i = 0; i < theirs.length; i++) {
                    double distance = mine[i] * unclip - theirs[i];
                    squaredDistance += distance * distance;
                    squaredNorm += (double) theirs[i] * theirs[i];
                }
            }
        }
        return Outcome.compared(
                id + "/gradients",
                "gradient",
                Math.sqrt(squaredDistance / squaredNorm),
                GRADIENT_TOLERANCE);
    }

    private double[] numbers(NDArray tensor) {
        try (NDManager scope = torch.newScope()) {
            return torch.kernels().doubles(torch.kernels().cast(scope, tensor, Precision.FLOAT64));
        }
    }
}
