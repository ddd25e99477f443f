package dev.slimelab.engine;

import dev.slimelab.engine.device.DeviceChoice;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AttentionKernel;
import dev.slimelab.engine.model.ConfigJson;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.train.Benchmark;
import dev.slimelab.engine.train.BenchmarkRows;
import dev.slimelab.engine.train.Example;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// `slimelab bench`: how long an optimiser step takes, and on what.
@Command(
        name = "bench",
        description = {
            "Times optimiser steps and prints one JSON object: seconds, tokens a second, memory, and",
            "what the time went into. Without --model: a Llama of 125 million random weights.",
            "Refuses a verdict where other processes took more than 5 %% of the machine."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final String TARGET =
            """
            {"model_type": "llama", "hidden_size": 768, "intermediate_size": 2048,
             "num_hidden_layers": 12, "num_attention_heads": 12, "num_key_value_heads": 4,
             "head_dim": 64, "vocab_size": 32000, "max_position_embeddings": 8192,
             "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": false,
             "hidden_act": "silu", "bos_token_id": 1, "eos_token_id": 2}
            """;

    private static final double MEGABYTE = 1e6;
    private static final double GIGA = 1e9;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "A Hugging Face folder; random weights where it has only a config.json.")
    private @Nullable Path model;

    @Option(
            names = "--objective",
            paramLabel = "PRESET",
            defaultValue = "slime",
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String objective;

    @Option(
            names = "--reference",
            defaultValue = "per-step",
            paramLabel = "per-step|cached",
            description = "Where the objective has one. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String reference;

    @Option(
            names = "--precision",
            defaultValue = "bf16",
            paramLabel = "bf16|fp32",
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String precision;

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "64",
            description = "Of the adapter on all projections; default: ${DEFAULT-VALUE}.")
    private int rank;

    @Option(
            names = "--gradient-checkpointing",
            paramLabel = "N",
            defaultValue = "0",
            description = "Every N-th layer is computed again; default: none.")
    private int gradientCheckpointing;

    @Option(
            names = "--attention",
            paramLabel = "blocks|fused",
            defaultValue = "blocks",
            description =
                    "What computes it; docs/gpu.md has the difference. Default: ${DEFAULT-VALUE}.")
    private AttentionKernel attention = AttentionKernel.BLOCKS;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "2",
            description = "In a batch; default: ${DEFAULT-VALUE}.")
    private int pairs;

    @Option(
            names = "--micro-batch",
            paramLabel = "N",
            description = "Pairs that go through the model together; default: all of a batch.")
    private @Nullable Integer microBatch;

    @Option(
            names = "--prompt",
            paramLabel = "N",
            defaultValue = "256",
            description = "Tokens of each random prompt; default: ${DEFAULT-VALUE}.")
    private int prompt;

    @Option(
            names = "--completion",
            paramLabel = "N",
            defaultValue = "256",
            description = "Tokens of each random answer; default: ${DEFAULT-VALUE}.")
    private int completion;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Real pairs instead of random ones, in the file's order.")
    private @Nullable Path data;

    @Option(names = "--tokenizer", paramLabel = "DIR", description = "For --data.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            defaultValue = "1024",
            description = "For --data: longest prompt and answer; default: ${DEFAULT-VALUE}.")
    private int maxLength;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "10",
            description = "That are timed; default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "3",
            description = "Steps before that; default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--threads", paramLabel = "N", description = "Default: one a processor.")
    private @Nullable Integer threads;

    @Mixin private DeviceOption device = new DeviceOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        require("--steps", steps, 1);
        require("--warm-up", warmUp, 0);
        require("--pairs", pairs, 1);
        require("--prompt", prompt, 1);
        require("--completion", completion, 1);
        require("--gradient-checkpointing", gradientCheckpointing, 0);
        ModelConfig config =
                model == null
                        ? ConfigJson.parse("bench", JsonMapper.shared().readTree(TARGET))
                        : ConfigJson.read(model);
        Objective asked = SpecJson.objective(StringNode.valueOf(objective));
        Benchmark.Reference how = referenceOf(reference);
        Precision type = precisionOf(precision);
        List<List<Example>> batches = batches(config);
        Benchmark.Result result;
        DeviceChoice on;
        try (Torch torch = Torch.start(device.devices(), threads);
                LanguageModel base = base(torch, config, type);
                Lora adapter = Lora.create(base, LoraSettings.everywhere(rank, 2.0 * rank), 0)) {
            on = torch.choice();
            LanguageModel policy = base.with(adapter).attending(attention);
            Benchmark.forgetPeak();
            result =
                    new Benchmark(
                                    policy,
                                    asked,
                                    batches,
                                    microBatch == null ? pairs : microBatch,
                                    gradientCheckpointing,
                                    how.of(policy, asked, batches))
                            .run(warmUp, steps);
        }
        command.commandLine()
                .getOut()
                .println(
                        JsonMapper.shared()
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsString(facts(result, on)));
        if (result.takenByOthers() > Benchmark.MOST_TAKEN_BY_OTHERS) {
            throw Problem.failed(
                    "Other processes took %.0f %% of the machine: the times say nothing."
                            .formatted(100 * result.takenByOthers()),
                    "Measure with nothing else running.");
        }
        return 0;
    }

    private static Precision precisionOf(String word) {
        return switch (word) {
            case "bf16" -> Precision.BFLOAT16;
            case "fp32" -> Precision.FLOAT32;
            default ->
                    throw Problem.badRequest(
                            "--precision is \"" + word + "\".", "Give bf16 or fp32.");
        };
    }

    private static Benchmark.Reference referenceOf(String word) {
        return switch (word) {
            case "per-step" -> Benchmark.Reference.PER_STEP;
            case "cached" -> Benchmark.Reference.CACHED;
            default ->
                    throw Problem.badRequest(
                            "--reference is \"" + word + "\".", "Give per-step or cached.");
        };
    }

    private LanguageModel base(Torch torch, ModelConfig config, Precision type) {
        if (model != null && hasWeights(model)) {
            return LanguageModel.open(torch, model, type, LanguageModel.Training.FROZEN);
        }
        return LanguageModel.initialize(
                torch,
                config,
                new Initialization(0, Initialization.Residual.PLAIN),
                type,
                LanguageModel.Training.FROZEN);
    }

    private static boolean hasWeights(Path folder) {
        return Files.exists(folder.resolve("model.safetensors"))
                || Files.exists(folder.resolve("model.safetensors.index.json"));
    }

    private List<List<Example>> batches(ModelConfig config) {
        List<Example> examples = examples(config);
        List<List<Example>> batches = new ArrayList<>();
        for (int from = 0; from + pairs <= examples.size(); from += pairs) {
            batches.add(examples.subList(from, from + pairs));
        }
        if (batches.isEmpty()) {
            throw Problem.badRequest(
                    "There are %d pairs, but a batch has %d.".formatted(examples.size(), pairs),
                    "Set --pairs smaller.");
        }
        return batches;
    }

    private List<Example> examples(ModelConfig config) {
        if (data == null) {
            return BenchmarkRows.random(pairs, prompt, completion, config.vocabSize());
        }
        if (tokenizer == null) {
            throw Problem.badRequest(
                    "--data needs --tokenizer.", "Name a folder that holds tokenizer.json.");
        }
        return BenchmarkRows.of(data, tokenizer, maxLength, (warmUp + steps) * pairs);
    }

    private Map<String, Object> facts(Benchmark.Result result, DeviceChoice on) {
        Map<String, Object> facts = new LinkedHashMap<>();
        double median = result.median();
        facts.put("device", on.device().toString());
        facts.put("gpu", on.gpusInWords());
        facts.put("objective", objective);
        facts.put("precision", precision);
        facts.put("attention", Settings.word(attention.name()));
        facts.put("stepSecondsMedian", rounded(median, 4));
        facts.put("stepSecondsMinimum", rounded(result.minimum(), 4));
        facts.put(
                "stepSecondsSpread",
                rounded(
                        (result.stepSeconds().stream().mapToDouble(s -> s).max().orElseThrow()
                                        - result.minimum())
                                / median,
                        3));
        facts.put("stepSeconds", result.stepSeconds().stream().map(s -> rounded(s, 4)).toList());
        facts.put("tokensPerStep", rounded(result.tokens(), 1));
        facts.put("tokensPerSecond", rounded(result.tokens() / median, 1));
        facts.put("tokensPerStepInTwoRowsAPair", rounded(result.tokensOfTwoRows(), 1));
        facts.put("tokensPerSecondInTwoRowsAPair", rounded(result.tokensOfTwoRows() / median, 1));
        facts.put("pairsPerSecond", rounded(result.pairs() / median, 3));
        facts.put("peakMegabytes", rounded(result.peakBytes() / MEGABYTE, 0));
        if (on.isOnGpus()) {
            facts.put("devicePeakMegabytes", rounded(result.devicePeakBytes() / MEGABYTE, 0));
        }
        facts.put("uploadsPerStep", result.traffic().uploads());
        facts.put("uploadedBytesPerStep", result.traffic().uploadedBytes());
        facts.put("downloadsPerStep", result.traffic().downloads());
        facts.put("downloadedBytesPerStep", result.traffic().downloadedBytes());
        facts.put("matmulGflopsPerSecond", rounded(result.matmulFlopsPerSecond() / GIGA, 1));
        facts.put("requiredGflops", rounded(result.flops() / GIGA, 1));
        facts.put("shareOfMatmulPeak", rounded(result.utilisation(), 3));
        Map<String, Object> breakdown = new LinkedHashMap<>();
        result.breakdown().forEach((part, seconds) -> breakdown.put(part, rounded(seconds, 4)));
        facts.put("breakdownSeconds", breakdown);
        facts.put("takenByOtherProcesses", rounded(result.takenByOthers(), 3));
        return facts;
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.rint(value * scale) / scale;
    }

    private static void require(String option, int value, int least) {
        if (value < least) {
            throw Problem.badRequest(
                    "%s is %d.".formatted(option, value), "Give %d or more.".formatted(least));
        }
    }
}
