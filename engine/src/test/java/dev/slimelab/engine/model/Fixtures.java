package dev.slimelab.engine.model;

import dev.slimelab.engine.kernel.Torch;

import java.util.Random;

/// What tests share: one libtorch and small models.
public final class Fixtures {
    public static final Torch TORCH = Torch.start(1);

    private Fixtures() {}

    /// Two layers, grouped queries, odd sizes.
    public static ModelConfig tiny(boolean tied) {
        return tiny(tied, 64);
    }

    public static ModelConfig tiny(boolean tied, int positions) {
        return new ModelConfig(
                new ModelFamily.Llama(),
                37,
                16,
                24,
                2,
                4,
                2,
                6,
                1e-5,
                new Rope.Plain(10_000),
                tied,
                0.3,
                positions,
                new SpecialTokens(1, java.util.List.of(2), 0));
    }

    public static int[] tokens(Random random, int count, int vocabulary) {
        return random.ints(count, 0, vocabulary).toArray();
    }
}
