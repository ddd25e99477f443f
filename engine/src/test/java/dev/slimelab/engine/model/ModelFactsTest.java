package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.kernel.Precision;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

class ModelFactsTest {
    private static final Path TINY = Path.of("..", "assets", "tiny");

    @Test
    void theFilesHoldAsManyNumbersAsTheConfigurationSays() throws Exception {
        ModelFacts facts = ModelFacts.of(TINY, null);
        assertThat(facts.parameters()).isEqualTo(400_800);
        assertThat(facts.storedElements().values()).containsExactly(400_800L);
        assertThat(facts.storedBytes())
                .isLessThan(Files.size(TINY.resolve("model.safetensors")))
                .isGreaterThanOrEqualTo(2 * 400_800);
    }

    /// Rank 2 on q_proj and v_proj: per layer 2 · (out + in) each.
    @Test
    void anAdaptersParametersAreCounted() {
        ModelConfig config = ConfigJson.read(TINY);
        ModelFacts facts =
                ModelFacts.of(TINY, LoraSettings.of(2, 4, Targets.named("q_proj", "v_proj")));
        long queries = (long) config.heads() * config.headDim();
        long values = (long) config.keyValueHeads() * config.headDim();
        assertThat(facts.trainedParameters())
                .isEqualTo(config.layers() * 2L * (queries + values + 2L * config.hiddenSize()));
    }

    /// bf16: 2 bytes a frozen weight, 4 a trained one, 4 its gradient, 8 its two moments.
    @Test
    void memoryIsArithmetic() {
        var adapter = LoraSettings.of(2, 4, Targets.named("q_proj"));
        ModelFacts facts = ModelFacts.of(TINY, adapter);
        ModelFacts.Memory memory = facts.memory(Precision.BFLOAT16);
        assertThat(memory.weights()).isEqualTo(2 * 400_800);
        assertThat(memory.total()).isEqualTo(2 * 400_800 + 16 * facts.trainedParameters());
        ModelFacts.Memory whole = ModelFacts.of(TINY, null).memory(Precision.FLOAT32);
        assertThat(whole.weights()).isZero();
        assertThat(whole.total()).isEqualTo(16 * 400_800);
    }
}
