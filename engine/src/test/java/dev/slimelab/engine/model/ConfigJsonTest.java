package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

class ConfigJsonTest {
    private static final String LLAMA =
            """
            {"model_type": "llama", "vocab_size": 37, "hidden_size": 16, "intermediate_size": 24,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true,
             "hidden_act": "silu", "max_position_embeddings": 64, "eos_token_id": [2, 3]
             MORE}
            """;

    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void whatIsWrittenIsReadAgain(ModelConfig config) {
        var json = ConfigJson.write(config, "float32");
        assertThat(ConfigJson.parse("test", json)).isEqualTo(config);
        json.remove("rope_parameters");
        assertThat(ConfigJson.parse("older readers", json)).isEqualTo(config);
    }

    @Test
    void absentSettingsTakeTransformersDefaults() {
        ModelConfig config = parse("");
        assertThat(config.headDim()).isEqualTo(4);
        assertThat(config.initializerRange()).isEqualTo(0.02);
        assertThat(config.specialTokens().end()).containsExactly(2, 3);
        assertThat(config.specialTokens().begin()).isNull();
    }

    @ParameterizedTest
    @FieldSource("dev.slimelab.engine.model.Fixtures#PARITY_MODELS")
    void bothLayoutsOfTransformersMeanTheSame(String name) {
        Path folder = SharedFolder.path("parity/models/" + name);
        var older = JsonMapper.shared().readTree(folder.resolve("config.v4.json"));
        assertThat(ConfigJson.parse("config.v4.json", older)).isEqualTo(ConfigJson.read(folder));
    }

    /// Worked out by hand for factor 8, original 32 positions: a wavelength of 2 pi (5.1 turns) is
    /// kept, one of 63 (0.5 turns) is stretched eightfold.
    @Test
    void llama3KeepsShortWavelengthsAndStretchesLongOnes() {
        double[] frequencies = new Rope.Llama3(10_000, 8, 1, 4, 32).inverseFrequencies(16);
        double[] plain = new Rope.Plain(10_000).inverseFrequencies(16);
        assertThat(plain[2]).isCloseTo(0.1, Tolerances.EXACT);
        assertThat(frequencies[0]).isEqualTo(plain[0]);
        assertThat(frequencies[2]).isCloseTo(0.1 / 8, Tolerances.EXACT);
        assertThat(frequencies[1]).isBetween(plain[1] / 8, plain[1]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ", \"attention_bias\": true | attention_bias is true",
                ", \"mlp_bias\": true | mlp_bias is true",
                ", \"hidden_act\": \"gelu\" | hidden_act is \"gelu\"",
                ", \"attention_dropout\": 0.1 | attention_dropout is 0.1",
                ", \"quantization_config\": {\"bits\": 4} | quantization_config is present",
                ", \"rope_scaling\": {\"rope_type\": \"yarn\"} | rope_scaling.rope_type is \"yarn\"",
                ", \"rope_scaling\": {\"type\": \"llama3\"} | rope_scaling.factor is missing",
                ", \"model_type\": \"mamba\" | model_type is \"mamba\"",
                ", \"num_attention_heads\": 3 | num_attention_heads is 3",
                ", \"head_dim\": 5 | head_dim is 5",
                ", \"hidden_size\": \"big\" | hidden_size is \"big\"",
                ", \"vocab_size\": 0 | vocab_size is 0",
                ", \"tie_word_embeddings\": 1 | tie_word_embeddings is 1",
            })
    void whatCannotBeHonouredIsRefusedByName(String more, String message) {
        assertThatThrownBy(() -> parse(more))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama | \"sliding_window\": 4096 | sliding_window is 4096",
                "llama | \"layer_types\": [] | layer_types is []",
                "mistral | \"layer_types\": [\"full_attention\"] | layer_types is [",
                "qwen2 | \"use_sliding_window\": true, \"max_window_layers\": 1, \"sliding_window\": null, \"layer_types\": [\"full_attention\", \"sliding_attention\"] | sliding_window is null",
                "qwen2 | \"layer_types\": [\"full_attention\"] | one type for each of the 2 layers",
                "qwen2 | \"layer_types\": [\"full_attention\", \"chunked_attention\"] | layer_types is \"chunked_attention\"",
                "qwen2 | \"use_sliding_window\": 1 | use_sliding_window is 1",
                "qwen3 | \"attention_bias\": true | attention_bias is true",
                "gemma3_text | \"final_logit_softcapping\": 30.0 | final_logit_softcapping is 30.0",
                "gemma3_text | \"attn_logit_softcapping\": 50.0 | attn_logit_softcapping is 50.0",
                "gemma3_text | \"hidden_activation\": \"gelu\" | hidden_activation is \"gelu\"",
                "gemma3_text | \"use_bidirectional_attention\": true | use_bidirectional_attention is true",
                "gemma3_text | \"rope_parameters\": {\"full_attention\": {\"rope_type\": \"yarn\"}} | rope_parameters.full_attention.rope_type is \"yarn\"",
                "gemma3_text | \"query_pre_attn_scalar\": 0 | query_pre_attn_scalar is 0",
                "mistral | \"rope_parameters\": {\"partial_rotary_factor\": 0.5} | rope_parameters.partial_rotary_factor is 0.5",
                "mistral | \"rope_parameters\": {\"mrope_section\": [1]} | rope_parameters.mrope_section is [1]",
                "mistral | \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2}, \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 4} | It contradicts rope_parameters",
                "gemma3 | \"rope_theta\": 1 | text_config is missing",
            })
    void whatAFamilyCannotHonourIsRefusedByName(String type, String more, String message) {
        assertThatThrownBy(() -> parse(type, more))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    @Test
    void mistralLooksBackAWindowUnlessItIsNull() {
        assertThat(window(parse("mistral", "\"rope_theta\": 1e4"), 0)).isEqualTo(4096);
        assertThat(window(parse("mistral", "\"sliding_window\": 7"), 1)).isEqualTo(7);
        assertThat(window(parse("mistral", "\"sliding_window\": null"), 0)).isNull();
    }

    @Test
    void qwenLooksBackAWindowOnlyWhereItIsUsedAndInLaterLayersOnly() {
        String window = "\"sliding_window\": 5, \"max_window_layers\": 1";
        ModelConfig off = parse("qwen2", window);
        ModelConfig on = parse("qwen3", window + ", \"use_sliding_window\": true");
        assertThat(window(off, 1)).isNull();
        assertThat(window(on, 0)).isNull();
        assertThat(window(on, 1)).isEqualTo(5);
    }

    @Test
    void everySixthLayerOfGemmaSeesEverything() {
        ModelConfig gemma =
                parse(
                        "gemma3_text",
                        """
                        "num_hidden_layers": 12, "rope_theta": 1e6, "sliding_window": 9,
                        "rope_scaling": {"rope_type": "linear", "factor": 8.0}
                        """);
        assertThat(gemma.attention())
                .filteredOn(layer -> layer.window() == null)
                .containsExactly(gemma.attention().get(5), Attention.full(new Rope.Linear(1e6, 8)));
        assertThat(gemma.attention().get(11)).isEqualTo(gemma.attention().get(5));
        assertThat(gemma.attention().getFirst()).isEqualTo(new Attention(new Rope.Plain(1e4), 9));
        assertThat(gemma.tiedEmbeddings()).isTrue();
        assertThat(window(parse("gemma3_text", "\"sliding_window_pattern\": 2"), 1)).isNull();
    }

    /// As google/gemma-3-4b-it has it: what transformers knows by itself is left out.
    @Test
    void theTextHalfOfAMultimodalModelIsRead() {
        ModelConfig config =
                ConfigJson.parse(
                        "config.json",
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"model_type": "gemma3", "eos_token_id": [1, 106],
                                         "text_config": {"hidden_size": 2560,
                                           "intermediate_size": 10240, "num_hidden_layers": 34,
                                           "model_type": "gemma3_text", "sliding_window": 1024,
                                           "rope_scaling": {"factor": 8.0, "rope_type": "linear"}},
                                         "vision_config": {"hidden_size": 1152}}
                                        """));
        assertThat(config.decoderPath()).isEqualTo("model.language_model");
        assertThat(config.heads()).isEqualTo(8);
        assertThat(config.headDim()).isEqualTo(256);
        assertThat(config.scoreScalar()).isEqualTo(256);
        assertThat(config.vocabSize()).isEqualTo(262_208);
        assertThat(config.specialTokens().end()).containsExactly(1, 106);
        assertThat(config.attention().get(5)).isEqualTo(Attention.full(new Rope.Linear(1e6, 8)));
    }

    private static @Nullable Integer window(ModelConfig config, int layer) {
        return config.attention().get(layer).window();
    }

    private static ModelConfig parse(String type, String more) {
        var json =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"vocab_size": 37, "hidden_size": 16, "num_hidden_layers": 2,
                                         "intermediate_size": 24, "num_attention_heads": 4,
                                         "num_key_value_heads": 2}
                                        """);
        json.put("model_type", type);
        json.setAll((ObjectNode) JsonMapper.shared().readTree("{" + more + "}"));
        return ConfigJson.parse("config.json", json);
    }

    private static ModelConfig parse(String more) {
        return ConfigJson.parse(
                "config.json", JsonMapper.shared().readTree(LLAMA.replace("MORE", more)));
    }
}
