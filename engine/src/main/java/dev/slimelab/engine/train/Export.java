package dev.slimelab.engine.train;

import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.PaddedLogits;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.Precision;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Writes what was trained as a folder for other programs, reads it back, and compares its logits
/// before the folder gets its name.
///
/// @param folder a run directory or a Hugging Face folder
/// @param adapter a PEFT folder to use instead of the run's, or with the folder's model
/// @param precision of weights and arithmetic; null for that of the run, and fp32 where the folder
///   is no run
public record Export(Path folder, @Nullable Path adapter, @Nullable Precision precision) {
    private static final int ROWS = 2;
    private static final int LENGTH = 16;

    /// What can be written.
    public enum Target {
        /// The adapter as PEFT reads it.
        PEFT,
        /// The whole model as transformers reads it, an adapter merged into its weights.
        MERGED
    }

    /// Writes and checks.
    ///
    /// @param into must not exist
    /// @return the largest difference of a logit, as a share of the largest logit
    /// @throws Problem bad request: where there is nothing to write, or the folder exists; failed:
    ///   where what is read back computes something else, which leaves nothing behind
    public double write(Torch torch, Target target, Path into) {
        if (Files.exists(into)) {
            throw Problem.badRequest(
                    "The folder %s exists.".formatted(into), "Choose another with --out.");
        }
        Path aside = into.resolveSibling(into.getFileName() + ".part");
        deleteAll(aside);
        try (var models = new OpenModels(torch, precision)) {
            LanguageModel trained = models.open(ModelSource.newest(folder), adapter).model();
            double difference =
                    switch (target) {
                        case PEFT -> writeAdapter(trained, aside);
                        case MERGED -> writeMerged(trained, aside);
                    };
            if (!(difference <= tolerance(trained))) {
                throw Problem.failed(
                        "What was exported gives other logits: they differ by %.1e of the largest."
                                .formatted(difference),
                        "Please report it; the export was deleted.");
            }
            Files.move(aside, into);
            return difference;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deleteAll(aside);
        }
    }

    private double writeAdapter(LanguageModel trained, Path aside) {
        Lora lora = trained.adapter();
        if (lora == null) {
            throw Problem.badRequest(
                    folder + " has no adapter.", "Export the whole model with --to merged.");
        }
        lora.save(aside);
        try (Lora again = Lora.load(trained, aside)) {
            return difference(trained, trained.with(again));
        }
    }

    private double writeMerged(LanguageModel trained, Path aside) {
        trained.save(aside);
        tokenizerOwner().copyTokenizer(aside);
        try (LanguageModel again =
                LanguageModel.open(
                        trained.torch(),
                        aside,
                        trained.precision(),
                        LanguageModel.Training.FROZEN)) {
            return difference(trained, again);
        }
    }

    private BaseModel tokenizerOwner() {
        RunDirectory run = new RunDirectory(folder);
        return Files.isRegularFile(run.spec())
                ? BaseModel.of(run.readSpec())
                : BaseModel.folder(folder, Precision.FP32);
    }

    /// What merging may change: the order of float32 sums, or the last bits of bfloat16 weights.
    private static double tolerance(LanguageModel model) {
        return switch (model.precision()) {
            case FLOAT32, FLOAT64 -> 1e-4;
            case BFLOAT16 -> 0.05;
        };
    }

    /// On random tokens: a model must compute the same on any.
    private static double difference(LanguageModel one, LanguageModel other) {
        var random = new SplitMix64(0);
        int[][] ids = new int[ROWS][LENGTH];
        boolean[][] real = new boolean[ROWS][LENGTH];
        for (int row = 0; row < ROWS; row++) {
            Arrays.setAll(ids[row], _ -> random.below(one.config().vocabSize()));
            Arrays.fill(real[row], true);
        }
        double[][][] expected = PaddedLogits.of(one, Adapter.ON, ids, real);
        double[][][] found = PaddedLogits.of(other, Adapter.ON, ids, real);
        double largest = 0;
        double worst = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < LENGTH; i++) {
                for (int v = 0; v < expected[row][i].length; v++) {
                    double gap = Math.abs(expected[row][i][v] - found[row][i][v]);
                    worst = Double.isNaN(gap) ? Double.POSITIVE_INFINITY : Math.max(worst, gap);
                    largest = Math.max(largest, Math.abs(expected[row][i][v]));
                }
            }
        }
        return worst / largest;
    }

    private static void deleteAll(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
