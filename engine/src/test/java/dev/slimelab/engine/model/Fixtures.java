package dev.slimelab.engine.model;

import dev.slimelab.engine.kernel.Torch;

import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// What tests share: one libtorch, small models, and the folder of reference numbers.
public final class Fixtures {
    public static final Torch TORCH = Torch.start(1);

    private Fixtures() {}

    /// A path under the folder of reference numbers, which lies beside the source tree or where the
    /// system property `slimelab.shared` says. Skips the test, aloud, where there is none.
    public static Path shared(String path) {
        Path folder = Path.of(System.getProperty("slimelab.shared", "../../shared"));
        Path file = folder.resolve(path);
        if (!Files.exists(file)) {
            System.out.println("SKIPPED: no reference numbers at " + file.toAbsolutePath());
        }
        Assumptions.assumeTrue(Files.exists(file), "no reference numbers at " + file);
        return file;
    }

    /// Two layers, grouped queries, odd sizes.
    public static ModelConfig tiny(boolean tied) {
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
                64,
                new SpecialTokens(1, java.util.List.of(2), 0));
    }

    public static int[] tokens(Random random, int count, int vocabulary) {
        return random.ints(count, 0, vocabulary).toArray();
    }
}
