package dev.slimelab.engine.verify;

import dev.slimelab.engine.generate.Generator;
import dev.slimelab.engine.generate.Sampling;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.ConfigJson;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.PaddedLogits;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.model.Safetensors;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecJson;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Forward passes against transformers and PEFT: logits, per-token log-probs, adapters and greedy
/// continuation.
final class ModelCases {
    private static final double LOGITS_TOLERANCE = 1e-4;

    /// Tokens of the first row that the recorded continuations start from.
    private static final int GREEDY_PROMPT = 5;

    private final Torch torch;
    private final Selection selection;

    ModelCases(Torch torch, Selection selection) {
        this.torch = torch;
        this.selection = selection;
    }

    void run(Path models, Consumer<Outcome> outcomes) {
        for (Path folder : Folders.in(models)) {
            String id = "models/" + folder.getFileName();
            if (!selection.includes(id)) {
                continue;
            }
            try {
                run(id, folder, outcomes);
            } catch (Problem problem) {
                outcomes.accept(Outcome.unsupported(id, "logits", problem.what()));
            }
        }
    }

    private void run(String id, Path folder, Consumer<Outcome> outcomes) {
        try (LanguageModel model =
                        LanguageModel.open(
                                torch, folder, Precision.FLOAT32, LanguageModel.Training.FROZEN);
                Safetensors io = Safetensors.open(folder.resolve("io.safetensors"))) {
            outcomes.accept(sameConfig(id, folder));
            Grid right = Grid.read(io, "right");
            double[][][] logits = right.logits(model, Adapter.OFF);
            outcomes.accept(compareLogits(id, "right", right, logits, io, "right.logits"));
            outcomes.accept(compareLogps(id, right, logits, io, "right.per_token_logps"));
            Grid left = Grid.read(io, "left");
            outcomes.accept(
                    compareLogps(
                            id, left, left.logits(model, Adapter.OFF), io, "left.per_token_logps"));
            outcomes.accept(greedy(id, model, right.ids()[0], io));
            for (String adapter : List.of("adapter", "adapter_rslora")) {
                if (Files.isDirectory(folder.resolve(adapter))) {
                    runAdapter(id, folder.resolve(adapter), model, right, io, outcomes);
                }
            }
        }
    }

    private void runAdapter(
            String id,
            Path folder,
            LanguageModel base,
            Grid grid,
            Safetensors io,
            Consumer<Outcome> outcomes) {
        String name = folder.getFileName().toString();
        try (Lora adapter = Lora.load(base, folder)) {
            double[][][] logits = grid.logits(base.with(adapter), Adapter.ON);
            outcomes.accept(compareLogits(id, name, grid, logits, io, name + ".logits"));
            outcomes.accept(compareLogps(id, grid, logits, io, name + ".per_token_logps"));
        }
    }

    /// The two layouts of `config.json` must mean the same model.
    private static Outcome sameConfig(String id, Path folder) {
        Path older = folder.resolve("config.v4.json");
        boolean same =
                !Files.exists(older)
                        || ConfigJson.parse(older.toString(), SpecJson.readTree(older))
                                .equals(ConfigJson.read(folder));
        return Outcome.compared(id + "/config.v4", "config", same ? 0 : 1, 0);
    }

    private static Outcome compareLogits(
            String id, String side, Grid grid, double[][][] ours, Safetensors io, String tensor) {
        float[] theirs = Fixtures.floats(io, tensor);
        int vocabulary = ours[0][0].length;
        Difference difference = new Difference(1);
        for (int row = 0; row < ours.length; row++) {
            for (int i = 0; i < ours[row].length; i++) {
                for (int v = 0; grid.real()[row][i] && v < vocabulary; v++) {
                    difference.add(
                            ours[row][i][v], theirs[(row * ours[row].length + i) * vocabulary + v]);
                }
            }
        }
        return Outcome.compared(
                id + "/" + side + ".logits", "logits", difference.absolute(), LOGITS_TOLERANCE);
    }

    private static Outcome compareLogps(
            String id, Grid grid, double[][][] logits, Safetensors io, String tensor) {
        float[] theirs = Fixtures.floats(io, tensor);
        int length = grid.ids()[0].length;
        Difference difference = new Difference(1);
        for (int row = 0; row < logits.length; row++) {
            for (int i = 1; i < length; i++) {
                if (grid.completion()[row][i]) {
                    difference.add(
                            logSoftmax(logits[row][i - 1], grid.ids()[row][i]),
                            theirs[row * (length - 1) + i - 1]);
                }
            }
        }
        return Outcome.compared(
                id + "/" + tensor, "logps", difference.absolute(), LOGITS_TOLERANCE);
    }

    /// Greedy continuation with the cache; the error is the number of ids that differ.
    private static Outcome greedy(String id, LanguageModel model, int[] row, Safetensors io) {
        int[] expected = Fixtures.flatInts(io, "greedy.ids");
        int[] prompt = Arrays.copyOf(row, GREEDY_PROMPT);
        int[] written =
                new Generator(model, Adapter.OFF)
                        .generate(
                                List.of(prompt),
                                Sampling.greedy(expected.length - GREEDY_PROMPT, Set.of()))
                        .getFirst()
                        .tokens();
        int wrong = expected.length - GREEDY_PROMPT - written.length;
        for (int i = 0; i < written.length; i++) {
            wrong += written[i] == expected[GREEDY_PROMPT + i] ? 0 : 1;
        }
        return Outcome.compared(id + "/greedy.ids", "greedy ids", wrong, 0);
    }

    private static double logSoftmax(double[] logits, int label) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - largest)).sum();
        return logits[label] - largest - Math.log(sum);
    }

    /// A padded batch of a fixture file.
    ///
    /// @param real false at padding
    /// @param completion whether a position's own token is scored
    private record Grid(int[][] ids, boolean[][] real, boolean[][] completion) {
        static Grid read(Safetensors io, String side) {
            return new Grid(
                    Fixtures.ints(io, side + ".input_ids"),
                    Fixtures.booleans(io, side + ".attention_mask"),
                    Fixtures.booleans(io, side + ".completion_mask"));
        }

        double[][][] logits(LanguageModel model, Adapter adapter) {
            return PaddedLogits.of(model, adapter, ids, real);
        }
    }
}
