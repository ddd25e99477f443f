package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        Lora lora = Lora.create(BASE, SETTINGS, 1);
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
        try (Pass pass = model.forward(ROWS, options)) {
            return pass.logps();
        }
    }
}
