package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.json.JsonMapper;

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

    private static ModelConfig parse(String more) {
        return ConfigJson.parse(
                "config.json", JsonMapper.shared().readTree(LLAMA.replace("MORE", more)));
    }
}
