package dev.slimelab.engine.model;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.kernel.Torch;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// What tests share: one libtorch and small models.
public final class Fixtures {
    /// On the CPU, or where the profile `gpu` says.
    public static final Torch TORCH =
            Torch.start(
                    Device.parse(
                            System.getProperty("slimelab.test.device", "cpu"),
                            "slimelab.test.device"),
                    1);

    /// Every model of `parity/models` of the shared folder.
    public static final List<String> PARITY_MODELS =
            List.of(
                    "llama-untied",
                    "llama-tied",
                    "mistral",
                    "mistral-swa",
                    "qwen2-tied",
                    "qwen2-untied",
                    "qwen3-tied",
                    "qwen3-untied",
                    "gemma3");

    private static final Rope ROPE = new Rope.Plain(10_000);

    private static final int POSITIONS = 512;

    private Fixtures() {}

    /// Two layers, grouped queries, odd sizes.
    public static ModelConfig tiny(boolean tied) {
        return tiny(tied, POSITIONS);
    }

    public static ModelConfig tiny(boolean tied, int positions) {
        return tiny(
                new ModelFamily.Llama(),
                Collections.nCopies(2, Attention.full(ROPE)),
                6,
                tied,
                positions);
    }

    /// One small model of each family, and of each way of attending, whose windows are shorter than
    /// the tests' rows.
    public static Stream<ModelConfig> families() {
        var window = new Attention(ROPE, 3);
        return Stream.of(
                tiny(true),
                tiny(
                        new ModelFamily.Llama(),
                        Collections.nCopies(
                                2, Attention.full(new Rope.Llama3(10_000, 8, 1, 4, 32))),
                        6,
                        false),
                tiny(new ModelFamily.Mistral(), Collections.nCopies(2, window), 6, false),
                tiny(
                        new ModelFamily.Mistral(),
                        Collections.nCopies(2, new Attention(ROPE, 150)),
                        6,
                        false),
                tiny(new ModelFamily.Qwen2(), List.of(Attention.full(ROPE), window), 6, false),
                tiny(
                        new ModelFamily.Qwen3(),
                        Collections.nCopies(2, Attention.full(ROPE)),
                        6,
                        true),
                tiny(
                        new ModelFamily.Gemma3Text(),
                        List.of(window, window, Attention.full(new Rope.Linear(1e6, 8))),
                        10,
                        true));
    }

    static ModelConfig tiny(
            ModelFamily family, List<Attention> attention, int scoreScalar, boolean tied) {
        return tiny(family, attention, scoreScalar, tied, POSITIONS);
    }

    private static ModelConfig tiny(
            ModelFamily family,
            List<Attention> attention,
            int scoreScalar,
            boolean tied,
            int positions) {
        return new ModelConfig(
                family,
                ModelConfig.TEXT_DECODER,
                37,
                16,
                24,
                attention,
                4,
                2,
                6,
                scoreScalar,
                1e-5,
                tied,
                0.3,
                positions,
                new SpecialTokens(1, List.of(2), 0));
    }

    public static int[] tokens(Random random, int count, int vocabulary) {
        return random.ints(count, 0, vocabulary).toArray();
    }
}
