package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class LoraTest {
    private static final LanguageModel BASE =
            LanguageModel.initialize(
                    Fixtures.TORCH,
                    Fixtures.tiny(true),
                    new Initialization(3, Initialization.Residual.PLAIN),
                    Precision.FLOAT32,
                    Training.FROZEN);
    private static final LoraSettings SETTINGS =
            new LoraSettings(3, 6, true, 0, Targets.named("q_proj", "up_proj"), List.of());
    private static final LoraSettings WITH_HEAD =
            new LoraSettings(3, 6, true, 0, SETTINGS.targets(), List.of("lm_head"));
    private static final List<Row> ROWS =
            List.of(Row.of(new int[] {1, 4, 7}, new int[] {8, 9, 2}, new int[] {8, 30}));

    @TempDir Path folder;

    @AfterAll
    static void close() {
        BASE.close();
    }

    @Test
    void aFreshAdapterChangesNothing() {
        try (Lora lora = Lora.create(BASE, SETTINGS, 1)) {
            assertThat(logps(BASE.with(lora), PassOptions.evaluation()))
                    .isDeepEqualTo(logps(BASE, PassOptions.evaluation()));
        }
    }

    @Test
    void aTrainedAdapterCanBeSwitchedOff() {
        try (Lora lora = trained()) {
            double[][][] without = logps(BASE, PassOptions.evaluation());
            assertThat(logps(BASE.with(lora), PassOptions.reference())).isDeepEqualTo(without);
            assertThat(logps(BASE.with(lora), PassOptions.evaluation())[0][0])
                    .isNotEqualTo(without[0][0]);
        }
    }

    @Test
    void aSavedAdapterComesBackBitForBit() {
        try (Lora lora = trained()) {
            lora.save(folder);
            try (Lora again = Lora.load(BASE, folder)) {
                assertThat(again.settings()).isEqualTo(SETTINGS);
                assertThat(logps(BASE.with(again), PassOptions.evaluation()))
                        .isDeepEqualTo(logps(BASE.with(lora), PassOptions.evaluation()));
            }
        }
    }

    @Test
    void theFileNamesTensorsAsPeftDoes() {
        try (Lora lora = Lora.create(BASE, SETTINGS, 1)) {
            lora.save(folder);
        }
        try (Safetensors file = Safetensors.open(folder.resolve("adapter_model.safetensors"))) {
            assertThat(file.names())
                    .hasSize(8)
                    .contains(
                            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                            "base_model.model.model.layers.1.mlp.up_proj.lora_B.weight");
            assertThat(
                            file.entry("base_model.model.model.layers.1.mlp.up_proj.lora_B.weight")
                                    .shape())
                    .containsExactly(24L, 3L);
        }
    }

    @Test
    void matricesAAreUniformAndDependOnTheSeedOnly() {
        try (Lora one = Lora.create(BASE, SETTINGS, 1);
                Lora same = Lora.create(BASE, SETTINGS, 1);
                Lora other = Lora.create(BASE, SETTINGS, 2)) {
            float[] values = one.parameters().getFirst().value().toFloatArray();
            assertThat(values).containsExactly(same.parameters().getFirst().value().toFloatArray());
            assertThat(values).isNotEqualTo(other.parameters().getFirst().value().toFloatArray());
            // 1 / sqrt(16), the width of the model.
            for (float value : values) {
                assertThat(value).isBetween(-0.25f, 0.25f);
            }
        }
    }

    @Test
    void anAdapterWithAHeadOfItsOwnComesBackBitForBitAndLeavesTheModelsHead() {
        double[][][] before = logps(BASE, PassOptions.evaluation());
        try (Lora lora = trained(WITH_HEAD)) {
            LanguageModel model = BASE.with(lora);
            lora.save(folder);
            assertThat(logps(model, PassOptions.reference())).isDeepEqualTo(before);
            try (Lora again = Lora.load(BASE, folder)) {
                assertThat(again.settings()).isEqualTo(lora.settings());
                assertThat(logps(BASE.with(again), PassOptions.evaluation()))
                        .isDeepEqualTo(logps(model, PassOptions.evaluation()));
            }
        }
        try (Safetensors file = Safetensors.open(folder.resolve("adapter_model.safetensors"))) {
            assertThat(file.entry("base_model.model.lm_head.weight").shape())
                    .containsExactly(37L, 16L);
        }
    }

    @Test
    void aSavedModelHasItsAdapterMerged() {
        try (Lora lora = trained(WITH_HEAD)) {
            LanguageModel model = BASE.with(lora);
            model.save(folder);
            try (LanguageModel merged =
                    LanguageModel.open(
                            Fixtures.TORCH, folder, Precision.FLOAT32, Training.FROZEN)) {
                assertThat(merged.config().tiedEmbeddings()).isFalse();
                assertThat(logps(merged, PassOptions.evaluation())[0][0])
                        .containsExactly(
                                logps(model, PassOptions.evaluation())[0][0],
                                Tolerances.SHARED_PROMPT);
            }
        }
    }

    @Test
    void aPatternMeansWholePathsAsInPeft() {
        var settings = LoraSettings.of(2, 4, Targets.matching(".*\\.1\\..*(q|up)_proj"));
        try (Lora lora = Lora.create(BASE, settings, 1)) {
            assertThat(lora.parameters())
                    .extracting(Parameter::name)
                    .containsExactly(
                            "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
                            "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight",
                            "base_model.model.model.layers.1.mlp.up_proj.lora_A.weight",
                            "base_model.model.model.layers.1.mlp.up_proj.lora_B.weight");
            lora.save(folder);
            try (Lora again = Lora.load(BASE, folder)) {
                assertThat(again.settings()).isEqualTo(settings);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q_proj | matches no projection of the model",
                ".* | matches lm_head",
                "( | is no regular expression",
            })
    void aPatternThatMeansSomethingElseIsRefused(String pattern, String message) {
        assertThatThrownBy(
                        () ->
                                Lora.create(
                                                BASE,
                                                LoraSettings.of(2, 4, Targets.matching(pattern)),
                                                1)
                                        .close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    /// Rows draw from their own generators: neighbours and padding change nothing.
    @Test
    void dropoutDependsOnARowsSeedOnly() {
        try (Lora lora = trained(SETTINGS.withDropout(0.5))) {
            LanguageModel model = BASE.with(lora);
            Row row = ROWS.getFirst();
            Row longer = Row.of(new int[] {1, 2, 3, 4}, new int[20]);
            double[] alone = dropped(model, List.of(row), List.of(5L));
            assertThat(dropped(model, List.of(row), List.of(5L))).containsExactly(alone);
            assertThat(dropped(model, List.of(row, longer), List.of(5L, 6L)))
                    .containsExactly(alone, Tolerances.SHARED_PROMPT);
            assertThat(dropped(model, List.of(row), List.of(6L))).isNotEqualTo(alone);
            assertThat(dropped(model, List.of(row), List.of())).isNotEqualTo(alone);
        }
    }

    /// The share that is left out, and the scale of what is left: with B so small that the network
    /// is linear in it, the mean change over many masks is the change without dropout.
    @Test
    void dropoutKeepsTheMean() {
        try (Lora lora = Lora.create(BASE, SETTINGS.withDropout(0.3), 1)) {
            LanguageModel model = BASE.with(lora);
            try (NDManager scope = Fixtures.TORCH.newScope()) {
                for (Parameter parameter : lora.parameters()) {
                    if (parameter.name().contains("lora_B")) {
                        NDArray small = scope.full(parameter.value().getShape(), 1e-2f);
                        Fixtures.TORCH.kernels().assign(scope, parameter.value(), small);
                    }
                }
            }
            double before = logps(BASE, PassOptions.evaluation())[0][0][0];
            double change = logps(model, PassOptions.evaluation())[0][0][0] - before;
            double[] changes = new double[2000];
            for (int i = 0; i < changes.length; i++) {
                changes[i] = dropped(model, ROWS, List.of(100L * i))[0] - before;
            }
            double mean = java.util.Arrays.stream(changes).average().orElseThrow();
            double squares = 0;
            for (double value : changes) {
                squares += (value - mean) * (value - mean);
            }
            double error = Math.sqrt(squares) / changes.length;
            assertThat(error).isLessThan(Math.abs(change) / 10);
            // Five standard errors of the mean.
            assertThat(mean).isCloseTo(change, within(5 * error));
        }
    }

    private static double[] dropped(LanguageModel model, List<Row> rows, List<Long> seeds) {
        return logps(model, rows, PassOptions.evaluation().with(seeds))[0][0];
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use_dora\" : false | \"use_dora\" : true | use_dora is true",
                "\"bias\" : \"none\" | \"bias\" : \"all\" | bias is all",
                "\"modules_to_save\" : null | \"modules_to_save\" : [\"embed_tokens\"] | modules to save name \"embed_tokens\"",
                "\"modules_to_save\" : null | \"modules_to_save\" : [\"lm_head\"] | no tensor base_model.model.lm_head.weight",
                "\"modules_to_save\" : null | \"modules_to_save\" : \"lm_head\" | modules_to_save is \"lm_head\"",
                "\"use_dora\" : false | \"ensure_weight_tying\" : true | ensure_weight_tying is true",
                "\"q_proj\" | \"qkv_proj\" | targets name \"qkv_proj\"",
                "\"LORA\" | \"IA3\" | peft_type is IA3",
                "\"r\" : 3 | \"r\" : 4 | has shape [3, 16], but the model",
                "\"up_proj\" | \"down_proj\" | has no tensor",
            })
    void whatCannotBeHonouredIsRefusedByName(String what, String by, String message)
            throws IOException {
        try (Lora lora = Lora.create(BASE, SETTINGS, 1)) {
            lora.save(folder);
        }
        Path config = folder.resolve("adapter_config.json");
        String text = Files.readString(config);
        assertThat(text).contains(what);
        Files.writeString(config, text.replace(what, by));
        assertThatThrownBy(() -> Lora.load(BASE, folder).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    @Test
    void tensorsBeyondTheTargetsAreRefused() throws IOException {
        try (Lora lora = Lora.create(BASE, SETTINGS, 1)) {
            lora.save(folder);
        }
        Path config = folder.resolve("adapter_config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replaceAll(",\\s*\"up_proj\"", ""));
        assertThatThrownBy(() -> Lora.load(BASE, folder).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("which belongs to none of its targets [q_proj]");
    }

    private static Lora trained() {
        return trained(SETTINGS);
    }

    private static Lora trained(LoraSettings settings) {
        Lora lora = Lora.create(BASE, settings, 1);
        LanguageModel model = BASE.with(lora);
        try (AdamW optimizer = new AdamW(model, AdamW.Settings.standard())) {
            for (int step = 0; step < 3; step++) {
                optimizer.zeroGradients();
                try (Pass pass = model.forward(ROWS, PassOptions.training())) {
                    pass.backward(new double[][][] {{{-1, -1, -1}, {1, 1}}});
                }
                optimizer.step(0.01);
            }
        }
        return lora;
    }

    private static double[][][] logps(LanguageModel model, PassOptions options) {
        return logps(model, ROWS, options);
    }

    private static double[][][] logps(LanguageModel model, List<Row> rows, PassOptions options) {
        try (Pass pass = model.forward(rows, options)) {
            return pass.logps();
        }
    }
}
