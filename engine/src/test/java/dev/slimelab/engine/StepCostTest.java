package dev.slimelab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.ConfigJson;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.run.EngineJava;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a step may cost, whatever machine it runs on: tokens, products, copies and memory, as
/// `slimelab bench` counts them in a process of its own. Never seconds.
class StepCostTest {
    private static final int HIDDEN = 256;
    private static final int COMPLETION = 1024;
    private static final int LARGE_VOCABULARY = 65_536;
    private static final double BYTES_OF_BF16 = 2;
    private static final double MEGABYTE = 1e6;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // measured before all tests
    private static JsonNode plain;

    @BeforeAll
    static void measure() throws IOException {
        plain = bench(512, "--pairs=1");
    }

    @Test
    void thePromptOfAPairIsComputedOnceAndNothingIsPadded() {
        assertThat(number("tokensPerStep")).isEqualTo(256 + 2 * COMPLETION);
        assertThat(number("tokensPerStepInTwoRowsAPair")).isEqualTo(2 * (256 + COMPLETION));
    }

    @Test
    void aStepSendsTokenIdsAndBringsBackAFewNumbersAToken() {
        double tokens = number("tokensPerStep");
        assertThat(number("uploadsPerStep")).isLessThanOrEqualTo(2);
        assertThat(number("downloadsPerStep")).isLessThanOrEqualTo(2);
        assertThat(number("uploadedBytesPerStep")).isLessThanOrEqualTo(64 * tokens);
        assertThat(number("downloadedBytesPerStep")).isLessThanOrEqualTo(64 * tokens);
    }

    @Test
    void onlyWhatTheAdapterNeedsIsMultiplied() {
        assertThat(number("requiredGflops")).isCloseTo(101.6, within(0.1));
    }

    /// The logits of one answer would take 268 MB in float32, of both with their gradients four
    /// times that. What a process takes differs by up to 100 MB from one time to the next.
    @Test
    void memoryDoesNotGrowWithVocabularyTimesLength() throws IOException {
        double weights = LARGE_VOCABULARY * HIDDEN * BYTES_OF_BF16 / MEGABYTE;
        double more = peak(bench(LARGE_VOCABULARY, "--pairs=1")) - peak(plain);
        assertThat(more).isLessThan(weights + 200);
    }

    /// Two pairs, so that what layers keep stands out of what a process takes by chance: 181 to 198
    /// MB in five processes each.
    @Test
    void layersThatAreComputedAgainKeepLittle() throws IOException {
        double kept =
                peak(bench(512, "--pairs=2"))
                        - peak(bench(512, "--pairs=2", "--gradient-checkpointing=1"));
        assertThat(kept).isGreaterThan(120);
    }

    private static double number(String field) {
        return plain.get(field).doubleValue();
    }

    private static double peak(JsonNode result) {
        return result.get("peakMegabytes").doubleValue();
    }

    private static JsonNode bench(int vocabulary, String... options) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = EngineJava.command(java, System.getProperty("java.class.path"));
        command.addAll(
                List.of(
                        "-Xmx128m",
                        "-Dai.djl.offline=true",
                        Main.class.getName(),
                        "bench",
                        "--model=" + model(vocabulary),
                        "--completion=" + COMPLETION,
                        "--rank=16",
                        "--warm-up=1",
                        "--steps=1",
                        "--threads=1"));
        command.addAll(List.of(options));
        Process process =
                EngineJava.process(command)
                        .redirectError(folder.resolve("errors.txt").toFile())
                        .start();
        // Exit code 1 where other processes were busy, but the numbers are there all the same.
        return JsonMapper.shared()
                .readTree(
                        new String(
                                process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /// A folder with weights: what making them at random leaves behind would count, too.
    private static Path model(int vocabulary) {
        Path model = folder.resolve("vocabulary-" + vocabulary);
        if (!Files.exists(model)) {
            ModelConfig config =
                    ConfigJson.parse(
                            "config.json",
                            JsonMapper.shared()
                                    .readTree(
                                            """
                                            {"model_type": "llama", "hidden_size": %d,
                                             "intermediate_size": 688, "num_hidden_layers": 8,
                                             "num_attention_heads": 4, "num_key_value_heads": 2,
                                             "head_dim": 64, "vocab_size": %d,
                                             "max_position_embeddings": 4096, "rms_norm_eps": 1e-5,
                                             "rope_theta": 10000.0, "tie_word_embeddings": true,
                                             "hidden_act": "silu", "bos_token_id": 1,
                                             "eos_token_id": 2}
                                            """
                                                    .formatted(HIDDEN, vocabulary)));
            try (LanguageModel made =
                    LanguageModel.initialize(
                            Fixtures.TORCH,
                            config,
                            new Initialization(0, Initialization.Residual.PLAIN),
                            Precision.BFLOAT16,
                            LanguageModel.Training.FROZEN)) {
                made.save(model);
            }
        }
        return model;
    }
}
